"""Reads of frameworks and editions."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select

from qa.accounts.permissions import CurrentPerson, Permission, holds
from qa.db import db
from qa.frameworks.models import Draft, Edition, Framework, Question, Section
from qa.frameworks.states import EditionState
from qa.problems import NotFound


class EditionRow(NamedTuple):
    """An edition as lists show it."""

    id: int
    framework_id: int
    key: str
    name: str
    summary: str
    kind: str
    number: int
    state: EditionState
    published_at: datetime | None
    sections: int
    questions: int


def editions(person: CurrentPerson) -> Sequence[EditionRow]:
    """Every edition, by name, newest first; drafts only for those who manage frameworks."""
    sections = (
        select(func.count()).select_from(Section).where(Section.edition_id == Edition.id).scalar_subquery()
    )
    questions = (
        select(func.count()).select_from(Question).where(Question.edition_id == Edition.id).scalar_subquery()
    )
    query = (
        select(
            Edition.id,
            Framework.id,
            Framework.key,
            Edition.name,
            Edition.summary,
            Edition.kind,
            Edition.number,
            Edition.state,
            Edition.published_at,
            func.coalesce(Draft.sections, sections),
            func.coalesce(Draft.questions, questions),
        )
        .join(Framework, Framework.id == Edition.framework_id)
        .outerjoin(Draft, Draft.edition_id == Edition.id)
        .order_by(func.lower(Edition.name), Framework.id, Edition.number.desc())
    )
    if not holds(person, Permission.FRAMEWORKS_MANAGE):
        query = query.where(Edition.state != EditionState.DRAFT)
    return [EditionRow(*row) for row in db.session.execute(query)]


def check_readable(person: CurrentPerson, edition_id: int) -> int:
    """The edition's version. Raises NotFound for an unknown one, or a draft not theirs to see."""
    found = db.session.execute(
        select(Edition.state, Edition.version).where(Edition.id == edition_id)
    ).one_or_none()
    hidden = found is not None and found.state is EditionState.DRAFT
    if found is None or (hidden and not holds(person, Permission.FRAMEWORKS_MANAGE)):
        raise NotFound("no such edition")
    return int(found.version)


def published_edition_id(key: str, number: int | None = None) -> int:
    """The row number of a framework's newest published edition, or of the edition with that number.

    Raises NotFound when there is none.
    """
    query = (
        select(Edition.id).join(Framework, Framework.id == Edition.framework_id).where(Framework.key == key)
    )
    if number is None:
        query = query.where(Edition.state == EditionState.PUBLISHED)
    else:
        query = query.where(Edition.number == number)
    found = db.session.scalar(query.order_by(Edition.number.desc()).limit(1))
    if found is None:
        raise NotFound(f"no such edition of {key}")
    return found
