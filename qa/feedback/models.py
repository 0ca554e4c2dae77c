"""Views given about a case, or why there are none."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from qa.accounts.models import Agency, Person
from qa.audits.models import Audit, Case
from qa.db import Base, UtcDateTime, words
from qa.feedback.vocabulary import Listened, Manner, Sought, Voice


class Feedback(Base):
    """What one person said about the work on a case, or why nobody's words are there.

    agency_id: whose auditor entered it; None: the QA lead. reason: why there are no views. quotable: they
    agreed to be quoted without their name. place: drawn by chance once, so that quotes stand in an order that
    says nothing of the cases and stays the same. removed_*: when its words were deleted, by whom and why.
    """

    __tablename__ = "feedback"

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey(Audit.id))
    case_id: Mapped[int] = mapped_column(ForeignKey(Case.id), index=True)
    agency_id: Mapped[int | None] = mapped_column(ForeignKey(Agency.id))
    voice: Mapped[Voice] = mapped_column(words(Voice, "voice"))
    outcome: Mapped[Sought] = mapped_column(words(Sought, "outcome"))
    reason: Mapped[str] = mapped_column(Text, default="")
    given_on: Mapped[date | None]
    manner: Mapped[Manner | None] = mapped_column(words(Manner, "manner"))
    interviewer: Mapped[str] = mapped_column(String(120), default="")
    listened: Mapped[Listened | None] = mapped_column(words(Listened, "listened"))
    helped: Mapped[str] = mapped_column(Text, default="")
    difference: Mapped[str] = mapped_column(Text, default="")
    proud: Mapped[str] = mapped_column(Text, default="")
    barriers: Mapped[str] = mapped_column(Text, default="")
    support: Mapped[str] = mapped_column(Text, default="")
    other: Mapped[str] = mapped_column(Text, default="")
    quotable: Mapped[bool] = mapped_column(default=False)
    place: Mapped[int]
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey(Person.id))
    changed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    removed_by_id: Mapped[int | None] = mapped_column(ForeignKey(Person.id))
    removed_reason: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (
        # Holds all that counting an audit's views reads.
        Index(
            "ix_feedback_audit_id_voice", "audit_id", "voice", "removed_at", "case_id", "outcome", "listened"
        ),
        Index("ix_feedback_audit_id_voice_place", "audit_id", "voice", "quotable", "place"),
    )
    __mapper_args__ = {"version_id_col": version}
