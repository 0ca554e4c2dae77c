"""The checks of `framework check`, and gentle advice, on a draft: each beside the part that it concerns."""

from collections.abc import Collection
from typing import NamedTuple

from qa.frameworks.condition_rules import ConditionRules
from qa.frameworks.content import FrameworkContent
from qa.frameworks.document import from_document
from qa.frameworks.drafts.elements import Document, Element, Kind, Path, elements
from qa.frameworks.file_problems import ProblemList
from qa.frameworks.outline import Outline
from qa.frameworks.rules import Rules
from qa.frameworks.schema import FRAMEWORK_SCHEMA, validator
from qa.frameworks.shape import check_shape
from qa.frameworks.yaml_source import Source


class DraftProblem(NamedTuple):
    """What keeps a draft from being published. kind, key: the part it concerns; field: the key within it."""

    kind: Kind
    key: str
    field: str
    message: str
    remedy: str
    section: str | None = None


class DraftChecked(NamedTuple):
    """What the checks found. content: the framework, or None when there is any problem."""

    content: FrameworkContent | None
    problems: tuple[DraftProblem, ...]

    def of(self, kind: Kind, key: str = "") -> tuple[DraftProblem, ...]:
        """The problems of one part."""
        return tuple(one for one in self.problems if one.kind is kind and one.key == key)


class _DraftSource(Source):
    """A document that is no file: its parts have names instead of lines."""

    def spot(self, path: Path) -> str:
        """Where that is, for the middle of a sentence."""
        return "before"


def check_draft(document: Document, theme_keys: Collection[str]) -> DraftChecked:
    """Check a draft as its file would be checked. theme_keys: the themes that questions may name."""
    problems = ProblemList(f"{document.get('key', '')}.yaml")
    source = _DraftSource(document)
    check_shape(validator(FRAMEWORK_SCHEMA), source, problems)
    outline = Outline(source)
    Rules(source, outline, theme_keys, problems).check()
    ConditionRules(source, outline, problems).check()
    content = None if problems.found else from_document(document)
    parts = sorted(elements(document), key=lambda part: -len(part.path))
    found = [
        _beside(problem.path, problem.message, problem.plain_remedy, parts) for problem in problems.found
    ]
    order = {(part.kind, part.key): place for place, part in enumerate(elements(document))}
    found.sort(key=lambda problem: order[problem.kind, problem.key])
    return DraftChecked(content, tuple(found))


def _beside(path: Path, message: str, remedy: str, parts: list[Element]) -> DraftProblem:
    """The problem with the innermost part that its path leads to."""
    part = next(part for part in parts if path[: len(part.path)] == part.path)
    rest = path[len(part.path) :]
    return DraftProblem(part.kind, part.key, str(rest[0]) if rest else "", message, remedy, part.section)
