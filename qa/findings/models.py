"""Themes, and the coding of findings to them."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from qa.accounts.models import Area, Person
from qa.db import Base, UtcDateTime
from qa.returns.models import Finding


class Theme(Base):
    """What findings are coded to. area_id None: in the starting library, shared by all areas."""

    __tablename__ = "theme"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(160))
    description: Mapped[str] = mapped_column(Text, default="")
    area_id: Mapped[int | None] = mapped_column(ForeignKey(Area.id))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey(Person.id))
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class FindingTheme(Base):
    """A finding is coded to a theme."""

    __tablename__ = "finding_theme"

    finding_id: Mapped[int] = mapped_column(ForeignKey(Finding.id, ondelete="CASCADE"), primary_key=True)
    theme_id: Mapped[int] = mapped_column(ForeignKey(Theme.id), primary_key=True, index=True)
    coded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    coded_by_id: Mapped[int | None] = mapped_column(ForeignKey(Person.id))
