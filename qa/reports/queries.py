"""Reads for reports: grouped findings, the sample, the draft's words, issued reports."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import distinct, func, select
from sqlalchemy.orm import joinedload, undefer

from qa.accounts.permissions import CurrentPerson, Permission, can
from qa.audits.models import Audit, Case, CaseProfileValue
from qa.audits.queries import audit_facts, visible_audits
from qa.db import db
from qa.frameworks.editions import EditionTree
from qa.problems import NotFound
from qa.reports.models import IssuedReport, ReportDraft
from qa.returns.models import Finding, FindingKind
from qa.web.paging import PAGE_SIZE, Page

SHOWN_FINDINGS = 12
"""How many findings of one kind a section of the report lists; the rest are counted."""


@dataclass(frozen=True, slots=True)
class SectionFindings:
    """Findings of one kind in one section: the commonest texts with their cases, and how many there are."""

    shown: tuple[tuple[str, int], ...]
    texts: int
    findings: int
    cases: int


def findings_by_section(
    audit_id: int, tree: EditionTree
) -> Mapping[tuple[str | None, FindingKind], SectionFindings]:
    """Released findings by (section key or None, kind), in two statements.

    The same words in several cases are one finding with the number of its cases.
    """
    where = (Finding.audit_id == audit_id, Finding.released)
    cases = func.count(distinct(Finding.case_id))
    totals = db.session.execute(
        select(Finding.section_id, Finding.kind, func.count(distinct(Finding.text)), func.count(), cases)
        .where(*where)
        .group_by(Finding.section_id, Finding.kind)
    ).all()
    grouped = (
        select(Finding.section_id, Finding.kind, Finding.text, cases.label("cases"))
        .where(*where)
        .group_by(Finding.section_id, Finding.kind, Finding.text)
        .subquery()
    )
    place = func.row_number().over(
        partition_by=(grouped.c.section_id, grouped.c.kind), order_by=(grouped.c.cases.desc(), grouped.c.text)
    )
    ranked = select(grouped, place.label("place")).subquery()
    shown: defaultdict[tuple[int | None, FindingKind], list[tuple[str, int]]] = defaultdict(list)
    commonest = select(ranked).where(ranked.c.place <= SHOWN_FINDINGS).order_by(ranked.c.place)
    for row in db.session.execute(commonest):
        shown[row.section_id, row.kind].append((row.text, row.cases))
    return {
        (tree.section_keys.get(section_id) if section_id else None, kind): SectionFindings(
            tuple(shown[section_id, kind]), texts, findings, in_cases
        )
        for section_id, kind, texts, findings, in_cases in totals
    }


def profile_counts(audit_id: int, tree: EditionTree) -> Mapping[str, Mapping[str, int]]:
    """How many cases have each choice of each choice field: field key, then option label. One statement."""
    query = (
        select(CaseProfileValue.field_id, CaseProfileValue.option_id, CaseProfileValue.code, func.count())
        .join(Case, Case.id == CaseProfileValue.case_id)
        .where(Case.audit_id == audit_id)
        .group_by(CaseProfileValue.field_id, CaseProfileValue.option_id, CaseProfileValue.code)
    )
    fields = {number: key for key, number in tree.ids.fields.items()}
    options = {number: key for (_, key), number in tree.ids.profile_options.items()}
    counts: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for field_id, option_id, code, number in db.session.execute(query):
        key = options.get(option_id) if option_id else code
        entry = tree.content.profile_field(fields[field_id])
        label = next((choice.label for choice in entry.choices if choice.key == key), None)
        if label:
            counts[entry.key][label] = number
    return {
        entry.key: {choice.label: counts[entry.key].get(choice.label, 0) for choice in entry.choices}
        for entry in tree.content.profile
        if counts.get(entry.key)
    }


def draft_of(audit_id: int) -> ReportDraft | None:
    """The words written for an audit's report, if any."""
    return db.session.get(ReportDraft, audit_id)


def last_number(audit_id: int, kind: str) -> int:
    """The number of the last report of that kind issued for the audit; 0 when there is none."""
    query = select(func.max(IssuedReport.number)).where(
        IssuedReport.audit_id == audit_id, IssuedReport.kind == kind
    )
    return db.session.scalar(query) or 0


def issued_reports(person: CurrentPerson, page: int, *, text: str = "") -> Page[IssuedReport]:
    """Issued reports within reach, newest first, a page of them."""
    where = [visible_audits(person, Permission.REPORTS_READ)]
    if text:
        where.append(IssuedReport.title.icontains(text, autoescape=True))
    query = select(IssuedReport).join(Audit, Audit.id == IssuedReport.audit_id).where(*where)
    total = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    rows = db.session.scalars(
        query.options(joinedload(IssuedReport.audit).joinedload(Audit.area))
        .order_by(IssuedReport.issued_at.desc(), IssuedReport.id.desc())
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    ).all()
    return Page(rows, page, total)


def reports_of(audit_id: int) -> Sequence[IssuedReport]:
    """Reports issued for one audit, newest first; the caller has checked the audit."""
    query = select(IssuedReport).where(IssuedReport.audit_id == audit_id).order_by(IssuedReport.id.desc())
    return db.session.scalars(query).all()


def issued_report(person: CurrentPerson, report_id: int, *, part: str) -> IssuedReport:
    """An issued report with its file (part "content") or its page (part "page") loaded.

    Raises NotFound when there is none within reach.
    """
    column = IssuedReport.content if part == "content" else IssuedReport.page
    report = (
        db.session.scalars(
            select(IssuedReport)
            .where(IssuedReport.id == report_id)
            .options(undefer(column), joinedload(IssuedReport.audit).joinedload(Audit.agencies))
        )
        .unique()
        .one_or_none()
    )
    if report is None or not can(person, Permission.REPORTS_READ, audit_facts(report.audit)):
        raise NotFound("no such report")
    return report
