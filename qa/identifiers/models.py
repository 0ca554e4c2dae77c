"""Names that an area guards, and what was found in a text and kept with a reason."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from qa.accounts.models import Area, Person
from qa.db import Base, UtcDateTime


class NameList(Base):
    """An area's list of names. stamp: drawn anew with each change, so that a list is read once in a while."""

    __tablename__ = "name_list"

    area_id: Mapped[int] = mapped_column(ForeignKey(Area.id), primary_key=True, autoincrement=False)
    stamp: Mapped[str] = mapped_column(String(32))


class GuardedName(Base):
    """A whole name or a single word on an area's list. folded: what makes two entries the same."""

    __tablename__ = "guarded_name"

    id: Mapped[int] = mapped_column(primary_key=True)
    area_id: Mapped[int] = mapped_column(ForeignKey(Area.id))
    name: Mapped[str] = mapped_column(String(120))
    folded: Mapped[str] = mapped_column(String(240))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (UniqueConstraint("area_id", "folded"),)


class KeptIdentifier(Base):
    """Something that looked like an identifier, and stays in a field of a record for a reason.

    record, record_id: as in the trail, and without a foreign key for the same reason. digest: of the text
    found, made with the installation's key; the text itself is nowhere but in the record.
    """

    __tablename__ = "kept_identifier"

    id: Mapped[int] = mapped_column(primary_key=True)
    area_id: Mapped[int | None] = mapped_column(ForeignKey(Area.id), index=True)
    record: Mapped[str] = mapped_column(String(40))
    record_id: Mapped[int]
    field: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(20))
    digest: Mapped[str] = mapped_column(String(32))
    reason: Mapped[str] = mapped_column(Text)
    kept_at: Mapped[datetime] = mapped_column(UtcDateTime)
    kept_by_id: Mapped[int | None] = mapped_column(ForeignKey(Person.id))

    __table_args__ = (UniqueConstraint("record", "record_id", "field", "digest"),)
