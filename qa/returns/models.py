"""Answers, the findings that auditors write, and concerns."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, Index, Numeric, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from qa.accounts.models import Agency, Area, Person
from qa.audits.models import Audit, Case, Return
from qa.db import Base, UtcDateTime, words
from qa.frameworks.models import Grade, Question, QuestionOption, Section
from qa.returns.vocabulary import ConcernState, ConcernStepKind, FindingKind

__all__ = [
    "Answer",
    "AnswerChoice",
    "Concern",
    "ConcernState",
    "ConcernStep",
    "ConcernStepKind",
    "Finding",
    "FindingKind",
]


class Answer(Base):
    """One agency's answer to one question on one case; exactly one kind of value is set, or none.

    code: yes, partly, no, or not_applicable (also for a grade). Several choices are AnswerChoice rows.
    written_from: which opening of the page wrote it last (see qa.returns.drafts.FormKey), so that a form
    sent twice over a bad line is not taken for somebody else's change.
    """

    __tablename__ = "answer"

    id: Mapped[int] = mapped_column(primary_key=True)
    return_id: Mapped[int] = mapped_column(ForeignKey(Return.id))
    question_id: Mapped[int] = mapped_column(ForeignKey(Question.id))
    grade_id: Mapped[int | None] = mapped_column(ForeignKey(Grade.id))
    option_id: Mapped[int | None] = mapped_column(ForeignKey(QuestionOption.id))
    code: Mapped[str | None] = mapped_column(String(20))
    number: Mapped[Decimal | None] = mapped_column(Numeric(14, 2))
    day: Mapped[date | None]
    text: Mapped[str | None] = mapped_column(Text)
    evidence: Mapped[str] = mapped_column(Text, default="")
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_by_id: Mapped[int | None] = mapped_column(ForeignKey(Person.id))
    written_from: Mapped[str] = mapped_column(String(24), default="")
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (
        UniqueConstraint("return_id", "question_id"),
        Index("ix_answer_question_id_grade_id", "question_id", "grade_id"),
    )


class AnswerChoice(Base):
    """One of the choices ticked in an answer of several choices."""

    __tablename__ = "answer_choice"

    answer_id: Mapped[int] = mapped_column(ForeignKey(Answer.id, ondelete="CASCADE"), primary_key=True)
    option_id: Mapped[int] = mapped_column(ForeignKey(QuestionOption.id), primary_key=True)


class Finding(Base):
    """A strength or an area for improvement, in an auditor's or the panel's words.

    return_id None: written by the panel. released: its return has been submitted, so that the QA lead
    and, once the panel is open, the other agencies may read it; never that of a second return, which no list
    or figure has and only the panel's page of the case shows. origin: the row of the form it was first
    typed in, so that sending the form twice adds it once. written_from: as for an answer. coded: it has a
    theme; the database's triggers keep it (migration 0004), so nobody else sets it.
    """

    __tablename__ = "finding"

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey(Audit.id))
    case_id: Mapped[int] = mapped_column(ForeignKey(Case.id), index=True)
    return_id: Mapped[int | None] = mapped_column(ForeignKey(Return.id), index=True)
    section_id: Mapped[int | None] = mapped_column(ForeignKey(Section.id))
    agency_id: Mapped[int | None] = mapped_column(ForeignKey(Agency.id))
    kind: Mapped[FindingKind] = mapped_column(words(FindingKind, "kind"))
    text: Mapped[str] = mapped_column(Text)
    released: Mapped[bool] = mapped_column(default=False)
    coded: Mapped[bool] = mapped_column(server_default=false())
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey(Person.id))
    origin: Mapped[str] = mapped_column(String(40), default="")
    written_from: Mapped[str] = mapped_column(String(24), default="")
    version: Mapped[int] = mapped_column(default=1)
    case: Mapped[Case] = relationship(lazy="raise_on_sql")
    section: Mapped[Section | None] = relationship(lazy="raise_on_sql")
    agency: Mapped[Agency | None] = relationship(lazy="raise_on_sql")

    __table_args__ = (
        Index("ix_finding_audit_id_released_id", "audit_id", "released", "id"),
        # How many findings of an audit have no theme is the length of a stretch of it.
        Index("ix_finding_audit_id_coded_released", "audit_id", "coded", "released", "id"),
        Index("ix_finding_audit_id_section_id_kind", "audit_id", "section_id", "kind"),
        # A number is never given twice: a form opened before a finding was removed still names it.
        {"sqlite_autoincrement": True},
    )
    __mapper_args__ = {"version_id_col": version}


class Concern(Base):
    """An immediate safeguarding worry about a child, outside the ordinary flow.

    due_at: when its next step is due (qa.returns.concern_clock), None while no clock runs. reminded_at: when
    those who must act were last told that it is overdue. outcome, closed_*: of its latest closing.
    """

    __tablename__ = "concern"

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey(Audit.id), index=True)
    area_id: Mapped[int] = mapped_column(ForeignKey(Area.id))
    case_id: Mapped[int] = mapped_column(ForeignKey(Case.id), index=True)
    return_id: Mapped[int | None] = mapped_column(ForeignKey(Return.id))
    agency_id: Mapped[int] = mapped_column(ForeignKey(Agency.id))
    raised_by_id: Mapped[int] = mapped_column(ForeignKey(Person.id))
    raised_at: Mapped[datetime] = mapped_column(UtcDateTime)
    text: Mapped[str] = mapped_column(Text)
    already_done: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[ConcernState] = mapped_column(
        words(ConcernState, "concern_state"), default=ConcernState.RAISED
    )
    acknowledged_by_id: Mapped[int | None] = mapped_column(ForeignKey(Person.id))
    acknowledged_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    outcome: Mapped[str] = mapped_column(Text, default="")
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey(Person.id))
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    reminded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)
    case: Mapped[Case] = relationship(lazy="raise_on_sql")
    audit: Mapped[Audit] = relationship(lazy="raise_on_sql")
    agency: Mapped[Agency] = relationship(lazy="raise_on_sql")
    raised_by: Mapped[Person] = relationship(lazy="raise_on_sql", foreign_keys=[raised_by_id])
    acknowledged_by: Mapped[Person | None] = relationship(
        lazy="raise_on_sql", foreign_keys=[acknowledged_by_id]
    )

    __table_args__ = (Index("ix_concern_area_id_state", "area_id", "state"),)
    __mapper_args__ = {"version_id_col": version}


class ConcernStep(Base):
    """An action taken about a concern, its closing with the outcome, or its opening again with the reason.

    Steps are added and never changed. happened_at, done_by: when an action was taken and by whom, in the
    words of whoever recorded it; of other steps, when they were recorded and nobody's.
    """

    __tablename__ = "concern_step"

    id: Mapped[int] = mapped_column(primary_key=True)
    concern_id: Mapped[int] = mapped_column(ForeignKey(Concern.id), index=True)
    kind: Mapped[ConcernStepKind] = mapped_column(words(ConcernStepKind, "kind"))
    happened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    done_by: Mapped[str] = mapped_column(String(120), default="")
    text: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey(Person.id))
