"""Areas, agencies, people, their roles and their sign-ins."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from qa.accounts.permissions import Role
from qa.accounts.sectors import Sector
from qa.db import Base, UtcDateTime, words


class Installation(Base):
    """The one row about this installation. demonstration: its people and cases are invented."""

    __tablename__ = "installation"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, default=1)
    demonstration: Mapped[bool] = mapped_column(default=False)

    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)


class Area(Base):
    """A local authority area."""

    __tablename__ = "area"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class Agency(Base):
    """An organisation, in a sector; police and health agencies may span areas."""

    __tablename__ = "agency"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(160), unique=True)
    short_name: Mapped[str] = mapped_column(String(40))
    sector: Mapped[Sector] = mapped_column(words(Sector, "sector"))
    active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)
    areas: Mapped[list[Area]] = relationship(secondary="agency_area", lazy="raise_on_sql", order_by=Area.name)

    __mapper_args__ = {"version_id_col": version}


class AgencyArea(Base):
    """An agency works in an area."""

    __tablename__ = "agency_area"

    agency_id: Mapped[int] = mapped_column(ForeignKey(Agency.id, ondelete="CASCADE"), primary_key=True)
    area_id: Mapped[int] = mapped_column(ForeignKey(Area.id), primary_key=True, index=True)


class Person(Base):
    """Someone who signs in. No password_hash: invited and not yet answered.

    guest: has no account and no roles, and completes returns by links with codes (see qa.guests).
    """

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    active: Mapped[bool] = mapped_column(default=True)
    guest: Mapped[bool] = mapped_column(default=False, server_default=false())
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)
    roles: Mapped[list["PersonRole"]] = relationship(
        back_populates="person", lazy="raise_on_sql", cascade="all, delete-orphan", order_by="PersonRole.id"
    )

    __mapper_args__ = {"version_id_col": version}


class PersonRole(Base):
    """A role a person holds, for an area or an agency (see permissions.Grant)."""

    __tablename__ = "person_role"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id, ondelete="CASCADE"), index=True)
    role: Mapped[Role] = mapped_column(words(Role, "role"))
    area_id: Mapped[int | None] = mapped_column(ForeignKey(Area.id), index=True)
    agency_id: Mapped[int | None] = mapped_column(ForeignKey(Agency.id), index=True)
    person: Mapped[Person] = relationship(back_populates="roles", lazy="raise_on_sql")
    area: Mapped[Area | None] = relationship(lazy="raise_on_sql")
    agency: Mapped[Agency | None] = relationship(lazy="raise_on_sql")

    __table_args__ = (UniqueConstraint("person_id", "role", "area_id", "agency_id"),)


class SignIn(Base):
    """A signed-in browser. Only the hash of its token is kept; ending the row ends the session.

    guest_return_id: the one return that a guest's session opens; None for people with accounts.
    """

    __tablename__ = "sign_in"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id, ondelete="CASCADE"), index=True)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    guest_return_id: Mapped[int | None] = mapped_column(
        ForeignKey("case_return.id", ondelete="CASCADE"), index=True
    )


class FailedTry(Base):
    """Failed sign-ins for one e-mail address (known or not; only its hash is kept)."""

    __tablename__ = "failed_try"

    email_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    failures: Mapped[int] = mapped_column(default=0)
    last_at: Mapped[datetime] = mapped_column(UtcDateTime)
    locked_until: Mapped[datetime | None] = mapped_column(UtcDateTime)


class OneTimeLink(Base):
    """A link sent by e-mail to set a password: an invitation or a reset. Only its hash is kept."""

    __tablename__ = "one_time_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id, ondelete="CASCADE"))
    purpose: Mapped[str] = mapped_column(String(20))
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        CheckConstraint("purpose IN ('invitation', 'reset')", name="purpose"),
        Index("ix_one_time_link_person_id", "person_id"),
    )
