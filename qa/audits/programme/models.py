"""Programmes and the audits planned in them."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from qa.accounts.models import Agency, Area, Person
from qa.audits.programme.planned import AuditMethod, PlanState, Reason
from qa.db import Base, UtcDateTime, words
from qa.frameworks.models import Framework


class Programme(Base):
    """Twelve months of planned audits from the first of one. area_id None: for all areas together."""

    __tablename__ = "programme"

    id: Mapped[int] = mapped_column(primary_key=True)
    area_id: Mapped[int | None] = mapped_column(ForeignKey(Area.id))
    starts_on: Mapped[date]
    note: Mapped[str] = mapped_column(String(5_000), default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)
    area: Mapped[Area | None] = relationship(lazy="raise_on_sql")

    __table_args__ = (
        UniqueConstraint("area_id", "starts_on"),
        # Where there is no area the constraint above finds no two alike.
        Index(
            "ix_programme_of_all_areas",
            "starts_on",
            unique=True,
            sqlite_where=text("area_id IS NULL"),
        ),
    )
    __mapper_args__ = {"version_id_col": version}


class PlannedAudit(Base):
    """An audit of a programme. Its audits, once begun, refer to it; until then `state` says where it stands.

    quarter, until: the first and the last quarter, 1 to 4. carried_from_id: what it was carried over from.
    """

    __tablename__ = "planned_audit"

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey(Programme.id), index=True)
    title: Mapped[str] = mapped_column(String(200))
    theme: Mapped[str] = mapped_column(String(300), default="")
    reason: Mapped[Reason] = mapped_column(words(Reason, "reason"))
    reason_words: Mapped[str] = mapped_column(String(500), default="")
    method: Mapped[AuditMethod] = mapped_column(words(AuditMethod, "method"))
    quarter: Mapped[int]
    until: Mapped[int]
    framework_id: Mapped[int | None] = mapped_column(ForeignKey(Framework.id), index=True)
    lead_id: Mapped[int | None] = mapped_column(ForeignKey(Person.id), index=True)
    state: Mapped[PlanState] = mapped_column(words(PlanState, "state"), default=PlanState.PLANNED)
    state_reason: Mapped[str] = mapped_column(String(500), default="")
    confidential: Mapped[bool] = mapped_column(default=False)
    carried_from_id: Mapped[int | None] = mapped_column(ForeignKey("planned_audit.id"), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)
    programme: Mapped[Programme] = relationship(lazy="raise_on_sql")

    __table_args__ = (CheckConstraint("quarter BETWEEN 1 AND until AND until <= 4", name="quarters"),)
    __mapper_args__ = {"version_id_col": version}


class PlannedAgency(Base):
    """An agency is to take part in a planned audit."""

    __tablename__ = "planned_agency"

    planned_id: Mapped[int] = mapped_column(ForeignKey(PlannedAudit.id, ondelete="CASCADE"), primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey(Agency.id), primary_key=True, index=True)


class PlannedPerson(Base):
    """A person named on a confidential planned audit: nobody else sees it."""

    __tablename__ = "planned_person"

    planned_id: Mapped[int] = mapped_column(ForeignKey(PlannedAudit.id, ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id), primary_key=True, index=True)
