"""What a QA lead does to audits: plan, move on, add cases, allocate returns."""

from qa.audits.commands.allocating import add_return, allocate, assign, remove_returns, share_out
from qa.audits.commands.allotting import allot_returns, propose
from qa.audits.commands.cases import add_case, edit_case, remove_case
from qa.audits.commands.doubling import add_seconds
from qa.audits.commands.many_cases import add_agencies, import_cases
from qa.audits.commands.planning import create_audit, edit_audit
from qa.audits.commands.stages import change_stage

__all__ = [
    "add_agencies",
    "add_case",
    "add_return",
    "add_seconds",
    "allocate",
    "allot_returns",
    "assign",
    "change_stage",
    "create_audit",
    "edit_audit",
    "edit_case",
    "import_cases",
    "propose",
    "remove_case",
    "remove_returns",
    "share_out",
]
