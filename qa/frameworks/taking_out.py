"""An edition's content for a file to take away."""

from qa.accounts.permissions import CurrentPerson
from qa.frameworks.checking import load_themes
from qa.frameworks.content import FrameworkContent
from qa.frameworks.drafts.checks import check_draft
from qa.frameworks.drafts.queries import draft
from qa.frameworks.queries import edition_facts
from qa.frameworks.reading import edition_tree
from qa.frameworks.states import EditionState
from qa.problems import refused


def content_to_take(person: CurrentPerson, edition_id: int) -> FrameworkContent:
    """What an edition says, a draft's as it stands.

    Raises NotFound for what the person may not see, and Refused for a draft with which something is wrong: it
    could not be brought in again.
    """
    if edition_facts(person, edition_id).state is not EditionState.DRAFT:
        return edition_tree(edition_id).content
    content = check_draft(draft(person, edition_id).document, load_themes().keys).content
    if content is None:
        raise refused("Put right what the checks name first: a draft can be downloaded when nothing is wrong")
    return content
