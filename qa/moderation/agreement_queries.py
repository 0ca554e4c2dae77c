"""Reads of agreement: an audit's grades, between two auditors, between agencies, and against the panel's.

Six statements, whatever the number of cases.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import select

from qa.accounts.models import Agency
from qa.accounts.permissions import CurrentPerson, Permission
from qa.accounts.sectors import Sector
from qa.audits.lifecycle import ReturnState
from qa.audits.models import Audit, Case, Return
from qa.audits.queries import audit_profiles, get_audit
from qa.db import db
from qa.frameworks.conditions import visible
from qa.frameworks.content import Question
from qa.frameworks.editions import EditionTree
from qa.frameworks.reading import edition_tree
from qa.moderation.agreement import Agreement, Moved, Pair, Unit, moved, of_several, of_two
from qa.moderation.alpha import ordinal_alpha
from qa.moderation.models import Judgement
from qa.moderation.rollup import grades_in, looked_at

Facts = tuple[Any, ...]


class QuestionAgreement(NamedTuple):
    """How far the grades of one question agree."""

    text: str
    section: str
    auditors: Agreement
    agencies: Agreement


class ScaleAgreement(NamedTuple):
    """How far all grades on one scale agree."""

    name: str
    auditors: Agreement
    agencies: Agreement


class AuditAgreement(NamedTuple):
    """How far an audit's graders agree. twice: pairs of returns on a case by two auditors of one agency.

    not_blind: such pairs that are left out, as one of them came in after the case was opened. cases: those
    with a pair.
    """

    audit: Audit
    tree: EditionTree
    twice: int
    cases: int
    not_blind: int
    scales: Sequence[ScaleAgreement]
    questions: Sequence[QuestionAgreement]
    moved: Sequence[Moved]


class _Row(NamedTuple):
    """A submitted return."""

    id: int
    case_id: int
    agency_id: int
    agency: str
    sector: Sector
    second: bool
    submitted_at: datetime | None
    opened_at: datetime | None

    @property
    def blind(self) -> bool:
        """Whether it came in before the case was opened."""
        if self.opened_at is None or self.submitted_at is None:
            return self.opened_at is None
        return self.submitted_at <= self.opened_at


def agreement_of(person: CurrentPerson, audit_id: int) -> AuditAgreement:
    """How far an audit's graders agree, by its submitted returns. Raises NotFound for all but its QA lead."""
    audit = get_audit(person, audit_id, Permission.AUDITS_MODERATE)
    tree = edition_tree(audit.edition_id)
    rows = _returns(audit_id)
    places = _places(tree, rows, audit_id)
    firsts = [row for row in rows if not row.second]
    pairs = _pairs(rows)
    blind = [pair for pair in pairs if all(row.blind for row in pair)]
    by_case: defaultdict[int, list[_Row]] = defaultdict(list)
    for row in firsts:
        by_case[row.case_id].append(row)
    graded = [question for question in tree.content.questions if question.scale]
    two = {question.key: _of_pairs(blind, places, question) for question in graded}
    several = {question.key: _of_cases(by_case, places, question) for question in graded}
    return AuditAgreement(
        audit,
        tree,
        len(blind),
        len({pair[0].case_id for pair in blind}),
        len(pairs) - len(blind),
        _scales(tree, graded, two, several),
        [
            QuestionAgreement(
                question.text,
                tree.content.section_of(question.key).title,
                of_two(two[question.key], _grades(tree, question), ordinal_alpha),
                of_several(several[question.key], _grades(tree, question), ordinal_alpha),
            )
            for question in graded
            if two[question.key] or any(len(unit) > 1 for unit in several[question.key])
        ],
        _moved(tree, audit_id, firsts, places),
    )


def _returns(audit_id: int) -> list[_Row]:
    query = (
        select(
            Return.id,
            Return.case_id,
            Return.agency_id,
            Agency.short_name,
            Agency.sector,
            Return.second,
            Return.submitted_at,
            Case.panel_opened_at,
        )
        .join(Agency, Agency.id == Return.agency_id)
        .join(Case, Case.id == Return.case_id)
        .where(Return.audit_id == audit_id, Return.state == ReturnState.SUBMITTED)
        .order_by(Agency.name, Return.id)
    )
    return [_Row(*row) for row in db.session.execute(query)]


def _places(tree: EditionTree, rows: Sequence[_Row], audit_id: int) -> dict[int, dict[str, int]]:
    """The place of each grade that was asked for, by return and question."""
    content = tree.content
    submitted = select(Return.id).where(Return.audit_id == audit_id, Return.state == ReturnState.SUBMITTED)
    answers, profiles = grades_in(tree, submitted), audit_profiles(audit_id, tree)
    order = {
        question.key: {grade.key: place for place, grade in enumerate(content.scale(question.scale).grades)}
        for question in content.questions
        if question.scale
    }
    deciding = sorted(looked_at(tree))
    asked: dict[Facts, frozenset[str]] = {}
    found = {}
    for row in rows:
        given, profile = answers.get(row.id, {}), profiles.get(row.case_id, {})
        # Many returns are asked the same questions: worked out once for the same facts.
        said = tuple((key, given[key].value) for key in deciding if key in given)
        facts = (row.sector, tuple(sorted(profile.items())), said)
        if facts not in asked:
            values = {key: answered.value for key, answered in given.items()}
            asked[facts] = frozenset(visible(content, row.sector, profile, values).questions)
        found[row.id] = {
            key: order[key][answered.value.grade]
            for key, answered in given.items()
            if key in order and key in asked[facts] and answered.value and answered.value.grade is not None
        }
    return found


def _pairs(rows: Sequence[_Row]) -> list[tuple[_Row, _Row]]:
    first = {(row.case_id, row.agency_id): row for row in rows if not row.second}
    keyed = ((first.get((row.case_id, row.agency_id)), row) for row in rows if row.second)
    return [(one, row) for one, row in keyed if one is not None]


def _of_pairs(
    pairs: Sequence[tuple[_Row, _Row]], places: Mapping[int, Mapping[str, int]], question: Question
) -> Counter[Pair]:
    given = (tuple(places[row.id].get(question.key) for row in pair) for pair in pairs)
    return Counter((one, other) for one, other in given if one is not None and other is not None)


def _of_cases(
    by_case: Mapping[int, Sequence[_Row]], places: Mapping[int, Mapping[str, int]], question: Question
) -> Counter[Unit]:
    """The grades that agencies gave on a case, the best first, and on how many cases they gave these."""
    return Counter(
        tuple(sorted(place for row in rows if (place := places[row.id].get(question.key)) is not None))
        for rows in by_case.values()
    )


def _grades(tree: EditionTree, question: Question) -> int:
    return len(tree.content.scale(question.scale or "").grades)


def _scales(
    tree: EditionTree,
    graded: Sequence[Question],
    two: Mapping[str, Counter[Pair]],
    several: Mapping[str, Counter[Unit]],
) -> list[ScaleAgreement]:
    """All questions of a scale together, one line a scale that is used."""
    found = []
    for scale in tree.content.scales:
        keys = [question.key for question in graded if question.scale == scale.key]
        pairs, units = Counter[Pair](), Counter[Unit]()
        for key in keys:
            pairs.update(two[key])
            units.update(several[key])
        if pairs or any(len(unit) > 1 for unit in units):
            grades = len(scale.grades)
            auditors, agencies = (
                of_two(pairs, grades, ordinal_alpha),
                of_several(units, grades, ordinal_alpha),
            )
            found.append(ScaleAgreement(scale.name, auditors, agencies))
    return found


def _moved(
    tree: EditionTree, audit_id: int, firsts: Sequence[_Row], places: Mapping[int, Mapping[str, int]]
) -> list[Moved]:
    """How far the panel moved each agency's grades of sections, by the agency's name."""
    order = {grade.key: place for place, grade in enumerate(tree.judgement_scale.grades)}
    query = select(Judgement.case_id, Judgement.section_id, Judgement.grade_id).where(
        Judgement.audit_id == audit_id, Judgement.section_id.is_not(None), Judgement.grade_id.is_not(None)
    )
    agreed: defaultdict[int, dict[str, int]] = defaultdict(dict)
    for case_id, section_id, grade_id in db.session.execute(query):
        question = tree.content.section(tree.section_keys[section_id or 0]).grade_question
        grade = tree.grade(grade_id or 0)
        if question is not None and question.scale == tree.judgement_scale.key:
            agreed[case_id][question.key] = order[grade.key]
    of_agency: defaultdict[str, list[Pair]] = defaultdict(list)
    for row in firsts:
        of_agency[row.agency] += [
            (places[row.id][key], place)
            for key, place in agreed[row.case_id].items()
            if key in places[row.id]
        ]
    return [moved(agency, pairs) for agency, pairs in of_agency.items() if pairs]
