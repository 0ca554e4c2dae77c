"""What stays with a case of editions that its audit was moved away from: answers, judgements set aside."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, String, cast, null, select, union_all

from qa.accounts.models import Person
from qa.audits.models import EditionMove
from qa.db import db
from qa.frameworks.content import FrameworkContent
from qa.frameworks.editions import EditionTree
from qa.frameworks.models import Edition, Grade, Section
from qa.moderation.models import Judgement, SetAsideJudgement
from qa.returns.decoding import stored_value
from qa.returns.drafts import StoredAnswer
from qa.returns.earlier import EarlierEdition, earlier_editions
from qa.returns.queries import trees_of_questions
from qa.returns.records import Contents


class SetAside(NamedTuple):
    """A judgement that the present edition has no place for. section: "" for the whole case."""

    edition: int
    section: str
    grade: str
    colour: str
    reason: str
    decided_at: datetime
    decided_by: str


class EarlierOfAgency(NamedTuple):
    """What one agency answered in other editions."""

    agency: str
    editions: tuple[EarlierEdition, ...]


def _nothing(column: Any) -> ColumnElement[Any]:
    return cast(null(), column.type)


def _judgements_of(case_id: int) -> Any:
    """Judgements of a case, and those set aside: their edition, section and grade are another's, in words."""
    here, aside = Judgement, SetAsideJudgement
    mine = (
        select(
            here.section_id,
            here.grade_id,
            here.reason,
            here.decided_at,
            Person.name,
            here.version,
            *(_nothing(column) for column in (Edition.number, Section.title, Grade.label)),
            cast(null(), String),
        )
        .outerjoin(Person, Person.id == here.decided_by_id)
        .where(here.case_id == case_id)
    )
    others = (
        select(
            aside.section_id,
            aside.grade_id,
            aside.reason,
            aside.decided_at,
            Person.name,
            aside.version,
            Edition.number,
            Section.title,
            Grade.label,
            Grade.colour,
        )
        .join(EditionMove, EditionMove.id == aside.move_id)
        .join(Edition, Edition.id == EditionMove.from_edition_id)
        .outerjoin(Section, Section.id == aside.section_id)
        .outerjoin(Grade, Grade.id == aside.grade_id)
        .outerjoin(Person, Person.id == aside.decided_by_id)
        .where(aside.case_id == case_id)
    )
    return union_all(mine, others)


def judgements_and_aside(case_id: int) -> tuple[list[Any], tuple[SetAside, ...]]:
    """The rows of a case's judgements (section_id, grade_id, reason, decided_at, name, version), and those
    that are set aside. One statement.
    """
    rows: list[Any] = []
    aside = []
    for row in db.session.execute(_judgements_of(case_id)):
        number, title, label, colour = row[6:]
        if number is None:
            rows.append(row)
        else:
            grade, shade = label or "Not applicable", colour or "grey"
            aside.append(SetAside(number, title or "", grade, shade, row[2], row[3], row[4] or ""))
    return rows, tuple(sorted(aside, key=lambda one: (one.edition, not one.section, one.section)))


def earlier_of(
    strays: Sequence[Any], agencies: Mapping[int, str], content: FrameworkContent
) -> tuple[EarlierOfAgency, ...]:
    """Answers to questions of other editions, agency by agency. agencies: names by the return's number, in
    order; strays: rows of return, question, evidence, and the columns of an answer. One statement if any.
    """
    if not strays:
        return ()
    trees = trees_of_questions(db.session(), [row[1] for row in strays])
    of_return: defaultdict[int, list[tuple[EditionTree, str, StoredAnswer]]] = defaultdict(list)
    for return_id, question_id, evidence, *columns in sorted(strays, key=lambda row: row[1]):
        tree = trees[question_id]
        said = StoredAnswer(stored_value(tree, *columns), evidence, 1)
        of_return[return_id].append((tree, tree.question_keys[question_id], said))
    return tuple(
        EarlierOfAgency(name, earlier_editions(Contents({}, [], tuple(of_return[number])), content))
        for number, name in agencies.items()
        if of_return[number]
    )
