"""The frameworks that come with the product, as files in audit_templates/."""

from functools import cache
from pathlib import Path
from typing import NamedTuple

from qa.frameworks.checking import check_file, load_themes
from qa.frameworks.content import FrameworkContent
from qa.problems import NotFound

FOLDER = Path(__file__).resolve().parents[2] / "audit_templates"


class BadShippedFile(Exception):
    """A file that comes with the product does not check; the message is the checker's."""


class Shipped(NamedTuple):
    """A shipped framework."""

    content: FrameworkContent

    @property
    def questions(self) -> int:
        """How many questions it has."""
        return len(self.content.questions)


@cache
def shipped_keys() -> frozenset[str]:
    """The keys of the shipped frameworks: no other framework may take them."""
    return frozenset(path.stem for path in FOLDER.glob("*.yaml") if path.stem != "themes")


def shipped() -> tuple[Shipped, ...]:
    """Every shipped framework, by name."""
    return tuple(sorted((one(key) for key in shipped_keys()), key=lambda entry: entry.content.name))


@cache
def one(key: str) -> Shipped:
    """The shipped framework with that key. Raises NotFound, or BadShippedFile when its file is damaged."""
    path = FOLDER / f"{key}.yaml"
    if not key.isidentifier() or key == "themes" or not path.is_file():
        raise NotFound("no such framework is shipped")
    result = check_file(path, load_themes().keys)
    if result.content is None:
        raise BadShippedFile("; ".join(str(problem) for problem in result.problems))
    return Shipped(result.content)
