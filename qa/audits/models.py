"""Audits, the agencies taking part, cases with their profiles, and the returns allocated to agencies."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    Numeric,
    String,
    Text,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from qa.accounts.models import Agency, Area, Person
from qa.audits.lifecycle import ReturnState, Stage, sent_by
from qa.audits.programme.models import PlannedAudit
from qa.db import Base, UtcDateTime, words
from qa.frameworks.models import Edition, ProfileField, ProfileOption, Question

# PostgreSQL's condition of a partial index stands in its migration alone: to name it in a model loads that
# database's dialect at every start.


class Audit(Base):
    """One exercise using one edition. illustrative: its grades are invented for demonstration.

    planned_id: what it is in a programme; one programme's audit can be run once in each area. repeats_id: the
    earlier audit that it repeats.
    """

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(40), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    area_id: Mapped[int] = mapped_column(ForeignKey(Area.id))
    edition_id: Mapped[int] = mapped_column(ForeignKey(Edition.id), index=True)
    stage: Mapped[Stage] = mapped_column(words(Stage, "stage"), default=Stage.PLANNING)
    theme: Mapped[str] = mapped_column(String(300), default="")
    terms_of_reference: Mapped[str] = mapped_column(Text, default="")
    key_lines_of_enquiry: Mapped[str] = mapped_column(Text, default="")
    period_start: Mapped[date]
    period_end: Mapped[date]
    fieldwork_opens_on: Mapped[date | None]
    returns_due_on: Mapped[date]
    panel_on: Mapped[date | None]
    report_due_on: Mapped[date | None]
    confidential: Mapped[bool] = mapped_column(default=False)
    illustrative: Mapped[bool] = mapped_column(default=False)
    lead_id: Mapped[int | None] = mapped_column(ForeignKey(Person.id))
    planned_id: Mapped[int | None] = mapped_column(ForeignKey(PlannedAudit.id))
    repeats_id: Mapped[int | None] = mapped_column(ForeignKey("audit.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)
    area: Mapped[Area] = relationship(lazy="raise_on_sql")
    edition: Mapped[Edition] = relationship(lazy="raise_on_sql")
    lead: Mapped[Person | None] = relationship(lazy="raise_on_sql")
    agencies: Mapped[list[Agency]] = relationship(
        secondary="audit_agency", lazy="raise_on_sql", order_by=Agency.name
    )

    __table_args__ = (
        CheckConstraint("period_start <= period_end", name="period"),
        Index("ix_audit_area_id_stage", "area_id", "stage"),
        Index("ix_audit_planned_id_area_id", "planned_id", "area_id", unique=True),
    )
    __mapper_args__ = {"version_id_col": version}


class AuditAgency(Base):
    """An agency takes part in an audit."""

    __tablename__ = "audit_agency"

    audit_id: Mapped[int] = mapped_column(ForeignKey(Audit.id, ondelete="CASCADE"), primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey(Agency.id), primary_key=True, index=True)


class AuditPerson(Base):
    """A person named on a confidential audit: nobody else sees it."""

    __tablename__ = "audit_person"

    audit_id: Mapped[int] = mapped_column(ForeignKey(Audit.id, ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id), primary_key=True, index=True)


class Case(Base):
    """One child's or family's record under a pseudonymous reference; in a self-assessment, an agency.

    returns_in: whether all its returns are in, None when it has none; the database's triggers keep it
    (migration 0004), so nobody else sets it. counted_version: the version that the divergence of its returns
    was counted for; None before that, another than the case's when it must be counted again.
    """

    __tablename__ = "case_record"

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey(Audit.id))
    number: Mapped[int]
    reference: Mapped[str] = mapped_column(String(40))
    agency_id: Mapped[int | None] = mapped_column(ForeignKey(Agency.id))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    panel_opened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    panel_opened_by_id: Mapped[int | None] = mapped_column(ForeignKey(Person.id))
    returns_in: Mapped[bool | None]
    counted_version: Mapped[int | None]
    version: Mapped[int] = mapped_column(default=1)
    audit: Mapped[Audit] = relationship(lazy="raise_on_sql")
    agency: Mapped[Agency | None] = relationship(lazy="raise_on_sql")
    returns: Mapped[list["Return"]] = relationship(
        back_populates="case", lazy="raise_on_sql", order_by="Return.id"
    )

    __table_args__ = (
        UniqueConstraint("audit_id", "reference"),
        UniqueConstraint("audit_id", "number"),
        Index("ix_case_record_audit_id_panel_opened_at", "audit_id", "panel_opened_at", "version"),
        # Empty but for cases that have changed, so that looking for one takes the same time for any number.
        Index(
            "ix_case_record_audit_id_changed",
            "audit_id",
            sqlite_where=text("counted_version IS NOT version"),
        ),
        # How many cases of an audit are ready for the panel is the length of a stretch of it.
        Index("ix_case_record_audit_id_returns_in", "audit_id", "returns_in", "panel_opened_at"),
    )
    __mapper_args__ = {"version_id_col": version}


class CaseProfileValue(Base):
    """One field of a case's profile: an option, a number, or yes/no as a code."""

    __tablename__ = "case_profile_value"

    case_id: Mapped[int] = mapped_column(ForeignKey(Case.id, ondelete="CASCADE"), primary_key=True)
    field_id: Mapped[int] = mapped_column(ForeignKey(ProfileField.id), primary_key=True, index=True)
    option_id: Mapped[int | None] = mapped_column(ForeignKey(ProfileOption.id))
    number: Mapped[Decimal | None] = mapped_column(Numeric(14, 2))
    code: Mapped[str | None] = mapped_column(String(20))


class Return(Base):
    """One agency's answers on one case, from allocation to submission.

    second: by a second auditor of the agency, who does not see the first's, nor the first theirs, before the
    panel opens the case. Second returns measure agreement and are in no figure of the audit (decision 11).
    saved_at: when it was last saved, to the minute. sent_back_reason: why the QA lead opened it again.
    """

    __tablename__ = "case_return"

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey(Audit.id))
    case_id: Mapped[int] = mapped_column(ForeignKey(Case.id))
    agency_id: Mapped[int] = mapped_column(ForeignKey(Agency.id))
    auditor_id: Mapped[int | None] = mapped_column(ForeignKey(Person.id))
    second: Mapped[bool] = mapped_column(default=False, server_default=false())
    state: Mapped[ReturnState] = mapped_column(
        words(ReturnState, "return_state"), default=ReturnState.NOT_STARTED
    )
    due_on: Mapped[date]
    not_involved_reason: Mapped[str] = mapped_column(Text, default="")
    sent_back_reason: Mapped[str] = mapped_column(Text, default="")
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    saved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    submitted_by_id: Mapped[int | None] = mapped_column(ForeignKey(Person.id))
    version: Mapped[int] = mapped_column(default=1)
    case: Mapped[Case] = relationship(back_populates="returns", lazy="raise_on_sql")
    audit: Mapped[Audit] = relationship(lazy="raise_on_sql")
    agency: Mapped[Agency] = relationship(lazy="raise_on_sql")
    auditor: Mapped[Person | None] = relationship(lazy="raise_on_sql", foreign_keys=[auditor_id])

    __table_args__ = (
        UniqueConstraint("case_id", "agency_id", "second"),
        # The case and the moment are there so that counting an audit's returns case by case reads no row.
        Index("ix_case_return_audit_id_state", "audit_id", "state", "case_id", "submitted_at", "second"),
        Index("ix_case_return_audit_id_submitted_at", "audit_id", "submitted_at"),
        # These hold all that puts a person's returns in order and decides which of them they see.
        Index(
            "ix_case_return_auditor_id_state_due_on",
            "auditor_id",
            "state",
            "due_on",
            "id",
            "audit_id",
            "agency_id",
        ),
        Index(
            "ix_case_return_agency_id_state_due_on",
            "agency_id",
            "state",
            "due_on",
            "id",
            "audit_id",
            "auditor_id",
        ),
        # Holds all that the figures of an audit's page count, so that they are read from it alone.
        Index(
            "ix_case_return_audit_id_agency_id_state",
            "audit_id",
            "agency_id",
            "state",
            "due_on",
            "auditor_id",
            "second",
        ),
        # Second returns are few: found without going through the others.
        Index(
            "ix_case_return_second",
            "audit_id",
            "agency_id",
            "case_id",
            sqlite_where=text("second IS 1"),
        ),
    )
    __mapper_args__ = {"version_id_col": version}

    @property
    def sent_by(self) -> str:
        """Whose return it is, in words; its agency must be loaded."""
        return sent_by(self.agency.name, second=self.second)


class AuditAuditor(Base):
    """What an auditor can be given in an audit, as the QA lead said when allocating automatically.

    team: where they work, "" for not said: no case of that team. most: returns they hold at most. own_cases:
    references of cases they worked on themselves, by commas. left_out: they are given nothing.
    """

    __tablename__ = "audit_auditor"

    audit_id: Mapped[int] = mapped_column(ForeignKey(Audit.id, ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id), primary_key=True, index=True)
    team: Mapped[str] = mapped_column(String(80), default="")
    most: Mapped[int | None]
    own_cases: Mapped[str] = mapped_column(Text, default="")
    left_out: Mapped[bool] = mapped_column(default=False)


class SecondDraw(Base):
    """Cases were drawn to be audited twice: so many of so many, by this seed; returns: second ones given."""

    __tablename__ = "second_draw"

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey(Audit.id), index=True)
    seed: Mapped[int]
    of_cases: Mapped[int]
    cases: Mapped[int]
    returns: Mapped[int]
    drawn_at: Mapped[datetime] = mapped_column(UtcDateTime)
    drawn_by_id: Mapped[int | None] = mapped_column(ForeignKey(Person.id))


class EditionMove(Base):
    """An audit was moved from one edition of its framework to a newer one; undone_at: and back again.

    kept, again, gone: answers that were carried over, that have to be given afresh, and that are no longer
    asked for, when it was moved.
    """

    __tablename__ = "edition_move"

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey(Audit.id), index=True)
    from_edition_id: Mapped[int] = mapped_column(ForeignKey(Edition.id))
    to_edition_id: Mapped[int] = mapped_column(ForeignKey(Edition.id))
    moved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    moved_by_id: Mapped[int | None] = mapped_column(ForeignKey(Person.id))
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey(Person.id))
    kept: Mapped[int] = mapped_column(default=0)
    again: Mapped[int] = mapped_column(default=0)
    gone: Mapped[int] = mapped_column(default=0)


class CarriedQuestion(Base):
    """A question whose answers went along with a move; grades and choices follow by their keys."""

    __tablename__ = "carried_question"

    move_id: Mapped[int] = mapped_column(ForeignKey(EditionMove.id, ondelete="CASCADE"), primary_key=True)
    from_id: Mapped[int] = mapped_column(ForeignKey(Question.id), primary_key=True)
    to_id: Mapped[int] = mapped_column(ForeignKey(Question.id))

    __table_args__ = (UniqueConstraint("move_id", "to_id"),)


class CarriedField(Base):
    """A field of the case profile whose values went along with a move; choices follow by their keys."""

    __tablename__ = "carried_field"

    move_id: Mapped[int] = mapped_column(ForeignKey(EditionMove.id, ondelete="CASCADE"), primary_key=True)
    from_id: Mapped[int] = mapped_column(ForeignKey(ProfileField.id), primary_key=True)
    to_id: Mapped[int] = mapped_column(ForeignKey(ProfileField.id))

    __table_args__ = (UniqueConstraint("move_id", "to_id"),)
