"""Frameworks, their editions, and everything an edition consists of: rows, so that answers can be counted."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from qa.accounts.models import Area, Person
from qa.db import Base, UtcDateTime, words
from qa.frameworks.states import EditionState


class Framework(Base):
    """A named audit tool. area_id None: shared by all areas."""

    __tablename__ = "framework"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(60), unique=True)
    area_id: Mapped[int | None] = mapped_column(ForeignKey(Area.id))


class Edition(Base):
    """One version of a framework."""

    __tablename__ = "edition"

    id: Mapped[int] = mapped_column(primary_key=True)
    framework_id: Mapped[int] = mapped_column(ForeignKey(Framework.id))
    number: Mapped[int]
    state: Mapped[EditionState] = mapped_column(words(EditionState, "state"), default=EditionState.DRAFT)
    name: Mapped[str] = mapped_column(String(160))
    summary: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(String(40))
    method: Mapped[str] = mapped_column(String(40))
    judgement_scale: Mapped[str] = mapped_column(String(60))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey(Person.id))
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (UniqueConstraint("framework_id", "number"),)
    __mapper_args__ = {"version_id_col": version}


class Draft(Base):
    """What a draft edition says, as one document (JSON in the shape of a framework's file).

    Its rows are written when it is published: until then it may break any rule. The
    edition's version counts the changes.
    """

    __tablename__ = "draft"

    edition_id: Mapped[int] = mapped_column(ForeignKey(Edition.id, ondelete="CASCADE"), primary_key=True)
    document: Mapped[str] = mapped_column(Text)
    sections: Mapped[int]
    questions: Mapped[int]
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey(Person.id))


class DraftRevision(Base):
    """What a draft said before one change: the last few are kept, so that a change can be taken back.

    change: what the change did, in words ("Deleted the question about consent").
    """

    __tablename__ = "draft_revision"

    edition_id: Mapped[int] = mapped_column(ForeignKey(Edition.id, ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    document: Mapped[str] = mapped_column(Text)
    change: Mapped[str] = mapped_column(String(200))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey(Person.id))


class EditionSource(Base):
    """A piece of guidance that an edition rests on."""

    __tablename__ = "edition_source"

    edition_id: Mapped[int] = mapped_column(ForeignKey(Edition.id, ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(Text)


class Scale(Base):
    """A scale of grades. not_applicable: whether that answer is offered besides."""

    __tablename__ = "scale"

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey(Edition.id, ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(60))
    name: Mapped[str] = mapped_column(String(160))
    position: Mapped[int]
    not_applicable: Mapped[bool]

    __table_args__ = (UniqueConstraint("edition_id", "key"),)


class Grade(Base):
    """A grade of a scale, best first; the descriptor says what it looks like."""

    __tablename__ = "grade"

    id: Mapped[int] = mapped_column(primary_key=True)
    scale_id: Mapped[int] = mapped_column(ForeignKey(Scale.id, ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(60))
    label: Mapped[str] = mapped_column(String(120))
    position: Mapped[int]
    score: Mapped[int]
    colour: Mapped[str] = mapped_column(String(20))
    meets_standard: Mapped[bool]
    descriptor: Mapped[str] = mapped_column(Text)

    __table_args__ = (UniqueConstraint("scale_id", "key"),)


class ProfileField(Base):
    """A field of the case profile; never anything that identifies a child."""

    __tablename__ = "profile_field"

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey(Edition.id, ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(60))
    label: Mapped[str] = mapped_column(String(200))
    type: Mapped[str] = mapped_column(String(20))
    required: Mapped[bool]
    pathway: Mapped[bool]
    position: Mapped[int]

    __table_args__ = (UniqueConstraint("edition_id", "key"),)


class ProfileOption(Base):
    """A choice of a profile field."""

    __tablename__ = "profile_option"

    id: Mapped[int] = mapped_column(primary_key=True)
    field_id: Mapped[int] = mapped_column(ForeignKey(ProfileField.id, ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(60))
    label: Mapped[str] = mapped_column(String(200))
    position: Mapped[int]

    __table_args__ = (UniqueConstraint("field_id", "key"),)


class Section(Base):
    """A part of an edition, answered on one page."""

    __tablename__ = "section"

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey(Edition.id, ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(60))
    title: Mapped[str] = mapped_column(String(200))
    guidance: Mapped[str] = mapped_column(Text)
    position: Mapped[int]
    weight: Mapped[int] = mapped_column(default=1, server_default="1")

    __table_args__ = (UniqueConstraint("edition_id", "key"),)


class SectionSector(Base):
    """A section is for this sector (no row: for every sector)."""

    __tablename__ = "section_sector"

    section_id: Mapped[int] = mapped_column(ForeignKey(Section.id, ondelete="CASCADE"), primary_key=True)
    sector: Mapped[str] = mapped_column(String(40), primary_key=True)
    position: Mapped[int]


class Question(Base):
    """A question. Its key stays the same across editions, so that years compare."""

    __tablename__ = "question"

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey(Edition.id, ondelete="CASCADE"))
    section_id: Mapped[int] = mapped_column(ForeignKey(Section.id, ondelete="CASCADE"), index=True)
    key: Mapped[str] = mapped_column(String(60))
    position: Mapped[int]
    type: Mapped[str] = mapped_column(String(40))
    text: Mapped[str] = mapped_column(Text)
    guidance: Mapped[str] = mapped_column(Text, default="")
    scale_id: Mapped[int | None] = mapped_column(ForeignKey(Scale.id))
    required: Mapped[bool]
    evidence: Mapped[str] = mapped_column(String(40))
    weight: Mapped[int]
    role: Mapped[str | None] = mapped_column(String(40))
    unit: Mapped[str | None] = mapped_column(String(60))
    minimum: Mapped[Decimal | None] = mapped_column(Numeric(14, 2))
    maximum: Mapped[Decimal | None] = mapped_column(Numeric(14, 2))
    decimals: Mapped[int] = mapped_column(default=0)
    max_words: Mapped[int | None]

    __table_args__ = (UniqueConstraint("edition_id", "key"),)


class QuestionSector(Base):
    """A question is for this sector (no row: for every sector its section is for)."""

    __tablename__ = "question_sector"

    question_id: Mapped[int] = mapped_column(ForeignKey(Question.id, ondelete="CASCADE"), primary_key=True)
    sector: Mapped[str] = mapped_column(String(40), primary_key=True)
    position: Mapped[int]


class QuestionTheme(Base):
    """A hint: findings under this question often belong to this theme."""

    __tablename__ = "question_theme"

    question_id: Mapped[int] = mapped_column(ForeignKey(Question.id, ondelete="CASCADE"), primary_key=True)
    theme_key: Mapped[str] = mapped_column(String(60), primary_key=True)
    position: Mapped[int]


class QuestionOption(Base):
    """A choice of a single or several choice question."""

    __tablename__ = "question_option"

    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey(Question.id, ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(60))
    label: Mapped[str] = mapped_column(String(300))
    position: Mapped[int]

    __table_args__ = (UniqueConstraint("question_id", "key"),)


class QuestionTimescale(Base):
    """How many days after the date of an earlier question the date of a question may be.

    kind: the days that count, working or calendar.
    """

    __tablename__ = "question_timescale"

    question_id: Mapped[int] = mapped_column(ForeignKey(Question.id, ondelete="CASCADE"), primary_key=True)
    from_question_id: Mapped[int] = mapped_column(ForeignKey(Question.id, ondelete="CASCADE"), index=True)
    days: Mapped[int]
    kind: Mapped[str] = mapped_column(String(20))

    __table_args__ = (
        CheckConstraint("days >= 0", name="days"),
        CheckConstraint("question_id <> from_question_id", name="two_questions"),
    )


class QuestionDescriptor(Base):
    """What a grade looks like for this question in particular."""

    __tablename__ = "question_descriptor"

    question_id: Mapped[int] = mapped_column(ForeignKey(Question.id, ondelete="CASCADE"), primary_key=True)
    grade_id: Mapped[int] = mapped_column(ForeignKey(Grade.id, ondelete="CASCADE"), primary_key=True)
    text: Mapped[str] = mapped_column(Text)


class EvidenceTrigger(Base):
    """An answer for which evidence is required."""

    __tablename__ = "evidence_trigger"

    question_id: Mapped[int] = mapped_column(ForeignKey(Question.id, ondelete="CASCADE"), primary_key=True)
    answer_key: Mapped[str] = mapped_column(String(60), primary_key=True)
    position: Mapped[int]


class Condition(Base):
    """When a section or a question is asked: all, or any, of its clauses hold."""

    __tablename__ = "condition"

    id: Mapped[int] = mapped_column(primary_key=True)
    section_id: Mapped[int | None] = mapped_column(ForeignKey(Section.id, ondelete="CASCADE"), unique=True)
    question_id: Mapped[int | None] = mapped_column(ForeignKey(Question.id, ondelete="CASCADE"), unique=True)
    every: Mapped[bool]

    __table_args__ = (CheckConstraint("(section_id IS NULL) <> (question_id IS NULL)", name="of_one_thing"),)


class ConditionClause(Base):
    """One clause: a question or profile field is (or is not) one of the values."""

    __tablename__ = "condition_clause"

    id: Mapped[int] = mapped_column(primary_key=True)
    condition_id: Mapped[int] = mapped_column(ForeignKey(Condition.id, ondelete="CASCADE"), index=True)
    position: Mapped[int]
    on_question_id: Mapped[int | None] = mapped_column(ForeignKey(Question.id, ondelete="CASCADE"))
    on_field_id: Mapped[int | None] = mapped_column(ForeignKey(ProfileField.id, ondelete="CASCADE"))
    negated: Mapped[bool]

    __table_args__ = (
        CheckConstraint("(on_question_id IS NULL) <> (on_field_id IS NULL)", name="on_one_thing"),
        Index("ix_condition_clause_on_question_id", "on_question_id"),
    )


class ConditionValue(Base):
    """A value that a clause names."""

    __tablename__ = "condition_value"

    clause_id: Mapped[int] = mapped_column(
        ForeignKey(ConditionClause.id, ondelete="CASCADE"), primary_key=True
    )
    answer_key: Mapped[str] = mapped_column(String(60), primary_key=True)
    position: Mapped[int]
