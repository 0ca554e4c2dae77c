"""Points the rows of an audit at another edition's, a statement a table; and back, source and target swapped.

Which questions and fields go along is in the tables of the move; sections, grades and choices follow by key.
What does not go along is left as it is, and so belongs to the edition it was written in.
"""

from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from sqlalchemy import (
    CTE,
    ColumnElement,
    Integer,
    Table,
    and_,
    column,
    delete,
    func,
    insert,
    literal,
    select,
    true,
    update,
    values,
)
from sqlalchemy.orm import Session

from qa.audits.models import CarriedField, CarriedQuestion, Case, CaseProfileValue, Return
from qa.db import Base
from qa.frameworks.carrying import same_grades
from qa.frameworks.editions import EditionTree
from qa.frameworks.models import Grade, ProfileOption, QuestionOption, Section
from qa.moderation.models import Judgement, SetAsideJudgement
from qa.returns.models import Answer, AnswerChoice, Finding

_TABLES = Base.metadata.tables


def _table(kind: type[Base]) -> Table:
    return _TABLES[kind.__tablename__]


ANSWER, CHOICE, FINDING, JUDGEMENT, SET_ASIDE, VALUE, CASE = (
    _table(kind)
    for kind in (Answer, AnswerChoice, Finding, Judgement, SetAsideJudgement, CaseProfileValue, Case)
)
NONE = 0  # no row has this number; a NULL equals nothing, and so finds no pair
OF_JUDGEMENT = [column.name for column in JUDGEMENT.columns]


class Step(NamedTuple):
    """From one edition to another, of one audit. back: the move is undone, its tables are read backwards."""

    audit_id: int
    move_id: int
    source: EditionTree
    target: EditionTree
    back: bool = False

    @property
    def judgements_kept(self) -> bool:
        """Whether the panel grades on the same grades in both."""
        return same_grades(self.source.judgement_scale, self.target.judgement_scale)

    @property
    def sections_gone(self) -> list[int]:
        """Numbers of the sections that the target has not."""
        here, there = self.source.ids.sections, self.target.ids.sections
        return [number for key, number in here.items() if key not in there]


def note_carried(session: Session, step: Step, questions: Collection[str], fields: Collection[str]) -> None:
    """Write down which questions and fields go along, by their keys."""
    both = step.source.ids, step.target.ids
    for kind, keys, (here, there) in (
        (CarriedQuestion, questions, (both[0].questions, both[1].questions)),
        (CarriedField, fields, (both[0].fields, both[1].fields)),
    ):
        if keys:
            rows = [{"move_id": step.move_id, **_pair(here, there, key)} for key in keys]
            session.execute(insert(_table(kind)), rows)


def _pair(here: Mapping[str, int], there: Mapping[str, int], key: str) -> dict[str, int]:
    return {"from_id": here[key], "to_id": there[key]}


def repoint(session: Session, step: Step) -> None:
    """Point everything that goes along at the target's rows. The audit itself is the caller's, held by then.

    Every case gets a new version: its profile is asked afresh, and what is counted of it is counted again.
    """
    of_audit = Case.audit_id == step.audit_id
    _lock_in_order(session, CASE, of_audit)
    _choices(session, step)
    _answers(session, step)
    _values(session, step)
    _findings(session, step)
    _judgements(session, step)
    session.execute(update(CASE).where(of_audit).values(version=Case.version + 1))


def _lock_in_order(session: Session, table: Table, which: ColumnElement[bool]) -> None:
    """Lock rows by their numbers, as whoever else takes several; an UPDATE would take them in any order."""
    query = select(table.c.id).where(which).order_by(table.c.id)
    session.execute(query.with_for_update(key_share=True)).all()


class _Way(NamedTuple):
    """A table of what goes along, read in the step's direction."""

    table: Any
    source: ColumnElement[int]
    target: ColumnElement[int]
    of_move: ColumnElement[bool]


def _way(kind: Any, step: Step) -> _Way:
    table = _table(kind).alias("carried")
    ends = (table.c.to_id, table.c.from_id) if step.back else (table.c.from_id, table.c.to_id)
    return _Way(table, *ends, table.c.move_id == step.move_id)


def _returns(step: Step) -> Any:
    return select(Return.id).where(Return.audit_id == step.audit_id)


def _answers(session: Session, step: Step) -> None:
    """By a list of all that an answer can hold, in the statement, as looking each answer up takes longer."""
    pairs = _pairs(session, step)
    if pairs is None:
        return
    session.execute(
        update(ANSWER)
        .where(
            ANSWER.c.question_id == pairs.c.question,
            func.coalesce(ANSWER.c.grade_id, NONE) == pairs.c.grade,
            func.coalesce(ANSWER.c.option_id, NONE) == pairs.c.option,
            ANSWER.c.return_id.in_(_returns(step)),
        )
        .values(
            question_id=pairs.c.to_question,
            grade_id=func.nullif(pairs.c.to_grade, NONE),
            option_id=func.nullif(pairs.c.to_option, NONE),
        )
    )


def _pairs(session: Session, step: Step) -> CTE | None:
    """What an answer to a question that goes along can hold, and what it holds then; None without any."""
    way = _way(CarriedQuestion, step)
    rows = []
    for here, there in session.execute(select(way.source, way.target).where(way.of_move)):
        one, other = (_held(tree, number) for tree, number in ((step.source, here), (step.target, there)))
        rows += [(here, *number, there, *other[key]) for key, number in one.items() if key in other]
    if not rows:
        return None
    names = ("question", "grade", "option", "to_question", "to_grade", "to_option")
    # The numbers stand in the statement, as a database takes so many parameters and no more.
    listed = values(*(column(name, Integer) for name in names), name="listed", literal_binds=True)
    return listed.data(rows).cte("pairs")


def _held(tree: EditionTree, question_id: int) -> dict[tuple[str, str], tuple[int, int]]:
    """Grade and choice that an answer to a question can hold, NONE for neither, by their keys."""
    question = tree.content.question(tree.question_keys[question_id])
    held = {("", ""): (NONE, NONE)}
    for (scale, key), number in tree.ids.grades.items():
        if scale == question.scale:
            held["grade", key] = (number, NONE)
    for (asked, key), number in tree.ids.options.items():
        if asked == question.key:
            held["option", key] = (NONE, number)
    return held


def _same_choice(kind: type[Base], parent: str, number: Any, way: _Way, of: Table) -> Any:
    """The number of the target's choice with the key of the choice of that number."""
    here, there = _table(kind).alias("mine"), _table(kind).alias("theirs")
    return (
        select(there.c.id)
        .select_from(here)
        .join(there, and_(there.c[parent] == way.target, there.c.key == here.c.key))
        .where(here.c.id == number)
        .correlate(of, way.table)
        .scalar_subquery()
    )


def _choices(session: Session, step: Step) -> None:
    """Before the answers themselves: those say which audit a choice is of by their questions."""
    way, option = _way(CarriedQuestion, step), _table(QuestionOption).alias("ticked")
    answers = select(Answer.id).where(
        Answer.return_id.in_(_returns(step)),
        Answer.question_id.in_(select(option.c.question_id).join(way.table, _carries(way, option))),
    )
    session.execute(
        update(CHOICE)
        .where(
            _carries(way, option),
            option.c.id == CHOICE.c.option_id,
            CHOICE.c.answer_id.in_(answers),
        )
        .values(option_id=_same_choice(QuestionOption, "question_id", CHOICE.c.option_id, way, CHOICE))
    )


def _carries(way: _Way, option: Any) -> ColumnElement[bool]:
    return and_(way.of_move, way.source == option.c.question_id)


def _values(session: Session, step: Step) -> None:
    way = _way(CarriedField, step)
    session.execute(
        update(VALUE)
        .where(
            way.of_move,
            way.source == VALUE.c.field_id,
            VALUE.c.case_id.in_(select(Case.id).where(Case.audit_id == step.audit_id)),
        )
        .values(
            field_id=way.target,
            option_id=_same_choice(ProfileOption, "field_id", VALUE.c.option_id, way, VALUE),
        )
    )


def _same_section(step: Step, number: Any, of: Table) -> Any:
    here, there = _table(Section).alias("here"), _table(Section).alias("there")
    return (
        select(there.c.id)
        .select_from(here)
        .join(there, and_(there.c.edition_id == step.target.id, there.c.key == here.c.key))
        .where(here.c.id == number)
        .correlate(of)
        .scalar_subquery()
    )


def _findings(session: Session, step: Step) -> None:
    """A finding of a section that has gone stays with it, and so with the case as a whole."""
    kept = [number for key, number in step.source.ids.sections.items() if key in step.target.ids.sections]
    these = and_(FINDING.c.audit_id == step.audit_id, FINDING.c.section_id.in_(kept))
    _lock_in_order(session, FINDING, these)
    session.execute(
        update(FINDING).where(these).values(section_id=_same_section(step, FINDING.c.section_id, FINDING))
    )


def _judgements(session: Session, step: Step) -> None:
    """Those that have no place in the target are set aside first, when going there."""
    of_audit = JUDGEMENT.c.audit_id == step.audit_id
    if not step.back:
        aside = and_(of_audit, _out_of_place(step))
        columns = [JUDGEMENT.c[name] for name in OF_JUDGEMENT]
        there = select(*columns, literal(step.move_id)).where(aside)
        session.execute(insert(SET_ASIDE).from_select([*OF_JUDGEMENT, "move_id"], there))
        session.execute(delete(JUDGEMENT).where(aside))
    if step.judgements_kept:
        _regrade(session, step, of_audit)
    if step.back:
        _take_up(session, step)


def _out_of_place(step: Step) -> ColumnElement[bool]:
    if not step.judgements_kept:
        return true()
    return JUDGEMENT.c.section_id.in_(step.sections_gone)


def _regrade(session: Session, step: Step, of_audit: ColumnElement[bool]) -> None:
    scale_id = step.target.ids.scales[step.target.judgement_scale.key]
    here, there = _table(Grade).alias("here"), _table(Grade).alias("there")
    grade = (
        select(there.c.id)
        .select_from(here)
        .join(there, and_(there.c.scale_id == scale_id, there.c.key == here.c.key))
        .where(here.c.id == JUDGEMENT.c.grade_id)
        .correlate(JUDGEMENT)
        .scalar_subquery()
    )
    session.execute(
        update(JUDGEMENT)
        .where(of_audit)
        .values(section_id=_same_section(step, JUDGEMENT.c.section_id, JUDGEMENT), grade_id=grade)
    )


def _take_up(session: Session, step: Step) -> None:
    """Judgements that the move set aside are judgements again, under their own numbers where these are free.

    A number may have gone to a judgement agreed since.
    """
    of_move = SET_ASIDE.c.move_id == step.move_id
    taken = SET_ASIDE.c.id.in_(select(JUDGEMENT.c.id))
    own = select(*(SET_ASIDE.c[name] for name in OF_JUDGEMENT)).where(of_move, ~taken)
    # Which numbers were taken is settled before any is given: a fresh one could be one of them.
    others = session.execute(select(SET_ASIDE).where(of_move, taken)).mappings().all()
    session.execute(insert(JUDGEMENT).from_select(OF_JUDGEMENT, own))
    rows = [{name: row[name] for name in OF_JUDGEMENT if name != "id"} for row in others]
    if rows:
        session.execute(insert(JUDGEMENT), rows)
    session.execute(delete(SET_ASIDE).where(of_move))
