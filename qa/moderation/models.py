"""Judgements: what the panel agreed, kept apart from the agencies' own grades; and how far those diverge."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from qa.accounts.models import Agency, Person
from qa.audits.models import Audit, Case, EditionMove
from qa.db import Base, UtcDateTime, words
from qa.frameworks.models import Grade, Section
from qa.moderation.attending import Attended


class Judgement(Base):
    """The agreed grade of a section, or (section_id None) of the whole case, with its reason.

    grade_id None: the panel agreed that the section does not apply to this case. audit_id: the case's.
    """

    __tablename__ = "judgement"

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey(Audit.id))
    case_id: Mapped[int] = mapped_column(ForeignKey(Case.id))
    section_id: Mapped[int | None] = mapped_column(ForeignKey(Section.id))
    grade_id: Mapped[int | None] = mapped_column(ForeignKey(Grade.id))
    reason: Mapped[str] = mapped_column(Text)
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey(Person.id))
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (
        # One judgement a section and one for the whole case: NULLs would escape a plain unique constraint.
        Index("uq_judgement_case_id_section_id", "case_id", "section_id", unique=True),
        Index(
            "uq_judgement_case_id_overall",
            "case_id",
            unique=True,
            sqlite_where=text("section_id IS NULL"),
        ),
        # How many cases of an audit have an overall grade is the length of a stretch of it.
        Index("ix_judgement_audit_id_section_id", "audit_id", "section_id", "case_id"),
    )
    __mapper_args__ = {"version_id_col": version}


class SetAsideJudgement(Base):
    """A judgement that a newer edition has no place for: its audit was moved there.

    Its section has gone, or the panel grades on another scale. Nothing counts it; it is shown with the case.
    id: the number that it had, and has again when the move is undone.
    """

    __tablename__ = "set_aside_judgement"

    move_id: Mapped[int] = mapped_column(ForeignKey(EditionMove.id), primary_key=True)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    audit_id: Mapped[int] = mapped_column(ForeignKey(Audit.id))
    case_id: Mapped[int] = mapped_column(ForeignKey(Case.id), index=True)
    section_id: Mapped[int | None] = mapped_column(ForeignKey(Section.id))
    grade_id: Mapped[int | None] = mapped_column(ForeignKey(Grade.id))
    reason: Mapped[str] = mapped_column(Text)
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey(Person.id))
    version: Mapped[int]


class CaseDivergence(Base):
    """How far the agencies' grades on a case lie apart, rolled up so that no agenda reads every answer.

    Every case has a row once the agenda was looked at. Counted from the submitted first returns alone.
    returns, newest: how many there were when it was counted, and when the last was submitted; the row is
    out of date when either has changed, or the case (`Case.counted_version`), whose profile decides what is
    asked. spread: the largest distance on a scale between two agencies' grades of one question, None when no
    question has two grades. apart: questions with grades two or more apart. place: on the agenda, the
    furthest apart first (`divergence.agenda_place`).
    """

    __tablename__ = "case_divergence"

    case_id: Mapped[int] = mapped_column(ForeignKey(Case.id, ondelete="CASCADE"), primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey(Audit.id, ondelete="CASCADE"))
    returns: Mapped[int]
    newest: Mapped[datetime | None] = mapped_column(UtcDateTime)
    spread: Mapped[int | None]
    apart: Mapped[int]
    place: Mapped[int]

    __table_args__ = (Index("ix_case_divergence_audit_id_place", "audit_id", "place", "case_id"),)


class AuditDivergence(Base):
    """What an audit's submitted returns were when its cases' divergence was last brought up to date.

    returns: how many first ones were submitted; newest: when any return of the audit last came in. As long as
    both are the same, no return has come in or was opened again since, whichever case it is on.
    """

    __tablename__ = "audit_divergence"

    audit_id: Mapped[int] = mapped_column(ForeignKey(Audit.id, ondelete="CASCADE"), primary_key=True)
    returns: Mapped[int]
    newest: Mapped[datetime | None] = mapped_column(UtcDateTime)


class PanelMeeting(Base):
    """A day on which the panel met. shared: the agencies taking part may read it, minutes and all."""

    __tablename__ = "panel_meeting"

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey(Audit.id))
    held_on: Mapped[date]
    chair: Mapped[str] = mapped_column(String(120))
    minutes: Mapped[str] = mapped_column(Text, default="")
    shared: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey(Person.id))
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (Index("ix_panel_meeting_audit_id_held_on", "audit_id", "held_on", "id"),)
    __mapper_args__ = {"version_id_col": version}


class PanelAttendance(Base):
    """Somebody who came to a meeting of the panel, or sent apologies. place: in the order of the page.

    name: who, of whichever agency: members of a panel need no account. role: what they are there.
    """

    __tablename__ = "panel_attendance"

    meeting_id: Mapped[int] = mapped_column(
        ForeignKey(PanelMeeting.id, ondelete="CASCADE"), primary_key=True
    )
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(120))
    role: Mapped[str] = mapped_column(String(120), default="")
    agency_id: Mapped[int | None] = mapped_column(ForeignKey(Agency.id), index=True)
    attended: Mapped[Attended] = mapped_column(words(Attended, "attended"))
