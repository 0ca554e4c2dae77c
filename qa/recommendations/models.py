"""Recommendations, actions, progress updates, evidence files, verifications and other decisions."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from qa.accounts.models import Agency, Area, Person
from qa.audits.models import Audit
from qa.db import Base, UtcDateTime, words
from qa.findings.models import Theme
from qa.recommendations.lifecycle import ActionState, Level, Priority, RecommendationState
from qa.returns.models import Finding


class Recommendation(Base):
    """What an audit asks for, at case, operational or strategic level.

    due_on: the earliest due date of its actions that are not verified, None without any; the database's
    triggers keep it (migration 0006), so nobody else sets it.
    """

    __tablename__ = "recommendation"

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey(Audit.id))
    area_id: Mapped[int] = mapped_column(ForeignKey(Area.id))
    number: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    level: Mapped[Level] = mapped_column(words(Level, "level"))
    priority: Mapped[Priority] = mapped_column(words(Priority, "priority"))
    measure_of_success: Mapped[str] = mapped_column(Text)
    state: Mapped[RecommendationState] = mapped_column(
        words(RecommendationState, "recommendation_state"), default=RecommendationState.OPEN
    )
    due_on: Mapped[date | None]
    closing_note: Mapped[str] = mapped_column(Text, default="")
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey(Person.id))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey(Person.id))
    version: Mapped[int] = mapped_column(default=1)
    audit: Mapped[Audit] = relationship(lazy="raise_on_sql")
    area: Mapped[Area] = relationship(lazy="raise_on_sql")
    actions: Mapped[list["Action"]] = relationship(
        back_populates="recommendation", lazy="raise_on_sql", order_by="Action.id"
    )
    themes: Mapped[list[Theme]] = relationship(secondary="recommendation_theme", lazy="raise_on_sql")
    findings: Mapped[list[Finding]] = relationship(secondary="recommendation_finding", lazy="raise_on_sql")

    __table_args__ = (
        UniqueConstraint("audit_id", "number"),
        # Holds all that the tracker counts and sorts by, so that the texts are read for one page alone.
        Index("ix_recommendation_area_id_state", "area_id", "state", "audit_id", "due_on"),
    )
    __mapper_args__ = {"version_id_col": version}


class RecommendationTheme(Base):
    """A recommendation answers to a theme."""

    __tablename__ = "recommendation_theme"

    recommendation_id: Mapped[int] = mapped_column(
        ForeignKey(Recommendation.id, ondelete="CASCADE"), primary_key=True
    )
    theme_id: Mapped[int] = mapped_column(ForeignKey(Theme.id), primary_key=True, index=True)


class RecommendationFinding(Base):
    """A recommendation answers to a finding."""

    __tablename__ = "recommendation_finding"

    recommendation_id: Mapped[int] = mapped_column(
        ForeignKey(Recommendation.id, ondelete="CASCADE"), primary_key=True
    )
    finding_id: Mapped[int] = mapped_column(ForeignKey(Finding.id), primary_key=True, index=True)


class ClosingDecision(Base):
    """A QA lead closed a recommendation, or opened it again, and said why."""

    __tablename__ = "closing_decision"

    id: Mapped[int] = mapped_column(primary_key=True)
    recommendation_id: Mapped[int] = mapped_column(ForeignKey(Recommendation.id), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id))
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)
    outcome: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(Text)

    __table_args__ = (CheckConstraint("outcome IN ('closed', 'reopened')", name="outcome"),)


class Action(Base):
    """One agency, one lead, one due date. accepted_at: when an agency lead took it on.

    audit_id: its recommendation's, so that an audit's actions are counted without their recommendations.
    """

    __tablename__ = "action"

    id: Mapped[int] = mapped_column(primary_key=True)
    recommendation_id: Mapped[int] = mapped_column(ForeignKey(Recommendation.id))
    audit_id: Mapped[int] = mapped_column(ForeignKey(Audit.id))
    agency_id: Mapped[int] = mapped_column(ForeignKey(Agency.id))
    lead_id: Mapped[int | None] = mapped_column(ForeignKey(Person.id), index=True)
    text: Mapped[str] = mapped_column(Text)
    due_on: Mapped[date]
    state: Mapped[ActionState] = mapped_column(
        words(ActionState, "action_state"), default=ActionState.NOT_STARTED
    )
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    accepted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    accepted_by_id: Mapped[int | None] = mapped_column(ForeignKey(Person.id))
    verified_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)
    recommendation: Mapped[Recommendation] = relationship(back_populates="actions", lazy="raise_on_sql")
    agency: Mapped[Agency] = relationship(lazy="raise_on_sql")
    lead: Mapped[Person | None] = relationship(lazy="raise_on_sql", foreign_keys=[lead_id])

    __table_args__ = (
        # These hold all that the tracker counts, so that it need not read the texts of actions.
        Index(
            "ix_action_recommendation_id_state_due_on_agency_id",
            "recommendation_id",
            "state",
            "due_on",
            "agency_id",
        ),
        Index(
            "ix_action_audit_id_agency_id_state_due_on",
            "audit_id",
            "agency_id",
            "state",
            "due_on",
            "recommendation_id",
        ),
        Index("ix_action_agency_id_state_due_on", "agency_id", "state", "due_on"),
        Index("ix_action_audit_id_state_due_on", "audit_id", "state", "due_on", "recommendation_id"),
    )
    __mapper_args__ = {"version_id_col": version}


class ProgressUpdate(Base):
    """What an agency says it has done; `state` is the action's state after it."""

    __tablename__ = "progress_update"

    id: Mapped[int] = mapped_column(primary_key=True)
    action_id: Mapped[int] = mapped_column(ForeignKey(Action.id), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id))
    posted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    text: Mapped[str] = mapped_column(Text)
    state: Mapped[ActionState] = mapped_column(words(ActionState, "update_state"))
    person: Mapped[Person] = relationship(lazy="raise_on_sql")


class EvidenceFile(Base):
    """A file that shows what was done; kept in the database so that one backup is everything."""

    __tablename__ = "evidence_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    action_id: Mapped[int] = mapped_column(ForeignKey(Action.id), index=True)
    update_id: Mapped[int | None] = mapped_column(ForeignKey(ProgressUpdate.id))
    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id))
    uploaded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    name: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes] = deferred(mapped_column(LargeBinary), raiseload=True)
    person: Mapped[Person] = relationship(lazy="raise_on_sql")


class Verification(Base):
    """A QA lead's decision on an action said to be done: verified, or sent back with a reason."""

    __tablename__ = "verification"

    id: Mapped[int] = mapped_column(primary_key=True)
    action_id: Mapped[int] = mapped_column(ForeignKey(Action.id), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id))
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)
    outcome: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(Text)
    person: Mapped[Person] = relationship(lazy="raise_on_sql")

    __table_args__ = (CheckConstraint("outcome IN ('verified', 'sent_back')", name="outcome"),)


class DueDateChange(Base):
    """A QA lead moved an action's due date and said why; the first date is never forgotten."""

    __tablename__ = "due_date_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    action_id: Mapped[int] = mapped_column(ForeignKey(Action.id, ondelete="CASCADE"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    from_on: Mapped[date]
    to_on: Mapped[date]
    reason: Mapped[str] = mapped_column(Text)
