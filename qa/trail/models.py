"""Tables of the trail. The database itself refuses to update or delete an entry (see the migration)."""

from datetime import datetime

from sqlalchemy import DDL, CheckConstraint, Index, String, event
from sqlalchemy.orm import Mapped, mapped_column

from qa.db import Base, UtcDateTime


class TrailEntry(Base):
    """One thing somebody did or read.

    The numbers of people and records are kept without foreign keys: an entry outlives what it speaks of,
    and the trail is the lowest layer, which every other one writes to.
    """

    __tablename__ = "trail_entry"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    person_id: Mapped[int | None]
    event: Mapped[str] = mapped_column(String(60))
    record: Mapped[str] = mapped_column(String(40))
    record_id: Mapped[int | None]
    area_id: Mapped[int | None]
    fields: Mapped[str] = mapped_column(String(1000), default="")
    seal: Mapped[str] = mapped_column(String(64))

    __table_args__ = (
        # Each ends with the number, so that the newest entries of a filter are read without sorting.
        Index("ix_trail_entry_person_id", "person_id", "number"),
        Index("ix_trail_entry_record", "record", "number"),
        Index("ix_trail_entry_record_record_id", "record", "record_id", "number"),
        Index("ix_trail_entry_event", "event", "number"),
        Index("ix_trail_entry_at", "at", "number"),
    )


class TrailHead(Base):
    """The one row that says where the chain ends; locking it puts writers in a row."""

    __tablename__ = "trail_head"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, default=1)
    number: Mapped[int]
    seal: Mapped[str] = mapped_column(String(64))
    head_seal: Mapped[str] = mapped_column(String(64))

    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)


SQLITE_GUARDS = (
    """CREATE TRIGGER trail_entry_no_update BEFORE UPDATE ON trail_entry
    BEGIN SELECT RAISE(ABORT, 'the trail is append-only'); END""",
    """CREATE TRIGGER trail_entry_no_delete BEFORE DELETE ON trail_entry
    BEGIN SELECT RAISE(ABORT, 'the trail is append-only'); END""",
    # INSERT OR REPLACE would delete a row without asking the trigger on deletion.
    """CREATE TRIGGER trail_entry_no_replace BEFORE INSERT ON trail_entry
    WHEN EXISTS (SELECT 1 FROM trail_entry WHERE number = NEW.number)
    BEGIN SELECT RAISE(ABORT, 'the trail is append-only'); END""",
)
POSTGRESQL_GUARDS = (
    """CREATE OR REPLACE FUNCTION trail_is_append_only() RETURNS trigger AS $$
    BEGIN RAISE EXCEPTION 'the trail is append-only'; END $$ LANGUAGE plpgsql""",
    """CREATE TRIGGER trail_entry_no_change BEFORE UPDATE OR DELETE ON trail_entry
    FOR EACH ROW EXECUTE FUNCTION trail_is_append_only()""",
    """CREATE TRIGGER trail_entry_no_truncate BEFORE TRUNCATE ON trail_entry
    FOR EACH STATEMENT EXECUTE FUNCTION trail_is_append_only()""",
)

# A table made by the metadata (scratch databases of tests) is guarded as a migrated one is.
for _dialect, _guards in (("sqlite", SQLITE_GUARDS), ("postgresql", POSTGRESQL_GUARDS)):
    for _statement in _guards:
        event.listen(
            TrailEntry.__table__,
            "after_create",
            DDL(_statement.replace("%", "%%")).execute_if(dialect=_dialect),  # type: ignore[no-untyped-call]
        )
