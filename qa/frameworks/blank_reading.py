"""Reads what a blank tool is made of."""

from qa.accounts.permissions import CurrentPerson
from qa.accounts.sectors import Sector
from qa.db import LONDON, today
from qa.frameworks.blank_tool import BlankOf
from qa.frameworks.checking import load_themes
from qa.frameworks.content import FrameworkContent
from qa.frameworks.drafts import queries as drafts
from qa.frameworks.drafts.checks import check_draft
from qa.frameworks.queries import edition_facts
from qa.frameworks.reading import edition_tree
from qa.frameworks.states import EditionState
from qa.problems import refused


def blank_of(person: CurrentPerson, edition_id: int, sector: Sector | None) -> BlankOf:
    """An edition as a tool to fill in, its questions for a sector or (None) for everybody.

    Raises NotFound for what the person may not see, and Refused for a draft that the checks find fault with:
    on paper nobody could tell what is meant.
    """
    facts = edition_facts(person, edition_id)
    if facts.state is EditionState.DRAFT:
        content = _draft_content(person, edition_id)
    else:
        content = edition_tree(edition_id).content
    day = facts.published_at.astimezone(LONDON).date() if facts.published_at else today()
    return BlankOf(content, facts.number, facts.state, facts.area or "", day, sector)


def _draft_content(person: CurrentPerson, edition_id: int) -> FrameworkContent:
    record = drafts.draft(person, edition_id)
    content = check_draft(record.document, load_themes().keys).content
    if content is None:
        raise refused("Put right what the checks name first: a draft can be printed when nothing is wrong")
    return content
