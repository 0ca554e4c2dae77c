"""Writes audits, cases and returns with their answers, many rows at a time."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, insert

from qa.accounts.models import Person
from qa.audits.lifecycle import ReturnState
from qa.audits.models import Audit, AuditAgency, Case, CaseProfileValue, Return
from qa.demo.answering import Answered
from qa.demo.profiles import Profile, chosen
from qa.demo.scene import Scene
from qa.frameworks.editions import EditionTree
from qa.frameworks.vocabulary import ProfileFieldType
from qa.returns.models import Answer, AnswerChoice

# The table, not the class: nobody needs objects of ten thousand answers, and the class would sort them first.
ANSWERS = cast(Table, Answer.__table__)


@dataclass(slots=True)
class Given:
    """A return with what its auditor answered."""

    row: Return
    agency: str
    auditor: Person | None
    answers: dict[str, Answered] = field(default_factory=dict)

    def place(self, tree: EditionTree, section: str) -> int | None:
        """The place of the grade this agency gave the section; None when it gave none."""
        graded = tree.content.section(section).grade_question
        answer = self.answers.get(graded.key) if graded else None
        return answer.place if answer else None


@dataclass(slots=True)
class Sampled:
    """A case of the sample, how it differs from the usual, and its returns."""

    row: Case
    profile: Profile
    level: float
    returns: list[Given] = field(default_factory=list)

    @property
    def conditions(self) -> dict[str, str]:
        """What conditions look at."""
        return chosen(self.profile)


def add_audit(scene: Scene, agencies: Sequence[str], **values: Any) -> Audit:
    """Write an audit with the agencies that take part, by their keys; values: its columns."""
    audit = Audit(illustrative=True, **values)
    scene.session.add(audit)
    scene.session.flush()
    scene.session.add_all(
        AuditAgency(audit_id=audit.id, agency_id=scene.partnership.agencies[key].id) for key in agencies
    )
    return audit


def add_cases(
    scene: Scene,
    audit: Audit,
    tree: EditionTree,
    profiles: Sequence[tuple[Profile, float]],
    created_at: datetime,
    agencies: Sequence[str] = (),
) -> list[Sampled]:
    """Write the sample with its profiles. agencies: for a self-assessment, whose case each one is."""
    rows = [
        Case(
            audit_id=audit.id,
            number=number,
            reference=scene.partnership.agencies[agencies[number - 1]].short_name
            if agencies
            else f"C{number:03}",
            agency_id=scene.partnership.agencies[agencies[number - 1]].id if agencies else None,
            created_at=created_at,
        )
        for number in range(1, len(profiles) + 1)
    ]
    scene.session.add_all(rows)
    scene.session.flush()
    sample = [Sampled(row, profile, level) for row, (profile, level) in zip(rows, profiles, strict=True)]
    scene.session.execute(
        insert(CaseProfileValue), [value for case in sample for value in _profile_rows(tree, case)]
    )
    return sample


def _profile_rows(tree: EditionTree, case: Sampled) -> Iterable[dict[str, Any]]:
    for key, value in case.profile.items():
        kind = tree.content.profile_field(key).type
        yield {
            "case_id": case.row.id,
            "field_id": tree.ids.fields[key],
            "option_id": tree.ids.profile_options[(key, str(value))]
            if kind is ProfileFieldType.SINGLE_CHOICE
            else None,
            "number": value if kind is ProfileFieldType.NUMBER else None,
            "code": value if kind is ProfileFieldType.YES_NO else None,
        }


def new_return(
    scene: Scene, audit: Audit, case: Sampled, agency: str, auditor: Person | None, **values: Any
) -> Given:
    """A return, not yet written: see `write_returns`."""
    row = Return(
        audit_id=audit.id,
        case_id=case.row.id,
        agency_id=scene.partnership.agencies[agency].id,
        auditor_id=auditor.id if auditor else None,
        **{"due_on": audit.returns_due_on, **values},
    )
    given = Given(row, agency, auditor)
    case.returns.append(given)
    return given


def write_returns(scene: Scene, tree: EditionTree, sample: Iterable[Sampled]) -> None:
    """Write the returns of the cases, and their answers."""
    everything = [given for case in sample for given in case.returns]
    scene.session.add_all(given.row for given in everything)
    scene.session.flush()
    pairs = [(given, answer) for given in everything for answer in given.answers.values()]
    plain = [pair for pair in pairs if not pair[1].value.options]
    ticked = [pair for pair in pairs if pair[1].value.options]
    if plain:
        scene.session.execute(insert(ANSWERS), [_answer_row(tree, *pair) for pair in plain])
    if ticked:
        _write_ticks(scene, tree, ticked)


def _write_ticks(scene: Scene, tree: EditionTree, pairs: Sequence[tuple[Given, Answered]]) -> None:
    numbers = scene.session.scalars(
        insert(ANSWERS).returning(ANSWERS.c.id, sort_by_parameter_order=True),
        [_answer_row(tree, given, answer) for given, answer in pairs],
    ).all()
    scene.session.execute(
        insert(AnswerChoice),
        [
            {"answer_id": number, "option_id": tree.ids.options[(answer.question.key, option)]}
            for number, (_, answer) in zip(numbers, pairs, strict=True)
            for option in answer.value.options
        ],
    )


def _answer_row(tree: EditionTree, given: Given, answer: Answered) -> Mapping[str, Any]:
    question, value = answer.question, answer.value
    option = tree.ids.options.get((question.key, value.option or ""))
    return {
        "return_id": given.row.id,
        "question_id": tree.ids.questions[question.key],
        "grade_id": tree.ids.grades[(question.scale or "", value.grade)] if value.grade else None,
        "option_id": option,
        "code": value.option if option is None else None,
        "number": value.number,
        "day": value.date,
        "text": value.text,
        "evidence": answer.evidence,
        "updated_at": given.row.submitted_at or given.row.saved_at,
        "updated_by_id": given.row.auditor_id,
    }


def submitted(row: Return, started: datetime, at: datetime, by: Person | None, *, reason: str = "") -> None:
    """Make the return complete; reason: why the agency is not involved, if it is not."""
    row.state = ReturnState.NOT_INVOLVED if reason else ReturnState.SUBMITTED
    row.not_involved_reason = reason
    row.started_at, row.saved_at, row.submitted_at = started, at, at
    row.submitted_by_id = by.id if by else None
