"""Writes the rows of a save in bulk: one statement for all answers, whether new or changed."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from qa.accounts.permissions import CurrentPerson
from qa.audits.lifecycle import ReturnState
from qa.audits.models import Return
from qa.db import Base, insert_of
from qa.frameworks.editions import EditionTree
from qa.frameworks.vocabulary import QuestionType
from qa.problems import refused
from qa.returns.comparing import origin
from qa.returns.decoding import columns_of
from qa.returns.drafts import NO_ANSWER, Changes, FormKey
from qa.returns.models import Answer, AnswerChoice, Finding
from qa.returns.records import Contents, ReturnRecord
from qa.returns.vocabulary import FindingKind

_TABLES = Base.metadata.tables
_answer, _choice, _finding = (_TABLES[kind.__tablename__] for kind in (Answer, AnswerChoice, Finding))
_KEY = ("return_id", "question_id")
_SAID = (
    "grade_id",
    "option_id",
    "code",
    "number",
    "day",
    "text",
    "evidence",
    "updated_at",
    "updated_by_id",
    "written_from",
    "version",
)


@cache
def _upsert(dialect: str) -> Any:
    statement = insert_of(dialect)(_answer)
    return statement.on_conflict_do_update(
        index_elements=_KEY, set_={name: statement.excluded[name] for name in _SAID}
    )


_of_question = (
    select(Answer.id)
    .where(Answer.return_id == bindparam("of_return"), Answer.question_id == bindparam("of_question"))
    .scalar_subquery()
)
_UNTICK = delete(_choice).where(
    AnswerChoice.answer_id == _of_question, AnswerChoice.option_id == bindparam("of_option")
)
_TICK = insert(_choice).values(answer_id=_of_question, option_id=bindparam("of_option"))
_REWORD = (
    update(_finding)
    .where(Finding.id == bindparam("of_finding"))
    .values(
        text=bindparam("new_text"), version=bindparam("new_version"), written_from=bindparam("new_writer")
    )
)


def write_answers(
    session: Session,
    person: CurrentPerson,
    record: ReturnRecord,
    tree: EditionTree,
    held: Contents,
    changes: Changes,
    key: FormKey,
    moment: datetime,
) -> None:
    """Write the changed answers: one statement, and up to two more for choices ticked and unticked."""
    rows, ticked, unticked = [], [], []
    for question_key, (value, evidence, version) in changes.answers.items():
        question = tree.content.question(question_key)
        question_id = tree.ids.questions[question_key]
        rows.append(
            {
                "return_id": record.id,
                "question_id": question_id,
                **columns_of(tree, question, value),
                "evidence": evidence,
                "updated_at": moment,
                "updated_by_id": person.id,
                "written_from": str(key),
                "version": version,
            }
        )
        if question.type is QuestionType.SEVERAL_CHOICES:
            before = held.answers.get(question_key, NO_ANSWER).value
            was, will = (set(one.options) if one else set() for one in (before, value))
            place = {"of_return": record.id, "of_question": question_id}
            ticked += [_option(place, tree, question_key, option) for option in sorted(will - was)]
            unticked += [_option(place, tree, question_key, option) for option in sorted(was - will)]
    session.execute(_upsert(session.get_bind().dialect.name), rows)
    if unticked:
        session.execute(_UNTICK, unticked)
    if ticked:
        session.execute(_TICK, ticked)


def _option(place: Mapping[str, int], tree: EditionTree, question: str, option: str) -> dict[str, int]:
    return {**place, "of_option": tree.ids.options[(question, option)]}


def write_findings(
    session: Session,
    person: CurrentPerson,
    record: ReturnRecord,
    section_id: int,
    changes: Changes,
    key: FormKey,
    moment: datetime,
) -> None:
    """Add, reword and remove findings, a statement each.

    Raises Refused when one that is to go is spoken of elsewhere, as in a recommendation.
    """
    if changes.removed:
        try:
            session.execute(delete(_finding).where(Finding.id.in_(changes.removed)))
        except IntegrityError:
            message = "A recommendation rests on a strength or area for improvement that you removed"
            raise refused(f"{message}, so it has to stay. Put it back, then save") from None
    if changes.reworded:
        session.execute(
            _REWORD,
            [
                {"of_finding": number, "new_text": text, "new_version": version, "new_writer": str(key)}
                for number, text, version in changes.reworded
            ],
        )
    if changes.added:
        shared = {
            "audit_id": record.audit_id,
            "case_id": record.case_id,
            "return_id": record.id,
            "section_id": section_id,
            "agency_id": record.agency_id,
            "released": False,
            "created_at": moment,
            "created_by_id": person.id,
            "written_from": str(key),
            "version": 1,
        }
        added = [
            {**shared, "kind": FindingKind(kind), "text": text, "origin": origin(key, ref)}
            for ref, kind, text in changes.added
        ]
        session.execute(insert(_finding), added)


def note_saved(session: Session, record: ReturnRecord, moment: datetime) -> None:
    """Note on the return when it was saved, and that it has been started.

    Its version stays: that counts what is decided about the return, such as who completes it.
    """
    values: dict[str, Any] = {"saved_at": moment}
    if record.state is ReturnState.NOT_STARTED:
        values |= {"state": ReturnState.IN_PROGRESS, "started_at": record.started_at or moment}
    session.execute(update(_TABLES[Return.__tablename__]).where(Return.id == record.id).values(**values))
