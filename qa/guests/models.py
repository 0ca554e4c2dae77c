"""The links sent to people without accounts."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from qa.accounts.models import Person
from qa.audits.models import Return
from qa.db import Base, UtcDateTime


class ReturnLink(Base):
    """A link that opens one return for one guest. Of its secret and of its code only hashes are kept.

    It works while its return is given to the guest and can be completed: see `qa.guests.standing`. codes:
    how many codes were sent since codes_since; code_tries: wrong ones typed for the code sent last;
    failures, failed_at, locked_until: as for a sign-in (qa.accounts.lockout). opened_at, seen_at: the first
    and the last time that a code opened the return.
    """

    __tablename__ = "return_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    return_id: Mapped[int] = mapped_column(ForeignKey(Return.id, ondelete="CASCADE"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    sent_by_id: Mapped[int] = mapped_column(ForeignKey(Person.id))
    first_sent_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime)
    times_sent: Mapped[int] = mapped_column(default=1)
    code_hash: Mapped[str] = mapped_column(String(64), default="")
    code_asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    code_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    code_tries: Mapped[int] = mapped_column(default=0)
    codes_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    codes: Mapped[int] = mapped_column(default=0)
    failures: Mapped[int] = mapped_column(default=0)
    failed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    locked_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    opened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_by_id: Mapped[int | None] = mapped_column(ForeignKey(Person.id))
    version: Mapped[int] = mapped_column(default=1)
    person: Mapped[Person] = relationship(lazy="raise_on_sql", foreign_keys=[person_id])

    __mapper_args__ = {"version_id_col": version}
