"""Makes a draft of what a person confirmed of a Word document."""

from sqlalchemy import select

from qa.accounts.permissions import CurrentPerson
from qa.db import writing
from qa.frameworks.drafts.commands import LARGEST_DRAFT, new_draft, start_blank
from qa.frameworks.drafts.documents import as_text
from qa.frameworks.drafts.elements import Document
from qa.frameworks.drafts.queries import open_draft_id
from qa.frameworks.models import Framework
from qa.frameworks.reading import edition_tree
from qa.frameworks.sharing import check_manages
from qa.problems import refused
from qa.trail.recording import record


def start_new(person: CurrentPerson, document: Document, area_id: int | None) -> int:
    """Start a new framework with that draft; gives back the draft's row number.

    Raises NotAllowed, and Refused when it is too large.
    """
    _check_size(document)
    return start_blank(person, document, area_id)


def start_following(person: CurrentPerson, edition_id: int, document: Document) -> int:
    """Start the next edition of that edition's framework with that draft; gives back the draft's row number.

    Raises NotFound, NotAllowed, and Refused when it is too large or the framework has a draft by now.
    """
    _check_size(document)
    with writing() as session:
        tree = edition_tree(edition_id)
        framework = session.scalars(
            select(Framework).where(Framework.id == tree.framework_id).with_for_update()
        ).one()
        check_manages(person, framework.area_id)
        if open_draft_id(session, framework.id) is not None:
            raise refused("This framework has a draft by now: publish or delete that one first")
        edition = new_draft(session, person.id, framework, {**document, "key": framework.key})
        record(
            session, person.id, "frameworks.draft_started", "edition", edition.id, area_id=framework.area_id
        )
        return edition.id


def _check_size(document: Document) -> None:
    if len(as_text(document)) > LARGEST_DRAFT:
        raise refused(f"A framework can hold {LARGEST_DRAFT:,} characters at most: leave something out")
