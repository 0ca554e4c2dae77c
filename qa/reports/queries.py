"""Reads for reports: grouped findings, the sample, what was written, the register of issued ones."""

from collections import defaultdict
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, distinct, func, null, or_, select
from sqlalchemy.orm.attributes import InstrumentedAttribute

from qa.accounts.models import Area
from qa.accounts.permissions import CurrentPerson, Permission
from qa.audits.models import Audit, Case, CaseProfileValue
from qa.audits.queries import visible_audits
from qa.audits.sampling.methods import method_lines, sampled_in
from qa.db import db
from qa.feedback.counting import counted_beside, read_views, views_statement
from qa.feedback.records import Quotes, ViewsFigures
from qa.frameworks.editions import EditionTree
from qa.problems import NotFound
from qa.reports.models import IssuedReport, ReportDraft
from qa.reports.records import (
    KIND,
    Desk,
    Findings,
    IssuedVersion,
    KeptReport,
    ListedReport,
    Sample,
    SectionFindings,
    Words,
)
from qa.returns.models import Finding, FindingKind
from qa.web.paging import PAGE_SIZE, Page

PROFILE = "profile"
SHOWN_FINDINGS = 12
"""How many findings of one kind a section of the report lists; the rest are counted."""


def findings_by_section(audit_id: int, tree: EditionTree) -> Findings:
    """Released findings by section and kind, in one statement.

    The same words in several cases are one finding with the number of its cases.
    """
    shown: defaultdict[tuple[str | None, FindingKind], list[tuple[str, int]]] = defaultdict(list)
    sums: dict[tuple[str | None, FindingKind], tuple[int, int, int]] = {}
    rows = db.session.execute(_commonest(audit_id, Finding.section_id)).all()
    if {row.of_section for row in rows} - {None, *tree.section_keys}:
        # Of sections that the edition has no more: those are counted with the whole case.
        here = case((Finding.section_id.in_(tree.section_keys), Finding.section_id), else_=null())
        rows = db.session.execute(_commonest(audit_id, here)).all()
    for row in rows:
        key = (tree.section_keys[row.of_section] if row.of_section is not None else None, row.kind)
        shown[key].append((row.text, row.cases))
        sums[key] = (row.texts, row.findings, row.in_cases)
    return {key: SectionFindings(tuple(shown[key]), *counts) for key, counts in sums.items()}


def _commonest(audit_id: int, section: Any) -> Select[*tuple[Any, ...]]:
    """The texts seen in most cases, the first few of each section and kind, beside the counts of all."""
    of_audit = (Finding.audit_id == audit_id, Finding.released.is_(True))
    cases = func.count(distinct(Finding.case_id))
    part = (section.label("of_section"), Finding.kind)
    totals = (
        select(*part, func.count().label("findings"), cases.label("in_cases"))
        .where(*of_audit)
        .group_by(*part)
        .subquery("totals")
    )
    texts = (
        select(*part, Finding.text, cases.label("cases"))
        .where(*of_audit)
        .group_by(*part, Finding.text)
        .subquery("texts")
    )
    apart = (texts.c.of_section, texts.c.kind)
    place = func.row_number().over(partition_by=apart, order_by=(texts.c.cases.desc(), texts.c.text))
    ranked = select(
        texts, place.label("place"), func.count().over(partition_by=apart).label("texts")
    ).subquery("ranked")
    same_part = and_(
        ranked.c.of_section.is_not_distinct_from(totals.c.of_section), ranked.c.kind == totals.c.kind
    )
    return (
        select(ranked, totals.c.findings, totals.c.in_cases)
        .join(totals, same_part)
        .where(ranked.c.place <= SHOWN_FINDINGS)
        .order_by(ranked.c.place)
    )


def sample_and_views(
    audit_id: int, tree: EditionTree, cases: int
) -> tuple[Sample, tuple[ViewsFigures, Quotes]]:
    """How many cases have each answer to each field that has answers to choose from, and what was said.

    Fields that no case has a value for are left out. cases: how many the audit has. One statement for both.
    """
    value = CaseProfileValue
    profile = (
        counted_beside(PROFILE, value.code, value.field_id, value.option_id)
        .select_from(value)
        .join(Case, Case.id == value.case_id)
        .where(Case.audit_id == audit_id)
        .group_by(value.field_id, value.option_id, value.code)
    )
    rows = db.session.execute(views_statement(audit_id, profile)).all()
    return _profile_counts([row for row in rows if row.what == PROFILE], tree), read_views(rows, cases)


def _profile_counts(rows: Any, tree: EditionTree) -> Sample:
    fields = {number: key for key, number in tree.ids.fields.items()}
    options = {number: key for (_, key), number in tree.ids.profile_options.items()}
    counts: defaultdict[str, dict[str | None, int]] = defaultdict(dict)
    for _, code, field_id, option_id, number, *_ in rows:
        if field_id not in fields:
            continue  # of another edition
        counts[fields[field_id]][code if option_id is None else options[int(option_id)]] = number
    return {
        field.key: {choice.label: counts[field.key].get(choice.key, 0) for choice in field.choices}
        for field in tree.content.profile
        if field.choices and field.key in counts
    }


def desk_of(audit_id: int) -> Desk:
    """What was written for an audit's report, the versions issued, and how its samples were drawn; the caller
    checks. One statement.
    """
    # Beside the first version alone: each line of the samples comes once.
    lines = method_lines(audit_id)
    first = or_(IssuedReport.number.is_(None), IssuedReport.number == 1)
    rows = db.session.execute(
        select(
            ReportDraft.executive_summary,
            ReportDraft.method_note,
            ReportDraft.protective_marking,
            ReportDraft.counts_concerns,
            ReportDraft.version,
            IssuedReport.id,
            IssuedReport.number,
            IssuedReport.issued_at,
            *(column for column in lines.c if column.key != "audit_id"),
        )
        .select_from(Audit)
        .outerjoin(ReportDraft, ReportDraft.audit_id == Audit.id)
        .outerjoin(IssuedReport, and_(IssuedReport.audit_id == Audit.id, IssuedReport.kind == KIND))
        .outerjoin(lines, and_(lines.c.audit_id == Audit.id, first))
        .where(Audit.id == audit_id)
        .order_by(IssuedReport.number.desc())
    ).all()
    written = [row for row in rows if row.version is not None]
    words = Words(*written[0][:5]) if written else Words()
    issued = {row.id: IssuedVersion(*row[5:8]) for row in rows if row.id is not None}
    return Desk(words, list(issued.values()), [one.method for one in sampled_in(rows).values()])


def issued_reports(person: CurrentPerson, page: int, *, text: str = "") -> Page[ListedReport]:
    """Issued reports within reach, newest first, a page of them. text: left with those whose title has it."""
    where = [visible_audits(person, Permission.REPORTS_READ)]
    if text:
        where.append(IssuedReport.title.icontains(text, autoescape=True))
    query = (
        select(
            IssuedReport.id,
            IssuedReport.title,
            IssuedReport.kind,
            IssuedReport.number,
            Area.name,
            Audit.reference,
            IssuedReport.issued_at,
            IssuedReport.size,
        )
        .join(Audit, Audit.id == IssuedReport.audit_id)
        .join(Area, Area.id == Audit.area_id)
        .where(*where)
        .order_by(IssuedReport.issued_at.desc(), IssuedReport.id.desc())
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    )
    rows = db.session.execute(query).all()
    return Page([ListedReport(*row) for row in rows], page, _counted(where))


def number_of_reports(person: CurrentPerson) -> int:
    """How many issued reports are within reach."""
    return _counted([visible_audits(person, Permission.REPORTS_READ)])


def _counted(where: list[ColumnElement[bool]]) -> int:
    query = select(func.count(IssuedReport.id)).join(Audit, Audit.id == IssuedReport.audit_id).where(*where)
    return db.session.scalar(query) or 0


def issued_page(person: CurrentPerson, report_id: int) -> KeptReport:
    """An issued report with its web page. Raises NotFound out of reach."""
    return _issued(person, report_id, IssuedReport.page)


def issued_file(person: CurrentPerson, report_id: int) -> KeptReport:
    """An issued report with its PDF. Raises NotFound out of reach."""
    return _issued(person, report_id, IssuedReport.content)


def _issued(person: CurrentPerson, report_id: int, part: InstrumentedAttribute[Any]) -> KeptReport:
    row = db.session.execute(
        select(
            IssuedReport.id,
            IssuedReport.audit_id,
            IssuedReport.area_id,
            Audit.reference,
            IssuedReport.kind,
            IssuedReport.number,
            IssuedReport.title,
            IssuedReport.issued_at,
            visible_audits(person, Permission.ANALYSIS_READ),
            part,
        )
        .join(Audit, Audit.id == IssuedReport.audit_id)
        .where(IssuedReport.id == report_id, visible_audits(person, Permission.REPORTS_READ))
    ).one_or_none()
    if row is None:
        raise NotFound
    *known, kept = row
    return KeptReport(*known, **{part.key: kept})


def audit_called(reference: str) -> tuple[int, int, bool] | None:
    """Number, area and whether it is confidential, of the audit with that reference; None: there is none."""
    query = select(Audit.id, Audit.area_id, Audit.confidential).where(Audit.reference == reference)
    row = db.session.execute(query).one_or_none()
    return (row.id, row.area_id, row.confidential) if row else None
