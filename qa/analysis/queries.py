"""Counting an audit: four grouped statements, and one for its scores, whatever its size.

Second auditors' returns are in none of it: they measure agreement (decision 11).
"""

from collections import Counter, defaultdict
from typing import Any

from sqlalchemy import Label, Select, case, distinct, func, select, true

from qa.accounts.models import Agency
from qa.accounts.permissions import CurrentPerson, Permission
from qa.accounts.sectors import Sector
from qa.analysis.answer_counts import answers_of
from qa.analysis.figures import AgencyReturns, AuditFigures, ThemeFigures
from qa.analysis.grade_counts import grades_of
from qa.analysis.scores import AuditScores, audit_scores, counted_questions
from qa.analysis.timescale_counts import timescales_of
from qa.analysis.timescales import TimescaleFigures
from qa.audits.lifecycle import ReturnState
from qa.audits.models import Audit, Case, Return
from qa.audits.queries import get_audit
from qa.db import db, today
from qa.findings.models import FindingTheme, Theme
from qa.frameworks.editions import EditionTree
from qa.frameworks.reading import edition_tree
from qa.problems import NotFound
from qa.returns.models import Concern, ConcernState, Finding, FindingKind


def audit_figures(
    person: CurrentPerson, audit_id: int, permission: Permission = Permission.ANALYSIS_READ
) -> tuple[Audit, EditionTree, AuditFigures]:
    """An audit, its edition and its figures, in four statements once the edition is in memory.

    Raises NotFound when the audit is not within the permission's reach: outside the QA team that means not
    before it is reported.
    """
    audit = get_audit(person, audit_id, permission)
    tree = edition_tree(audit.edition_id)
    # Every row has the audit's own counts; there is one row even when no return is allocated.
    rows = db.session.execute(_counts(audit_id)).all()
    agencies, sectors = _agencies(rows)
    given, agreed = grades_of(audit_id, tree, sectors)
    return (
        audit,
        tree,
        AuditFigures(
            cases=rows[0].cases,
            opened=rows[0].opened,
            agencies=agencies,
            given=given,
            agreed=agreed,
            themes=_themes(audit_id),
            strengths=rows[0].strengths,
            areas_for_improvement=rows[0].improvements,
            concerns=rows[0].concerns,
            concerns_closed=rows[0].concerns_closed,
        ),
    )


def scores_of_audit(
    person: CurrentPerson, audit_id: int, section: str | None = None
) -> tuple[Audit, EditionTree, AuditScores]:
    """An audit, its edition and its scores, in two statements once the edition is in memory.

    section: key of the one section to count, instead of all. Raises NotFound as `audit_figures`, and for a
    section that there is not or that has nothing to count.
    """
    audit = get_audit(person, audit_id, Permission.ANALYSIS_READ)
    tree = edition_tree(audit.edition_id)
    content = tree.content
    questions = [
        question
        for question in counted_questions(content)
        if section is None or content.section_of(question.key).key == section
    ]
    if section is not None and not questions:
        raise NotFound
    return audit, tree, audit_scores(content, answers_of(audit_id, tree, questions))


def timescales_of_audit(
    person: CurrentPerson, audit_id: int
) -> tuple[Audit, EditionTree, tuple[TimescaleFigures, ...]]:
    """An audit, its edition and how long what has a timescale took, in two statements.

    Raises NotFound as `audit_figures`.
    """
    audit = get_audit(person, audit_id, Permission.ANALYSIS_READ)
    tree = edition_tree(audit.edition_id)
    return audit, tree, timescales_of(audit_id, tree)


def _counts(audit_id: int) -> Select[*tuple[Any, ...]]:
    """A row for each agency and state of its returns, beside counts of the whole audit."""
    unfinished = [state for state in ReturnState if not state.complete]
    late = case((Return.state.in_(unfinished) & (Return.due_on < today()), 1), else_=0)
    # Counted before they are joined: by numbers from an index, and not by names.
    returns = (
        select(
            Return.agency_id,
            Return.state,
            func.count(Return.id).label("returns"),
            func.sum(late).label("late"),
        )
        .where(Return.audit_id == audit_id, Return.second.is_(False))
        .group_by(Return.agency_id, Return.state)
        .subquery("returns")
    )
    found = (
        select(_of_kind(FindingKind.STRENGTH), _of_kind(FindingKind.AREA_FOR_IMPROVEMENT))
        .where(Finding.audit_id == audit_id, Finding.released.is_(True))
        .subquery("found")
    )
    of_audit = Case.audit_id == audit_id
    concerns = select(func.count(Concern.id)).where(Concern.audit_id == audit_id)
    return (
        select(
            Agency.id,
            Agency.name,
            Agency.sector,
            returns.c.state,
            returns.c.returns,
            returns.c.late,
            select(func.count(Case.id)).where(of_audit).scalar_subquery().label("cases"),
            select(func.count(Case.panel_opened_at)).where(of_audit).scalar_subquery().label("opened"),
            func.coalesce(found.c.strength, 0).label("strengths"),
            func.coalesce(found.c.area_for_improvement, 0).label("improvements"),
            concerns.scalar_subquery().label("concerns"),
            concerns.where(Concern.state == ConcernState.CLOSED).scalar_subquery().label("concerns_closed"),
        )
        .select_from(Audit)
        .join(found, true())
        .outerjoin(returns, true())
        .outerjoin(Agency, Agency.id == returns.c.agency_id)
        .where(Audit.id == audit_id)
        .order_by(Agency.name, Agency.id)
    )


def _of_kind(kind: FindingKind) -> Label[int]:
    return func.sum(case((Finding.kind == kind, 1), else_=0)).label(kind.value)


def _agencies(rows: Any) -> tuple[tuple[AgencyReturns, ...], dict[int, Sector]]:
    """The agencies with a return, by name, and the sector of each."""
    names: dict[int, str] = {}
    sectors: dict[int, Sector] = {}
    states: defaultdict[int, dict[ReturnState, int]] = defaultdict(dict)
    late: Counter[int] = Counter()
    for row in rows:
        if row.id is not None:
            names[row.id], sectors[row.id] = row.name, row.sector
            states[row.id][row.state] = row.returns
            late[row.id] += row.late
    agencies = tuple(AgencyReturns(key, name, states[key], late[key]) for key, name in names.items())
    return agencies, sectors


def _themes(audit_id: int) -> tuple[ThemeFigures, ...]:
    """Themes of an audit's released findings, those seen in most cases first."""
    counted = (
        select(
            FindingTheme.theme_id,
            func.count(distinct(Finding.case_id)).label("cases"),
            func.count().label("findings"),
            _of_kind(FindingKind.STRENGTH),
            _of_kind(FindingKind.AREA_FOR_IMPROVEMENT),
        )
        .join(Finding, Finding.id == FindingTheme.finding_id)
        .where(Finding.audit_id == audit_id, Finding.released.is_(True))
        .group_by(FindingTheme.theme_id)
        .subquery("counted")
    )
    query = (
        select(Theme.id, Theme.name, *list(counted.c)[1:])
        .join(counted, counted.c.theme_id == Theme.id)
        .order_by(counted.c.cases.desc(), counted.c.findings.desc(), Theme.name, Theme.id)
    )
    return tuple(ThemeFigures(*row) for row in db.session.execute(query))
