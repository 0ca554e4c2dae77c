"""Two editions read to be compared: published, withdrawn, or a draft as it stands."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from qa.accounts.permissions import CurrentPerson
from qa.frameworks.content import FrameworkContent
from qa.frameworks.document import from_document
from qa.frameworks.drafts.elements import Document
from qa.frameworks.drafts.queries import draft
from qa.frameworks.queries import EditionFacts, edition_facts
from qa.frameworks.reading import edition_tree
from qa.frameworks.states import EditionState
from qa.frameworks.vocabulary import FrameworkKind, Method

# What a draft may still be without, so that it can be compared all the same.
UNWRITTEN: Mapping[str, Any] = {
    "name": "",
    "summary": "",
    "kind": FrameworkKind.CASE_AUDIT.value,
    "method": Method.MULTI_AGENCY.value,
    "judgement_scale": "",
    "scales": (),
    "sections": (),
}


class Sides(NamedTuple):
    """Two editions. old, new: what they say; None for a draft that is too unfinished to be compared."""

    before: EditionFacts
    after: EditionFacts
    old: FrameworkContent | None
    new: FrameworkContent | None


def sides(person: CurrentPerson, old_id: int, new_id: int) -> Sides:
    """Both editions. Raises NotFound when the person may not see one of them."""
    before = edition_facts(person, old_id)
    after = before if new_id == old_id else edition_facts(person, new_id)
    old = content_of(person, before)
    return Sides(before, after, old, old if new_id == old_id else content_of(person, after))


def content_of(person: CurrentPerson, facts: EditionFacts) -> FrameworkContent | None:
    """What an edition says; None for a draft that is too unfinished. Raises NotFound for another's draft."""
    if facts.state is EditionState.DRAFT:
        return unfinished(draft(person, facts.id).document)
    return edition_tree(facts.id).content


def unfinished(document: Document) -> FrameworkContent | None:
    """What a draft says so far; None when it breaks the shape of a framework altogether."""
    sections = [{"questions": (), **section} for section in document.get("sections") or ()]
    given = {name: value for name, value in document.items() if value not in (None, "")}
    try:
        return from_document({**UNWRITTEN, **given, "sections": sections})
    except (AttributeError, KeyError, TypeError, ValueError):
        return None
