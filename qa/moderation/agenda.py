"""The panel's agenda: an audit's cases, how far their returns are, and how far the grades lie apart."""

from typing import Any, NamedTuple

from sqlalchemy import Row, func, select

from qa.accounts.permissions import CurrentPerson, Permission, can, reach
from qa.audits.models import Audit, Case
from qa.audits.queries import audit_facts, get_audit, ready_for_panel, visible_audits
from qa.db import db
from qa.frameworks.content import Grade
from qa.frameworks.editions import EditionTree
from qa.frameworks.reading import edition_tree
from qa.moderation.listing import counting, listing, opened, walking
from qa.moderation.models import Judgement
from qa.moderation.rollup import bring_up_to_date
from qa.moderation.showing import Order, Show
from qa.moderation.stages import MODERATION_STAGES
from qa.web.paging import PAGE_SIZE, Page


class AgendaRow(NamedTuple):
    """A case on the agenda. complete of returns are in. spread: largest distance between two grades of one
    question, None when nothing compares; apart: questions with grades two or more apart. agreed: sections
    with an agreed grade; judged: the whole case has one, grade, or None for "not applicable".
    """

    id: int
    reference: str
    agency: str | None
    complete: int
    returns: int
    opened: bool
    spread: int | None
    apart: int
    agreed: int
    judged: bool
    grade: Grade | None


class Agenda(NamedTuple):
    """A page of the agenda. counts: cases by filter. ready: cases not open yet with every return in.

    moderates: the person may open cases; at_work: the audit's stage lets them.
    """

    audit: Audit
    self_assessment: bool
    page: Page[AgendaRow]
    counts: dict[Show, int]
    ready: int
    moderates: bool
    at_work: bool


def agenda(person: CurrentPerson, audit_id: int, show: Show, order: Order, number: int) -> Agenda:
    """A page of the audit's cases for the panel. number: of the page, from 1.

    A QA lead sees every case; an agency those that are open and that it has a return on. Raises NotFound
    when the audit is out of reach. At most five statements whatever the number of cases, three more when
    returns have come in since the last time.
    """
    bring_up_to_date(audit_id)
    audit = get_audit(person, audit_id, Permission.PANEL_READ)
    moderates = can(person, Permission.AUDITS_MODERATE, audit_facts(audit))
    given: dict[str, Any] = {"audit_id": audit_id}
    if not moderates:
        given["agencies"] = sorted(reach(person, Permission.PANEL_READ).agencies)
    found = db.session.execute(counting(everything=moderates), given).one()._mapping
    if not found.get("every", True):
        found = db.session.execute(walking(), given).one()._mapping
    counts: dict[Show, int] = {each: found.get(each.value, 0) for each in Show}
    # Every case with an overall grade is open: the others are what is left.
    counts[Show.OPENED] = counts[Show.ALL] - counts[Show.NOT_OPENED] - counts[Show.JUDGED]
    tree = edition_tree(audit.edition_id)
    query = listing(show, order, everything=moderates)
    asked = {**given, "skip": (number - 1) * PAGE_SIZE}
    rows = db.session.execute(query, asked).all() if counts[show] else []
    page = Page([_row(row, tree) for row in rows], number, counts[show])
    at_work = audit.stage in MODERATION_STAGES
    return Agenda(audit, tree.self_assessment, page, counts, found.get("ready", 0), moderates, at_work)


class ReadyToOpen(NamedTuple):
    """How many cases of an audit are not open yet with every return in, and as for `Agenda`."""

    audit: Audit
    self_assessment: bool
    cases: int
    at_work: bool


def ready_to_open(person: CurrentPerson, audit_id: int) -> ReadyToOpen:
    """What opening all complete cases would open. Raises NotFound for all but the audit's QA lead."""
    audit = get_audit(person, audit_id, Permission.AUDITS_MODERATE)
    cases = db.session.scalar(
        select(func.count()).select_from(Case).where(Case.audit_id == audit_id, ready_for_panel)
    )
    tree = edition_tree(audit.edition_id)
    return ReadyToOpen(audit, tree.self_assessment, cases or 0, audit.stage in MODERATION_STAGES)


def _row(row: Row[Any], tree: EditionTree) -> AgendaRow:
    return AgendaRow(
        row.id,
        row.reference,
        row.name,
        row.complete,
        row.returns,
        bool(row.opened),
        row.spread,
        row.apart or 0,
        row.agreed,
        row.judgement is not None,
        tree.grade(row.grade_id) if row.grade_id is not None else None,
    )


class Waiting(NamedTuple):
    """How many open cases of an audit have no overall grade yet."""

    audit_id: int
    title: str
    cases: int


def waiting(person: CurrentPerson, most: int = 3) -> list[Waiting]:
    """The audits at work with open cases and no overall grade agreed, those with most such cases first."""
    # Every case with an overall grade is open: the others are what is left, and both are read from an index.
    open_cases = select(func.count()).where(Case.audit_id == Audit.id, opened)
    graded = select(func.count()).where(Judgement.audit_id == Audit.id, Judgement.section_id.is_(None))
    cases = open_cases.correlate(Audit).scalar_subquery() - graded.correlate(Audit).scalar_subquery()
    query = (
        select(Audit.id, Audit.title, cases.label("cases"))
        .where(visible_audits(person, Permission.AUDITS_MODERATE), Audit.stage.in_(MODERATION_STAGES))
        .order_by(cases.desc(), Audit.id)
        .limit(most)
    )
    return [Waiting(*row) for row in db.session.execute(query) if row.cases]
