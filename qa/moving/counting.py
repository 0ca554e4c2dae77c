"""What an audit holds that a move touches: answers, values, judgements, findings and returns, counted.

Two statements, whatever the size of the frameworks.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from sqlalchemy import CompoundSelect, func, literal, select, union_all
from sqlalchemy.orm import Session

from qa.accounts.models import Agency
from qa.accounts.sectors import Sector
from qa.audits.lifecycle import ReturnState
from qa.audits.models import Case, CaseProfileValue, Return
from qa.frameworks.carrying import differences, withdrawn, withdrawn_options
from qa.frameworks.content import NOT_APPLICABLE
from qa.frameworks.editions import EditionTree
from qa.moderation.models import Judgement
from qa.moving.mapping import Situation
from qa.returns.models import Answer, AnswerChoice, Finding


class Held(NamedTuple):
    """What an audit holds, by the number of the row it points at. judgements: under None of whole cases;
    submitted: returns by sector.
    """

    answers: Mapping[int, int]
    values: Mapping[int, int]
    judgements: Mapping[int | None, int]
    findings: Mapping[int | None, int]
    submitted: Mapping[Sector, int]


def held_by(session: Session, audit_id: int) -> Held:
    """Everything that points at rows of an edition, counted in one statement."""
    of_audit = Return.audit_id == audit_id
    count = func.count()
    query: CompoundSelect[*tuple[Any, ...]] = union_all(
        select(literal("answer"), Answer.question_id, count)
        .join(Return, Return.id == Answer.return_id)
        .where(of_audit)
        .group_by(Answer.question_id),
        select(literal("value"), CaseProfileValue.field_id, count)
        .join(Case, Case.id == CaseProfileValue.case_id)
        .where(Case.audit_id == audit_id)
        .group_by(CaseProfileValue.field_id),
        select(literal("judgement"), Judgement.section_id, count)
        .where(Judgement.audit_id == audit_id)
        .group_by(Judgement.section_id),
        select(literal("finding"), Finding.section_id, count)
        .where(Finding.audit_id == audit_id)
        .group_by(Finding.section_id),
        select(literal("agency"), Return.agency_id, count)
        .where(of_audit, Return.state == ReturnState.SUBMITTED)
        .group_by(Return.agency_id),
    )
    found: defaultdict[str, dict[Any, int]] = defaultdict(dict)
    for what, number, how_many in session.execute(query):
        found[what][number] = how_many
    submitted: defaultdict[Sector, int] = defaultdict(int)
    if found["agency"]:
        sectors = select(Agency.id, Agency.sector).where(Agency.id.in_(list(found["agency"])))
        for number, sector in session.execute(sectors):
            submitted[sector] += found["agency"][number]
    return Held(found["answer"], found["value"], found["judgement"], found["finding"], dict(submitted))


def situation(
    session: Session, audit_id: int, source: EditionTree, target: EditionTree, held: Held
) -> Situation:
    """What of it decides whether answers can be kept; one statement when anything is offered no more."""
    given, field_given = given_and_withdrawn(session, audit_id, source, target)
    return Situation(
        given,
        frozenset(key for key, number in target.ids.questions.items() if number in held.answers),
        field_given,
        frozenset(key for key, number in target.ids.fields.items() if number in held.values),
    )


Keys = Mapping[str, Collection[str]]


def given_and_withdrawn(
    session: Session,
    audit_id: int,
    source: EditionTree,
    target: EditionTree,
    among: Collection[str] | None = None,
) -> tuple[Keys, Keys]:
    """By question key and by field key: answers that were given in the source and the target does not offer.

    among: keys of the questions looked at, all that could go along when left out.
    """
    options, graded = _withdrawn_answers(source, target, among)
    choices = _withdrawn_choices(source, target)
    parts = []
    if options:
        of_question = Answer.question_id.in_({source.ids.questions[key] for key, _ in options.values()})
        parts += [
            _given("option", Answer.option_id, audit_id).where(of_question, Answer.option_id.in_(options)),
            _given("option", AnswerChoice.option_id, audit_id)
            .join(AnswerChoice, AnswerChoice.answer_id == Answer.id)
            .where(of_question, AnswerChoice.option_id.in_(options)),
        ]
    if graded:
        none = Answer.code == NOT_APPLICABLE
        parts.append(
            _given("question", Answer.question_id, audit_id).where(none, Answer.question_id.in_(graded))
        )
    if choices:
        parts.append(
            select(literal("choice"), CaseProfileValue.option_id)
            .join(Case, Case.id == CaseProfileValue.case_id)
            .where(Case.audit_id == audit_id, CaseProfileValue.option_id.in_(choices))
            .distinct()
        )
    answers: defaultdict[str, set[str]] = defaultdict(set)
    fields: defaultdict[str, set[str]] = defaultdict(set)
    for what, number in session.execute(union_all(*parts)) if parts else ():
        if what == "choice":
            fields[choices[number][0]].add(choices[number][1])
        elif what == "question":
            answers[graded[number]].add(NOT_APPLICABLE)
        else:
            answers[options[number][0]].add(options[number][1])
    return dict(answers), dict(fields)


def _given(what: str, column: Any, audit_id: int) -> Any:
    return (
        select(literal(what), column)
        .select_from(Answer)
        .join(Return, Return.id == Answer.return_id)
        .where(Return.audit_id == audit_id)
        .distinct()
    )


def _withdrawn_answers(
    source: EditionTree, target: EditionTree, among: Collection[str] | None
) -> tuple[dict[int, tuple[str, str]], dict[int, str]]:
    """Withdrawn choices by number, as (question key, choice key); questions that lost "Not applicable"."""
    options: dict[int, tuple[str, str]] = {}
    graded: dict[int, str] = {}
    before, after = source.content, target.content
    for question in before.questions:
        there = target.ids.questions.get(question.key)
        if there is None or (among is not None and question.key not in among):
            continue
        new = after.question(question.key)
        if any(differences(question, new, before, after)) and among is None:
            continue
        for key in withdrawn(question, new, before, after):
            number = source.ids.options.get((question.key, key))
            if number is not None:
                options[number] = (question.key, key)
            else:
                graded[source.ids.questions[question.key]] = question.key
    return options, graded


def _withdrawn_choices(source: EditionTree, target: EditionTree) -> dict[int, tuple[str, str]]:
    after = {field.key: field for field in target.content.profile}
    return {
        source.ids.profile_options[field.key, key]: (field.key, key)
        for field in source.content.profile
        if field.key in after and after[field.key].type is field.type
        for key in withdrawn_options(field, after[field.key])
    }
