"""Reads of drafts."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ScalarSelect, select
from sqlalchemy.orm import Session

from qa.accounts.models import Person
from qa.accounts.permissions import CurrentPerson
from qa.db import db
from qa.frameworks.document import to_document
from qa.frameworks.drafts.documents import from_text
from qa.frameworks.drafts.elements import Document
from qa.frameworks.models import Draft, DraftRevision, Edition, Framework
from qa.frameworks.reading import edition_tree
from qa.frameworks.sharing import manages
from qa.frameworks.states import EditionState
from qa.problems import NotFound


class DraftRecord(NamedTuple):
    """A draft edition. version: counts its changes; undo: what the last change did, None when none is
    kept.
    """

    edition_id: int
    framework_id: int
    area_id: int | None
    key: str
    number: int
    version: int
    document: Document
    changed_at: datetime | None
    changed_by: str | None
    undo: str | None


def draft(person: CurrentPerson, edition_id: int) -> DraftRecord:
    """A draft that the person may write. Raises NotFound for anything else: for a published edition too."""
    found = db.session.execute(
        select(Edition, Framework, Draft, Person.name, _last_change(edition_id))
        .join(Framework, Framework.id == Edition.framework_id)
        .outerjoin(Draft, Draft.edition_id == Edition.id)
        .outerjoin(Person, Person.id == Draft.changed_by_id)
        .where(Edition.id == edition_id, Edition.state == EditionState.DRAFT)
    ).one_or_none()
    if found is None:
        raise NotFound("no such draft")
    edition: Edition = found[0]
    framework: Framework = found[1]
    held: Draft | None = found[2]
    if not manages(person, framework.area_id):
        raise NotFound("no such draft")
    return DraftRecord(
        edition.id,
        framework.id,
        framework.area_id,
        framework.key,
        edition.number,
        edition.version,
        document_of(held, edition_id),
        held.changed_at if held is not None else None,
        found[3],
        found[4],
    )


def _last_change(edition_id: int) -> ScalarSelect[str]:
    return (
        select(DraftRevision.change)
        .where(DraftRevision.edition_id == edition_id)
        .order_by(DraftRevision.number.desc())
        .limit(1)
        .scalar_subquery()
    )


def document_of(held: Draft | None, edition_id: int) -> Document:
    """The draft's document; of a draft from before there were documents, what its rows say."""
    return from_text(held.document) if held else to_document(edition_tree(edition_id).content)


def open_draft_id(session: Session, framework_id: int) -> int | None:
    """The framework's draft: there is at most one at a time."""
    return session.scalar(
        select(Edition.id)
        .where(Edition.framework_id == framework_id, Edition.state == EditionState.DRAFT)
        .order_by(Edition.number.desc())
        .limit(1)
    )
