"""The table of outgoing mail."""

from datetime import datetime

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from qa.db import Base, UtcDateTime


class OutgoingMail(Base):
    """A message on its way. The body may hold a one-time link: it is emptied once delivered.

    claimed_at: when a process took it up for delivery, so that two do not send it twice.
    """

    __tablename__ = "outgoing_mail"

    id: Mapped[int] = mapped_column(primary_key=True)
    to: Mapped[str] = mapped_column("to_address", String(254))
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    claimed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    tries: Mapped[int] = mapped_column(default=0)

    __table_args__ = (Index("ix_outgoing_mail_sent_at", "sent_at", "id"),)
