"""Reads of an audit's findings and their themes, scoped to the person asking."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Integer, Row, Select, bindparam, case, exists, func, or_, select

from qa.accounts.models import Agency
from qa.accounts.permissions import CurrentPerson, Permission
from qa.audits.lifecycle import Stage
from qa.audits.models import Audit, Case
from qa.audits.queries import get_audit, visible_audits
from qa.db import db
from qa.findings.filters import PANEL, WHOLE_CASE, Filters, Sort
from qa.findings.models import FindingTheme, Theme
from qa.frameworks.editions import EditionTree
from qa.frameworks.models import Section
from qa.frameworks.reading import edition_tree
from qa.problems import NotFound
from qa.returns.models import Finding
from qa.returns.vocabulary import FindingKind
from qa.web.paging import PAGE_SIZE, Page

# Statements that are the same from page to page: to put one together takes longer than to ask it.
KEPT_STATEMENTS = 128


class ThemeName(NamedTuple):
    """A theme to choose. own: it belongs to the area, not to the shared library."""

    id: int
    key: str
    name: str
    description: str
    own: bool


class ListedFinding(NamedTuple):
    """A finding in a list. section: its key, None for the whole case. agency: None for the panel's own."""

    id: int
    kind: FindingKind
    text: str
    case_id: int
    case_reference: str
    opened: bool
    section: str | None
    section_title: str
    agency: str | None
    themes: tuple[ThemeName, ...]


class FindingsPage(NamedTuple):
    """A page of an audit's findings. themes: all that its findings can be coded to, by name."""

    audit: Audit
    tree: EditionTree
    page: Page[ListedFinding]
    themes: tuple[ThemeName, ...]

    @property
    def open(self) -> bool:
        """Whether findings may still be coded."""
        return self.audit.stage is not Stage.CLOSED


def findings_page(
    person: CurrentPerson, audit_id: int, filters: Filters, sort: Sort, number: int
) -> FindingsPage:
    """A page of the released findings of an audit, with their themes. number: of the page, from 1.

    Three statements, four when the page is empty. Raises NotFound when the audit is out of reach.
    """
    audit = get_audit(person, audit_id, Permission.FINDINGS_READ)
    tree = edition_tree(audit.edition_id)
    themes = themes_for(audit.area_id)
    total, listing = _statements(filters, sort, _section_id(filters, tree))
    asked = {"audit_id": audit_id, "skip": (number - 1) * PAGE_SIZE}
    rows = db.session.execute(listing, asked).all()
    count = rows[0].extra if rows else (db.session.scalar(total, {"audit_id": audit_id}) or 0)
    return FindingsPage(audit, tree, Page(_gathered(rows, tree, themes), number, count), themes)


THEMES = (
    select(Theme.id, Theme.key, Theme.name, Theme.description, Theme.area_id.is_not(None))
    .where(or_(Theme.area_id.is_(None), Theme.area_id == bindparam("area_id", type_=Integer)))
    .order_by(func.lower(Theme.name), Theme.id)
)


def themes_for(area_id: int) -> tuple[ThemeName, ...]:
    """The themes that findings of an area's audits can be coded to: the shared ones and its own, by name."""
    return tuple(ThemeName(*row) for row in db.session.execute(THEMES, {"area_id": area_id}))


def _section_id(filters: Filters, tree: EditionTree) -> int | None:
    """The number of the section asked for, 0 for none of the edition; None when none is asked for."""
    if not filters.section or filters.section == WHOLE_CASE:
        return None
    return tree.ids.sections.get(filters.section, 0)


@lru_cache(maxsize=KEPT_STATEMENTS)
def _statements(
    filters: Filters, sort: Sort, section_id: int | None
) -> tuple[Select[int], Select[*tuple[Any, ...]]]:
    """How many findings the filters leave, and a page of them; both take audit_id, the page skip as well."""
    wanted = _wanted(filters, section_id)
    total = select(func.count()).select_from(Finding).where(*wanted)
    listed = _ordered(select(Finding.id).where(*wanted), sort)
    listed_ids = listed.limit(PAGE_SIZE).offset(bindparam("skip", type_=Integer)).subquery("listed")
    query = ROWS.add_columns(total.scalar_subquery().label("extra")).join(
        listed_ids, listed_ids.c.id == Finding.id
    )
    return total, _ordered(query, sort)


# A finding of a section that the audit's edition has no more is one of the whole case.
_SECTIONS = (
    select(Section.id)
    .join(Audit, Audit.edition_id == Section.edition_id)
    .where(Audit.id == bindparam("audit_id", type_=Integer))
)


def _wanted(filters: Filters, section_id: int | None) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = [
        Finding.audit_id == bindparam("audit_id", type_=Integer),
        Finding.released.is_(True),
    ]
    if filters.kind:
        wanted.append(Finding.kind == filters.kind)
    if filters.section == WHOLE_CASE:
        wanted.append(or_(Finding.section_id.is_(None), Finding.section_id.not_in(_SECTIONS)))
    elif section_id is not None:
        wanted.append(Finding.section_id == section_id)
    if filters.agency == PANEL:
        wanted.append(Finding.return_id.is_(None))
    elif filters.agency:
        wanted.append(Finding.agency_id == int(filters.agency))
    if filters.theme is not None:
        of_theme = FindingTheme.theme_id == filters.theme
        wanted.append(exists().where(FindingTheme.finding_id == Finding.id, of_theme))
    if filters.uncoded:
        wanted.append(Finding.coded.is_(False))
    if filters.text:
        wanted.append(Finding.text.icontains(filters.text, autoescape=True))
    return wanted


def _ordered(query: Select[Any], sort: Sort) -> Select[Any]:
    if sort is Sort.SECTION:
        query = query.outerjoin(Section, Section.id == Finding.section_id)
        return query.order_by(Finding.section_id.is_(None), Section.position, Finding.id)
    return query.order_by(Finding.id)


# Findings, a row for each of their themes. Put together once: that costs as much as asking it.
ROWS: Select[*tuple[Any, ...]] = (
    select(
        Finding.id,
        Finding.kind,
        Finding.text,
        Finding.case_id,
        Case.reference,
        Case.panel_opened_at.is_not(None).label("opened"),
        Finding.section_id,
        Agency.short_name,
        FindingTheme.theme_id,
    )
    .join(Case, Case.id == Finding.case_id)
    .outerjoin(Agency, Agency.id == Finding.agency_id)
    .outerjoin(FindingTheme, FindingTheme.finding_id == Finding.id)
)


def _gathered(
    rows: Sequence[Row[Any]], tree: EditionTree, themes: Sequence[ThemeName]
) -> list[ListedFinding]:
    places = {theme.id: place for place, theme in enumerate(themes)}
    coded_to: dict[int, list[int]] = {}
    first: dict[int, Row[Any]] = {}
    for row in rows:
        first.setdefault(row.id, row)
        listed = coded_to.setdefault(row.id, [])
        if row.theme_id in places:
            listed.append(places[row.theme_id])
    return [
        _finding(row, tree, tuple(themes[place] for place in sorted(coded_to[number])))
        for number, row in first.items()
    ]


def whole(tree: EditionTree) -> str:
    """What stands for a section where a finding is of none."""
    return "The whole self-assessment" if tree.self_assessment else "The whole case"


def _finding(row: Row[Any], tree: EditionTree, themes: tuple[ThemeName, ...]) -> ListedFinding:
    section = tree.section_keys.get(row.section_id or 0)
    return ListedFinding(
        row.id,
        row.kind,
        row.text,
        row.case_id,
        row.reference,
        bool(row.opened),
        section,
        tree.content.section(section).title if section else whole(tree),
        row.short_name,
        themes,
    )


class FindingPage(NamedTuple):
    """One finding with the themes to choose from; next_uncoded: the number of the next without a theme."""

    audit: Audit
    tree: EditionTree
    finding: ListedFinding
    themes: tuple[ThemeName, ...]
    next_uncoded: int | None

    @property
    def open(self) -> bool:
        """Whether the finding may still be coded."""
        return self.audit.stage is not Stage.CLOSED


def finding_page(person: CurrentPerson, audit_id: int, finding_id: int) -> FindingPage:
    """One released finding of an audit. Raises NotFound."""
    audit = get_audit(person, audit_id, Permission.FINDINGS_READ)
    tree = edition_tree(audit.edition_id)
    themes = themes_for(audit.area_id)
    of_audit = (Finding.audit_id == audit_id, Finding.released.is_(True))
    later = (Finding.id > finding_id, Finding.coded.is_(False))
    following = select(func.min(Finding.id)).where(*of_audit, *later)
    query = ROWS.add_columns(following.scalar_subquery().label("extra")).where(
        *of_audit, Finding.id == finding_id
    )
    rows = db.session.execute(query).all()
    if not rows:
        raise NotFound
    (finding,) = _gathered(rows, tree, themes)
    return FindingPage(audit, tree, finding, themes, rows[0].extra)


class ThemeCount(NamedTuple):
    """How often an audit's findings are coded to a theme; cases: those with such a finding."""

    id: int
    key: str
    name: str
    cases: int
    findings: int
    strengths: int
    areas_for_improvement: int


def theme_counts(
    person: CurrentPerson, audit_id: int, permission: Permission = Permission.FINDINGS_READ
) -> tuple[ThemeCount, ...]:
    """The themes of an audit's released findings, those of most cases first, in one statement.

    permission: what the figures are wanted for. Empty when the audit is out of its reach.
    """
    strengths = func.sum(case((Finding.kind == FindingKind.STRENGTH, 1), else_=0))
    cases = func.count(Finding.case_id.distinct())
    query = (
        select(Theme.id, Theme.key, Theme.name, cases, func.count(), strengths, func.count() - strengths)
        .select_from(Finding)
        .join(FindingTheme, FindingTheme.finding_id == Finding.id)
        .join(Theme, Theme.id == FindingTheme.theme_id)
        .join(Audit, Audit.id == Finding.audit_id)
        .where(Finding.audit_id == audit_id, Finding.released.is_(True), visible_audits(person, permission))
        .group_by(Theme.id, Theme.key, Theme.name)
        .order_by(cases.desc(), func.count().desc(), func.lower(Theme.name))
    )
    return tuple(ThemeCount(*row) for row in db.session.execute(query))


class Uncoded(NamedTuple):
    """How many released findings of an audit have no theme."""

    audit_id: int
    title: str
    findings: int


def uncoded(person: CurrentPerson, most: int = 3) -> list[Uncoded]:
    """The audits at work with findings that have no theme yet, those with most of them first."""
    # Counted audit by audit, from an index alone: joined and grouped it would read every finding's row.
    findings = (
        select(func.count())
        .where(Finding.audit_id == Audit.id, Finding.released.is_(True), Finding.coded.is_(False))
        .correlate(Audit)
        .scalar_subquery()
        .label("findings")
    )
    query = (
        select(Audit.id, Audit.title, findings)
        .where(
            visible_audits(person, Permission.FINDINGS_CODE),
            Audit.stage.in_([Stage.FIELDWORK, Stage.PANEL]),
        )
        .order_by(findings.desc(), Audit.id)
        .limit(most)
    )
    return [Uncoded(*row) for row in db.session.execute(query) if row.findings]
