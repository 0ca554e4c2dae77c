"""Reads for bringing in a Word document."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from qa.accounts.permissions import CurrentPerson
from qa.db import db
from qa.frameworks.document import to_document
from qa.frameworks.drafts.elements import Document
from qa.frameworks.models import Edition, Framework
from qa.frameworks.queries import managed
from qa.frameworks.reading import edition_tree
from qa.frameworks.states import EditionState
from qa.problems import NotFound


class Followed(NamedTuple):
    """The newest edition of a framework that has no draft: what a next edition would follow."""

    edition_id: int
    name: str
    number: int


def to_follow(person: CurrentPerson) -> Sequence[Followed]:
    """The editions that the person may write the next one of, by name. One statement."""
    other = aliased(Edition)
    newest = (
        select(func.max(other.number))
        .where(other.framework_id == Framework.id)
        .correlate(Framework)
        .scalar_subquery()
    )
    drafts = (
        select(other.id)
        .where(other.framework_id == Framework.id, other.state == EditionState.DRAFT)
        .correlate(Framework)
        .exists()
    )
    rows = db.session.execute(
        select(Edition.id, Edition.name, Edition.number)
        .join(Framework, Framework.id == Edition.framework_id)
        .where(managed(person), Edition.number == newest, ~drafts)
        .order_by(func.lower(Edition.name), Edition.id)
    )
    return [Followed(*row) for row in rows]


def followed(person: CurrentPerson, edition_id: int) -> tuple[Followed, Document]:
    """An edition that a next one would follow, with what it says.

    A draft that was started meanwhile is for the command to refuse. Raises NotFound for an edition that the
    person may not write the next one of.
    """
    row = db.session.execute(
        select(Edition.id, Edition.name, Edition.number)
        .join(Framework, Framework.id == Edition.framework_id)
        .where(managed(person), Edition.id == edition_id, Edition.state != EditionState.DRAFT)
    ).one_or_none()
    if row is None:
        raise NotFound("no such edition")
    return Followed(*row), to_document(edition_tree(edition_id).content)
