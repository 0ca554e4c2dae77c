"""What a report needs besides the audit: the QA lead's summary, and the register of issued reports."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, true
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from qa.accounts.models import Area, Person
from qa.audits.models import Audit
from qa.db import Base, UtcDateTime


class ReportDraft(Base):
    """The words of the thematic report that a person writes; one an audit.

    counts_concerns: whether the report says how many concerns were raised and closed.
    """

    __tablename__ = "report_draft"

    audit_id: Mapped[int] = mapped_column(ForeignKey(Audit.id), primary_key=True)
    executive_summary: Mapped[str] = mapped_column(Text, default="")
    method_note: Mapped[str] = mapped_column(Text, default="")
    protective_marking: Mapped[str] = mapped_column(String(60), default="OFFICIAL-SENSITIVE")
    counts_concerns: Mapped[bool] = mapped_column(default=True, server_default=true())
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class IssuedReport(Base):
    """A report as it was issued: the file and the same as a web page, so that it never changes afterwards."""

    __tablename__ = "issued_report"

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey(Audit.id))
    area_id: Mapped[int] = mapped_column(ForeignKey(Area.id))
    kind: Mapped[str] = mapped_column(String(40))
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(250))
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    issued_by_id: Mapped[int | None] = mapped_column(ForeignKey(Person.id))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes] = deferred(mapped_column(LargeBinary), raiseload=True)
    page: Mapped[str] = deferred(mapped_column(Text), raiseload=True)
    audit: Mapped[Audit] = relationship(lazy="raise_on_sql")

    __table_args__ = (
        UniqueConstraint("audit_id", "kind", "number"),
        Index("ix_issued_report_area_id_issued_at", "area_id", "issued_at"),
    )
