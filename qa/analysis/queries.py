"""Counting an audit: a fixed number of grouped statements, whatever its size."""

from collections import Counter, defaultdict

from sqlalchemy import case, distinct, func, select

from qa.accounts.models import Agency
from qa.accounts.permissions import CurrentPerson, Permission
from qa.analysis.figures import NOT_APPLICABLE, AgencyReturns, AuditFigures, Grades, ThemeFigures
from qa.audits.lifecycle import ReturnState
from qa.audits.models import Audit, Case, Return
from qa.audits.queries import get_audit
from qa.db import db, today
from qa.findings.models import FindingTheme, Theme
from qa.frameworks.editions import EditionTree
from qa.frameworks.reading import edition_tree
from qa.moderation.models import Judgement
from qa.returns.models import Answer, Concern, Finding, FindingKind


def audit_figures(
    person: CurrentPerson, audit_id: int, permission: Permission = Permission.ANALYSIS_READ
) -> tuple[Audit, EditionTree, AuditFigures]:
    """An audit, its edition and its figures, in at most seven statements.

    Raises NotFound when the audit is not within the permission's reach: outside the QA team that means not
    before it is reported.
    """
    audit = get_audit(person, audit_id, permission)
    tree = edition_tree(audit.edition_id)
    return audit, tree, count(audit_id, tree)


def count(audit_id: int, tree: EditionTree) -> AuditFigures:
    """The figures of an audit, whoever asks: the caller has checked."""
    cases, opened, concerns = _cases(audit_id)
    strengths, improvements = _findings(audit_id)
    return AuditFigures(
        cases=cases,
        opened=opened,
        agencies=_returns(audit_id),
        graded=_graded(audit_id, tree),
        agreed=_agreed(audit_id, tree),
        themes=themes_of(audit_id),
        strengths=strengths,
        areas_for_improvement=improvements,
        concerns=concerns,
    )


def _cases(audit_id: int) -> tuple[int, int, int]:
    concerns = select(func.count()).select_from(Concern).where(Concern.audit_id == audit_id)
    row = db.session.execute(
        select(func.count(Case.id), func.count(Case.panel_opened_at), concerns.scalar_subquery()).where(
            Case.audit_id == audit_id
        )
    ).one()
    return row[0], row[1], row[2]


def _returns(audit_id: int) -> tuple[AgencyReturns, ...]:
    open_states = [state for state in ReturnState if not state.complete]
    late = func.sum(case((Return.state.in_(open_states) & (Return.due_on < today()), 1), else_=0))
    query = (
        select(Agency.id, Agency.name, Agency.short_name, Return.state, func.count(), late)
        .join(Return, Return.agency_id == Agency.id)
        .where(Return.audit_id == audit_id)
        .group_by(Agency.id, Agency.name, Agency.short_name, Return.state)
        .order_by(Agency.name, Agency.id)
    )
    names: dict[int, tuple[str, str]] = {}
    states: defaultdict[int, dict[ReturnState, int]] = defaultdict(dict)
    lates: Counter[int] = Counter()
    for agency_id, name, short_name, state, number, late_ones in db.session.execute(query):
        names[agency_id] = (name, short_name)
        states[agency_id][state] = number
        lates[agency_id] += int(late_ones or 0)
    return tuple(
        AgencyReturns(agency_id, name, short_name, states[agency_id], lates[agency_id])
        for agency_id, (name, short_name) in names.items()
    )


def _graded(audit_id: int, tree: EditionTree) -> dict[tuple[str, int], Grades]:
    sections = {
        tree.ids.questions[section.grade_question.key]: section.key
        for section in tree.content.sections
        if section.grade_question
    }
    query = (
        select(Answer.question_id, Return.agency_id, Answer.grade_id, Answer.code, func.count())
        .join(Return, Return.id == Answer.return_id)
        .where(
            Return.audit_id == audit_id,
            Return.state == ReturnState.SUBMITTED,
            Answer.question_id.in_(list(sections)),
        )
        .group_by(Answer.question_id, Return.agency_id, Answer.grade_id, Answer.code)
    )
    graded: defaultdict[tuple[str, int], Grades] = defaultdict(Counter)
    for question_id, agency_id, grade_id, code, number in db.session.execute(query):
        key = tree.grade_keys[grade_id][1] if grade_id is not None else code
        if key is not None:
            graded[sections[question_id], agency_id][key] += number
    return dict(graded)


def _agreed(audit_id: int, tree: EditionTree) -> dict[str | None, Grades]:
    query = (
        select(Judgement.section_id, Judgement.grade_id, func.count())
        .join(Case, Case.id == Judgement.case_id)
        .where(Case.audit_id == audit_id)
        .group_by(Judgement.section_id, Judgement.grade_id)
    )
    agreed: defaultdict[str | None, Grades] = defaultdict(Counter)
    for section_id, grade_id, number in db.session.execute(query):
        section = tree.section_keys[section_id] if section_id is not None else None
        key = tree.grade_keys[grade_id][1] if grade_id is not None else NOT_APPLICABLE
        agreed[section][key] += number
    return dict(agreed)


def themes_of(audit_id: int) -> tuple[ThemeFigures, ...]:
    """Themes of an audit's findings, those seen in most cases first."""
    strengths = func.sum(case((Finding.kind == FindingKind.STRENGTH, 1), else_=0))
    improvements = func.sum(case((Finding.kind == FindingKind.AREA_FOR_IMPROVEMENT, 1), else_=0))
    cases = func.count(distinct(Finding.case_id))
    query = (
        select(Theme.id, Theme.name, cases, func.count(), strengths, improvements)
        .join(FindingTheme, FindingTheme.theme_id == Theme.id)
        .join(Finding, Finding.id == FindingTheme.finding_id)
        .where(Finding.audit_id == audit_id, Finding.released)
        .group_by(Theme.id, Theme.name)
        .order_by(cases.desc(), Theme.name)
    )
    return tuple(ThemeFigures(*row) for row in db.session.execute(query))


def _findings(audit_id: int) -> tuple[int, int]:
    query = (
        select(Finding.kind, func.count())
        .where(Finding.audit_id == audit_id, Finding.released)
        .group_by(Finding.kind)
    )
    counts = {row[0]: row[1] for row in db.session.execute(query)}
    return counts.get(FindingKind.STRENGTH, 0), counts.get(FindingKind.AREA_FOR_IMPROVEMENT, 0)
