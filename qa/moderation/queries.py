"""Reads of the panel's page of a case: everything the agencies sent in, side by side."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Row, and_, exists, false, func, or_, select, union_all

from qa.accounts.models import Agency
from qa.accounts.permissions import CurrentPerson, Permission, can, reach
from qa.audits.lifecycle import ReturnState, sent_by
from qa.audits.models import Audit, Case, Return
from qa.audits.queries import case_facts, case_profile, case_query, visible_audits
from qa.audits.queries.reach import as_fact, is_named
from qa.db import db
from qa.feedback.queries import views_at_panel
from qa.feedback.records import Entry
from qa.frameworks.editions import EditionTree
from qa.frameworks.reading import edition_tree
from qa.moderation.board import Agreed, Answered, Board, Noted, Side, build
from qa.moderation.earlier import EarlierOfAgency, SetAside, earlier_of, judgements_and_aside
from qa.moderation.stages import MODERATION_STAGES
from qa.problems import NotFound
from qa.returns.decoding import profile_labels, stored_value
from qa.returns.models import Answer, Finding
from qa.returns.queries import TICKED
from qa.returns.vocabulary import FindingKind

NOT_APPLICABLE = "Not applicable"


class Neighbour(NamedTuple):
    """The case before or after this one."""

    id: int
    reference: str


class PanelCase(NamedTuple):
    """A case as the panel sees it. board: None while it is not open to the panel.

    profile: labels and values, in the framework's order. moderates: the person may open it and agree grades;
    at_work: the audit's stage lets them. earlier, aside: what stays with the case of other editions. views:
    what the child, the family and practitioners said.
    """

    audit: Audit
    case: Case
    name: str
    tree: EditionTree
    moderates: bool
    at_work: bool
    profile: tuple[tuple[str, str], ...] = ()
    board: Board | None = None
    previous: Neighbour | None = None
    next: Neighbour | None = None
    earlier: tuple[EarlierOfAgency, ...] = ()
    aside: tuple[SetAside, ...] = ()
    views: tuple[Entry, ...] = ()

    @property
    def returns(self) -> list[Return]:
        """The returns on the case by agency's name, a second one after the first: everywhere the same."""
        return by_agency(self.case)

    @property
    def not_involved(self) -> list[Return]:
        """Returns of agencies that do not know the child."""
        return [row for row in self.returns if row.state is ReturnState.NOT_INVOLVED]

    @property
    def missing(self) -> list[Return]:
        """Returns that are not in."""
        return [row for row in self.returns if not row.state.complete]

    @property
    def complete(self) -> bool:
        """Whether at least one first return is in, so that there is something to look at."""
        return any(row.state.complete and not row.second for row in self.case.returns)


def by_agency(case: Case) -> list[Return]:
    """The returns on a case by agency's name, a second one after the first."""
    return sorted(case.returns, key=lambda row: (row.agency.name, row.second, row.id))


def panel_head(person: CurrentPerson, audit_id: int, case_id: int) -> PanelCase:
    """A case and its returns, without its board. Raises NotFound when it is out of the person's reach.

    For agencies it is that before it is opened, and where they have no return on it.
    """
    query = case_query(audit_id, case_id).join(Audit, Audit.id == Case.audit_id).add_columns(is_named(person))
    row = db.session.execute(query).unique().one_or_none()
    if row is None:
        raise NotFound
    case: Case = row[0]
    facts = case_facts(case, named=as_fact(case.audit, person, named=row[1]))
    if not can(person, Permission.PANEL_READ, facts):
        raise NotFound
    return PanelCase(
        case.audit,
        case,
        case.agency.name if case.agency else f"Case {case.reference}",
        edition_tree(case.audit.edition_id),
        moderates=can(person, Permission.AUDITS_MODERATE, facts),
        at_work=case.audit.stage in MODERATION_STAGES,
    )


def panel_case(person: CurrentPerson, audit_id: int, case_id: int, *, only_apart: bool = False) -> PanelCase:
    """A case side by side; for a QA lead also one that is not open yet, without its board.

    only_apart: leave out questions whose grades lie less than two apart. Raises NotFound as `panel_head`.
    """
    head = panel_head(person, audit_id, case_id)
    case, tree = head.case, head.tree
    if case.panel_opened_at is None:
        return head
    profile = case_profile(case.id, tree)
    (sides, earlier), findings = _sides(case, tree), _findings(case.id, tree)
    judgements, aside = judgements_by_section(case.id, tree)
    board = build(tree.content, profile, sides, findings, judgements, only_apart=only_apart)
    before, after = _neighbours(person, case, moderates=head.moderates)
    words = tuple(profile_labels(profile, tree))
    shown = head._replace(profile=words, board=board, previous=before, next=after)
    views = () if tree.self_assessment else views_at_panel(case)
    return shown._replace(earlier=earlier, aside=aside, views=views)


def moderated_edition(person: CurrentPerson, audit_id: int) -> EditionTree:
    """The edition of an audit. Raises NotFound when the person may not moderate the audit."""
    query = select(Audit.edition_id).where(
        Audit.id == audit_id, visible_audits(person, Permission.AUDITS_MODERATE)
    )
    edition_id = db.session.scalar(query)
    if edition_id is None:
        raise NotFound
    return edition_tree(edition_id)


def _sides(case: Case, tree: EditionTree) -> tuple[list[Side], tuple[EarlierOfAgency, ...]]:
    """The submitted returns side by side, and what they say in other editions."""
    submitted = [row for row in by_agency(case) if row.state is ReturnState.SUBMITTED]
    answers, strays = answers_by_return([row.id for row in submitted], tree)
    sides = [
        Side(
            row.id,
            row.agency_id,
            row.sent_by,
            sent_by(row.agency.short_name, second=row.second),
            row.agency.sector,
            answers[row.id],
            row.second,
        )
        for row in submitted
    ]
    return sides, earlier_of(strays, {row.id: row.sent_by for row in submitted}, tree.content)


def answers_by_return(
    return_ids: Sequence[int], tree: EditionTree
) -> tuple[Mapping[int, Mapping[str, Answered]], list[Row[Any]]]:
    """Answers by return and question key; and the rows of answers to questions of other editions."""
    query = select(
        Answer.return_id,
        Answer.question_id,
        Answer.evidence,
        Answer.grade_id,
        Answer.option_id,
        Answer.code,
        Answer.number,
        Answer.day,
        Answer.text,
        TICKED,
    ).where(Answer.return_id.in_(return_ids))
    answers: defaultdict[int, dict[str, Answered]] = defaultdict(dict)
    strays = []
    for row in db.session.execute(query):
        return_id, question_id, evidence, *columns = row
        if question_id in tree.question_keys:
            value = stored_value(tree, *columns)
            answers[return_id][tree.question_keys[question_id]] = Answered(value, evidence)
        else:
            strays.append(row)
    return answers, strays


def _findings(case_id: int, tree: EditionTree) -> list[Noted]:
    """Released findings, and those of second returns, which the panel reads here and nowhere else."""
    second = and_(Return.second.is_(True), Return.state == ReturnState.SUBMITTED)
    query = (
        select(Finding.id, Finding.kind, Finding.text, Agency.short_name, Finding.section_id, Return.second)
        .outerjoin(Agency, Agency.id == Finding.agency_id)
        .outerjoin(Return, Return.id == Finding.return_id)
        .where(Finding.case_id == case_id, or_(Finding.released, second))
        .order_by(Finding.agency_id.is_(None), Agency.name, func.coalesce(Return.second, false()), Finding.id)
    )
    return [
        Noted(
            row.id,
            row.kind is FindingKind.STRENGTH,
            row.kind.label,
            row.text,
            sent_by(row.short_name, second=bool(row.second)) if row.short_name else "",
            # A section of another edition has no place of its own here.
            tree.section_keys.get(row.section_id or 0),
        )
        for row in db.session.execute(query)
    ]


def judgements_by_section(
    case_id: int, tree: EditionTree
) -> tuple[dict[str | None, Agreed], tuple[SetAside, ...]]:
    """What the panel agreed, by section key (None: the whole), and what is set aside. One statement."""
    found: dict[str | None, Agreed] = {}
    rows, aside = judgements_and_aside(case_id)
    for section_id, grade_id, reason, decided_at, name, version, *_ in rows:
        section = tree.section_keys[section_id] if section_id is not None else None
        grade = tree.grade(grade_id) if grade_id is not None else None
        found[section] = Agreed(
            grade.key if grade else None,
            grade.label if grade else NOT_APPLICABLE,
            grade.colour.value if grade else "grey",
            reason,
            decided_at,
            name or "",
            version,
        )
    return found, aside


def _neighbours(
    person: CurrentPerson, case: Case, *, moderates: bool
) -> tuple[Neighbour | None, Neighbour | None]:
    within = and_(Case.audit_id == case.audit_id, Case.panel_opened_at.is_not(None))
    if not moderates:
        agencies = reach(person, Permission.PANEL_READ).agencies
        within = and_(within, exists().where(Return.case_id == Case.id, Return.agency_id.in_(agencies)))
    columns = select(Case.id, Case.reference, Case.number).where(within)
    before = columns.where(Case.number < case.number).order_by(Case.number.desc()).limit(1).subquery()
    after = columns.where(Case.number > case.number).order_by(Case.number).limit(1).subquery()
    rows = db.session.execute(union_all(select(before), select(after))).all()
    return _first(row for row in rows if row.number < case.number), _first(
        row for row in rows if row.number > case.number
    )


def _first(rows: Iterable[Row[Any]]) -> Neighbour | None:
    row = next(iter(rows), None)
    return Neighbour(row.id, row.reference) if row else None


class PanelFinding(NamedTuple):
    """A finding of the panel's own. section: its key, None for the whole case."""

    id: int
    kind: FindingKind
    section: str | None
    text: str
    version: int


def panel_finding(person: CurrentPerson, audit_id: int, case_id: int, finding_id: int) -> PanelFinding:
    """One of the panel's own findings on a case. Raises NotFound."""
    query = (
        select(Finding, Audit.edition_id)
        .join(Audit, Audit.id == Finding.audit_id)
        .where(
            Finding.id == finding_id,
            Finding.case_id == case_id,
            Finding.audit_id == audit_id,
            Finding.return_id.is_(None),
            visible_audits(person, Permission.AUDITS_MODERATE),
        )
    )
    found = db.session.execute(query).one_or_none()
    if found is None:
        raise NotFound
    row, edition_id = found
    section = edition_tree(edition_id).section_keys.get(row.section_id or 0)
    return PanelFinding(row.id, row.kind, section, row.text, row.version)
