"""Samples: how each was drawn, its strata and the cases that the draw reached, and the list until it goes."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from qa.accounts.models import Person
from qa.audits.models import Audit, Case
from qa.audits.sampling.allocation import Allocation
from qa.audits.sampling.vocabulary import Reason, SampleState, UnitState
from qa.db import Base, UtcDateTime, words


class Sample(Base):
    """A sample of an audit: its list brought in, then drawn.

    rows: of the file; repeated: rows that said the same again of a case. strata_counts: JSON, the columns
    that can divide the population and how many cases have each value. population: cases drawn from; left_out:
    cases of the list that were in the audit already. digest: of the population with its strata
    (`drawing.digest`). kept_until: the list is kept on purpose until that day.
    """

    __tablename__ = "sample"

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey(Audit.id))
    state: Mapped[SampleState] = mapped_column(words(SampleState, "sample_state"), default=SampleState.LISTED)
    rows: Mapped[int]
    repeated: Mapped[int] = mapped_column(default=0)
    strata_counts: Mapped[str] = mapped_column(Text, default="")
    population: Mapped[int] = mapped_column(default=0)
    left_out: Mapped[int] = mapped_column(default=0)
    size: Mapped[int] = mapped_column(default=0)
    stratified_by: Mapped[str] = mapped_column(String(200), default="")
    allocation: Mapped[Allocation | None] = mapped_column(words(Allocation, "allocation"))
    at_least_one: Mapped[bool] = mapped_column(default=False)
    reserve: Mapped[int] = mapped_column(default=0)
    seed: Mapped[str] = mapped_column(String(64), default="")
    digest: Mapped[str] = mapped_column(String(64), default="")
    uploaded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    uploaded_by_id: Mapped[int | None] = mapped_column(ForeignKey(Person.id))
    drawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    drawn_by_id: Mapped[int | None] = mapped_column(ForeignKey(Person.id))
    kept_until: Mapped[date | None]
    kept_by_id: Mapped[int | None] = mapped_column(ForeignKey(Person.id))
    list_deleted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (
        Index("ix_sample_audit_id_state", "audit_id", "state"),
        # The lists whose day has come are looked for often, and there are few.
        Index("ix_sample_kept_until", "kept_until"),
    )
    __mapper_args__ = {"version_id_col": version}


class PopulationList(Base):
    """The list of a sample while it is kept. content: as it came; settled: each case once, as drawn from.

    Both are compressed JSON, since nothing in them is counted by the database.
    """

    __tablename__ = "population_list"

    sample_id: Mapped[int] = mapped_column(ForeignKey(Sample.id, ondelete="CASCADE"), primary_key=True)
    content: Mapped[bytes | None] = mapped_column(LargeBinary)
    settled: Mapped[bytes | None] = mapped_column(LargeBinary)


class Stratum(Base):
    """A part of a sample's population; the only one, with an empty label, when it was not divided."""

    __tablename__ = "sample_stratum"

    id: Mapped[int] = mapped_column(primary_key=True)
    sample_id: Mapped[int] = mapped_column(ForeignKey(Sample.id, ondelete="CASCADE"))
    position: Mapped[int]
    label: Mapped[str] = mapped_column(String(200))
    population: Mapped[int]
    size: Mapped[int]

    __table_args__ = (UniqueConstraint("sample_id", "position"),)


class Unit(Base):
    """A case of the list that the draw reached. place: in its stratum's drawn order, from 1.

    case_id: what it became; None in reserve, when it was replaced, and when its case was removed later.
    profile: of one in reserve, as JSON: what the list says of it. replaces_id: the unit whose place it took.
    """

    __tablename__ = "sample_unit"

    id: Mapped[int] = mapped_column(primary_key=True)
    sample_id: Mapped[int] = mapped_column(ForeignKey(Sample.id, ondelete="CASCADE"))
    stratum_id: Mapped[int] = mapped_column(ForeignKey(Stratum.id, ondelete="CASCADE"))
    place: Mapped[int]
    reference: Mapped[str] = mapped_column(String(40))
    state: Mapped[UnitState] = mapped_column(words(UnitState, "unit_state"))
    case_id: Mapped[int | None] = mapped_column(ForeignKey(Case.id, ondelete="SET NULL"), unique=True)
    profile: Mapped[str] = mapped_column(Text, default="")
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("sample_unit.id"))
    reason: Mapped[Reason | None] = mapped_column(words(Reason, "reason"))
    note: Mapped[str] = mapped_column(Text, default="")
    replaced_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    replaced_by_id: Mapped[int | None] = mapped_column(ForeignKey(Person.id))

    __table_args__ = (
        UniqueConstraint("stratum_id", "place"),
        Index("ix_sample_unit_sample_id_state", "sample_id", "state", "case_id"),
    )
