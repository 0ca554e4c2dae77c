"""Reads of one return: two statements, whatever it holds."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import (
    CompoundSelect,
    Date,
    Integer,
    Numeric,
    Row,
    Select,
    String,
    bindparam,
    cast,
    exists,
    func,
    literal,
    null,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from qa.accounts.models import Agency, Area, Person
from qa.accounts.permissions import CurrentPerson, Facts, Permission, can
from qa.audits.models import Audit, AuditPerson, Case, CaseProfileValue, Return
from qa.db import Base, db
from qa.frameworks.editions import EditionTree
from qa.frameworks.models import Edition, Question, Section
from qa.frameworks.reading import edition_tree
from qa.identifiers.models import NameList
from qa.problems import NotAllowed, NotFound
from qa.returns.decoding import stored_value
from qa.returns.drafts import StoredAnswer, StoredFinding
from qa.returns.models import Answer, AnswerChoice, Finding
from qa.returns.records import Contents, ReturnRecord

# Of the table, not the class: an alias of a class makes SQLAlchemy configure every mapper at the start.
_people = Base.metadata.tables[Person.__tablename__]
_auditor, _submitter = _people.alias("auditor"), _people.alias("submitter")

# The profile travels with the return in one text, "field:option:number:code,...": all of them short keys.
_profile = (
    select(
        func.aggregate_strings(
            func.concat_ws(
                ":",
                cast(CaseProfileValue.field_id, String),
                func.coalesce(cast(CaseProfileValue.option_id, String), ""),
                func.coalesce(cast(CaseProfileValue.number, String), ""),
                func.coalesce(CaseProfileValue.code, ""),
            ),
            ",",
        )
    )
    .where(CaseProfileValue.case_id == Case.id)
    .scalar_subquery()
)

_RETURN = (
    select(
        Return.id,
        Return.version,
        Return.state,
        Return.due_on,
        Return.auditor_id,
        _auditor.c.name,
        Return.not_involved_reason,
        Return.sent_back_reason,
        Return.started_at,
        Return.saved_at,
        Return.submitted_at,
        _submitter.c.name,
        Audit.id,
        Audit.reference,
        Audit.title,
        Audit.stage,
        Audit.area_id,
        Area.name,
        Audit.edition_id,
        Audit.confidential,
        exists().where(AuditPerson.audit_id == Audit.id, AuditPerson.person_id == bindparam("asking")),
        Case.id,
        Case.reference,
        Case.panel_opened_at,
        Agency.id,
        Agency.name,
        Agency.sector,
        _profile,
        Return.second,
        select(NameList.stamp).where(NameList.area_id == Audit.area_id).scalar_subquery(),
    )
    .join(Audit, Audit.id == Return.audit_id)
    .join(Area, Area.id == Audit.area_id)
    .join(Case, Case.id == Return.case_id)
    .join(Agency, Agency.id == Return.agency_id)
    .outerjoin(_auditor, _auditor.c.id == Return.auditor_id)
    .outerjoin(_submitter, _submitter.c.id == Return.submitted_by_id)
    .where(Return.id == bindparam("return_id"))
)
# The audit is locked first, shared: whoever moves it to another stage or edition waits for those who are
# writing answers, and they for that, and then read the audit as it is by then. SQLite has one writer anyway.
_RETURN_LOCKED = _RETURN.suffix_with("FOR SHARE OF audit FOR UPDATE OF case_return", dialect="postgresql")


def get_return(
    person: CurrentPerson, return_id: int, permission: Permission = Permission.RETURNS_READ
) -> ReturnRecord:
    """A return that the person may see, in one statement.

    Raises NotFound when there is none or it is out of reach (before submission: for all but its agency),
    NotAllowed when they may read it but not what the permission says.
    """
    return _checked(person, _load(db.session(), _RETURN, person, return_id), permission)


def lock_return(
    session: Session, person: CurrentPerson, return_id: int, permission: Permission
) -> ReturnRecord:
    """As `get_return`, locking the return until the commit and its audit against change: for commands."""
    return _checked(person, _load(session, _RETURN_LOCKED, person, return_id), permission)


def _load(
    session: Session, query: Select[*tuple[Any, ...]], person: CurrentPerson, return_id: int
) -> ReturnRecord:
    row = session.execute(query, {"return_id": return_id, "asking": person.id}).one_or_none()
    if row is None:
        raise NotFound
    return ReturnRecord(*row)


def _checked(person: CurrentPerson, record: ReturnRecord, permission: Permission) -> ReturnRecord:
    facts = record.facts(person)
    if can(person, permission, facts):
        return record
    if can(person, Permission.RETURNS_READ, facts):
        raise NotAllowed("You can read this return, but only the auditor it was given to can change it.")
    raise NotFound


def get_readable(person: CurrentPerson, return_id: int) -> ReturnRecord:
    """A return to read: within RETURNS_READ, or submitted and on a case whose panel they may read.

    Raises NotFound. One statement; two for another agency on the case.
    """
    record = _load(db.session(), _RETURN, person, return_id)
    facts = record.facts(person)
    if can(person, Permission.RETURNS_READ, facts):
        return record
    if record.state.complete and can(person, Permission.PANEL_READ, _panel_facts(record, facts)):
        return record
    raise NotFound


def _panel_facts(record: ReturnRecord, facts: Facts) -> Facts:
    agencies = db.session.scalars(select(Return.agency_id).where(Return.case_id == record.case_id))
    return Facts(
        area_id=facts.area_id,
        agency_ids=frozenset(agencies),
        panel_open=facts.panel_open,
        named=facts.named,
    )


TICKED = (
    select(func.aggregate_strings(cast(AnswerChoice.option_id, String), ","))
    .where(AnswerChoice.answer_id == Answer.id)
    .scalar_subquery()
)
_ANSWERS = select(
    literal("answer").label("what"),
    Answer.id,
    Answer.question_id.label("of_id"),
    Answer.version,
    Answer.text,
    Answer.evidence,
    Answer.written_from,
    Answer.updated_at,
    Answer.updated_by_id,
    Answer.grade_id,
    Answer.option_id,
    Answer.code,
    Answer.number,
    Answer.day,
    TICKED.label("choices"),
).where(Answer.return_id == bindparam("return_id"))
_FINDINGS = select(
    cast(Finding.kind, String),
    Finding.id,
    Finding.section_id,
    Finding.version,
    Finding.text,
    Finding.origin,
    Finding.written_from,
    Finding.created_at,
    Finding.created_by_id,
    cast(null(), Integer),
    cast(null(), Integer),
    cast(null(), String),
    cast(null(), Numeric(14, 2)),
    cast(null(), Date),
    cast(null(), String),
).where(Finding.return_id == bindparam("return_id"))
_CONTENTS: CompoundSelect[*tuple[Any, ...]] = union_all(_ANSWERS, _FINDINGS)
_CONTENTS_OF_SECTION: CompoundSelect[*tuple[Any, ...]] = union_all(
    _ANSWERS, _FINDINGS.where(Finding.section_id == bindparam("section_id"))
)


def contents(
    return_id: int, tree: EditionTree, section: str | None = None, session: Session | None = None
) -> Contents:
    """Every answer of a return and its findings (of one section, by key, or of all), in one statement.

    One more when it holds answers to questions of other editions, and one for findings of their sections.
    """
    session = session or db.session()
    found: Iterable[Row[*tuple[Any, ...]]]
    if section is None:
        found = session.execute(_CONTENTS, {"return_id": return_id})
    else:
        section_id = tree.ids.sections[section]
        found = session.execute(_CONTENTS_OF_SECTION, {"return_id": return_id, "section_id": section_id})
    answers, findings, elsewhere = {}, [], []
    for row in found:
        if row[0] != "answer":
            findings.append(_finding(row))
        elif row[2] in tree.question_keys:
            answers[tree.question_keys[row[2]]] = _answer(row, tree)
        else:
            elsewhere.append(row)
    findings.sort(key=lambda finding: finding.id)
    earlier = _earlier(session, elsewhere) if elsewhere else ()
    strays = {one.section_id for one in findings if one.section_id is not None} - tree.section_keys.keys()
    return Contents(answers, findings, earlier, sections_of(session, strays) if strays else {})


def sections_of(session: Session, numbers: Iterable[int]) -> dict[int, tuple[int, str]]:
    """Sections of any edition by number: (the edition's number, title). One statement."""
    query = (
        select(Section.id, Edition.number, Section.title)
        .join(Edition, Edition.id == Section.edition_id)
        .where(Section.id.in_(list(numbers)))
    )
    return {number: (edition, title) for number, edition, title in session.execute(query)}


def _earlier(
    session: Session, rows: Sequence[Row[*tuple[Any, ...]]]
) -> tuple[tuple[EditionTree, str, StoredAnswer], ...]:
    """Answers to questions of other editions, in the order of those; one statement."""
    trees = trees_of_questions(session, [row[2] for row in rows])
    placed = sorted(rows, key=lambda row: (trees[row[2]].number, row[2]))
    return tuple(
        (tree, tree.question_keys[row[2]], _answer(row, tree)) for row in placed for tree in (trees[row[2]],)
    )


def trees_of_questions(session: Session, numbers: Iterable[int]) -> dict[int, EditionTree]:
    """The edition of each question, by the question's number. One statement."""
    query = select(Question.id, Question.edition_id).where(Question.id.in_(set(numbers)))
    return {number: edition_tree(edition_id) for number, edition_id in session.execute(query).all()}


def _answer(row: Row[*tuple[Any, ...]], tree: EditionTree) -> StoredAnswer:
    _, _, _, version, text, evidence, written_from, at, by, grade, option, code, number, day, picked = row
    value = stored_value(tree, grade, option, code, number, day, text, picked)
    return StoredAnswer(value, evidence, version, written_from, at, by)


def _finding(row: Row[*tuple[Any, ...]]) -> StoredFinding:
    kind, number, section_id, version, text, origin, written_from, at, by = row[:9]
    return StoredFinding(number, section_id, kind, text, version, written_from, origin, at, by)


def name_of(person_id: int | None) -> str | None:
    """The name of a person; None when there is none."""
    return db.session.scalar(select(Person.name).where(Person.id == person_id)) if person_id else None


def section_keys(held: Contents, tree: EditionTree) -> set[str]:
    """Keys of the sections that have findings."""
    keys = (tree.section_keys.get(one.section_id or 0) for one in held.findings)
    return {key for key in keys if key is not None}
