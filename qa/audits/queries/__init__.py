"""Reads of audits and cases, scoped to the person asking. What later capabilities use is named here."""

from qa.audits.queries.counting import ready_for_panel
from qa.audits.queries.reach import (
    agencies_of,
    audit_facts,
    audit_profiles,
    case_facts,
    case_profile,
    case_profiles,
    case_query,
    get_audit,
    get_case,
    named_on,
    visible_audits,
)

__all__ = [
    "agencies_of",
    "audit_facts",
    "audit_profiles",
    "case_facts",
    "case_profile",
    "case_profiles",
    "case_query",
    "get_audit",
    "get_case",
    "named_on",
    "ready_for_panel",
    "visible_audits",
]
