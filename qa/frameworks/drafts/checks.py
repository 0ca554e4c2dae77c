"""The checks of `framework check`, and gentle advice, on a draft: each beside the part that it concerns."""

from collections.abc import Collection
from typing import NamedTuple

from qa.frameworks.condition_rules import ConditionRules
from qa.frameworks.content import FrameworkContent
from qa.frameworks.document import from_document
from qa.frameworks.drafts.elements import Document, Element, Kind, Path, elements
from qa.frameworks.drafts.gentle import Advice, gentle_advice
from qa.frameworks.drafts.minutes import SectorMinutes, minutes_by_sector
from qa.frameworks.drafts.shapes import shape_errors
from qa.frameworks.file_problems import FileProblem, ProblemList
from qa.frameworks.naming import part_words
from qa.frameworks.outline import Outline
from qa.frameworks.rules import Rules
from qa.frameworks.shape import note_errors
from qa.frameworks.source import Source
from qa.frameworks.timescale_rules import TimescaleRules


class DraftProblem(NamedTuple):
    """What keeps a draft from being published. kind, key: the part it concerns; field: the key within it.

    section: the key of a question's section. part: the part in words, such as: the question “Why not?”.
    """

    kind: Kind
    key: str
    field: str
    message: str
    remedy: str
    section: str | None = None
    part: str = ""


class DraftChecked(NamedTuple):
    """What the checks found. content: the framework, or None when there is any problem.

    gentle: advice that keeps nothing from being published. minutes: about how long each sector takes.
    """

    content: FrameworkContent | None
    problems: tuple[DraftProblem, ...]
    gentle: tuple[Advice, ...] = ()
    minutes: tuple[SectorMinutes, ...] = ()

    def of(self, kind: Kind, key: str = "") -> tuple[DraftProblem, ...]:
        """The problems of one part."""
        return tuple(one for one in self.problems if one.kind is kind and one.key == key)

    def advice_on(self, kind: Kind, key: str = "") -> tuple[Advice, ...]:
        """The gentle advice on one part."""
        return tuple(one for one in self.gentle if one.kind is kind and one.key == key)


class _DraftSource(Source):
    """A document that is no file: its parts have names instead of lines."""

    def spot(self, path: Path) -> str:
        """Where that is, for the middle of a sentence."""
        return "before"


def check_draft(document: Document, theme_keys: Collection[str]) -> DraftChecked:
    """Check a draft as its file would be checked. theme_keys: the themes that questions may name."""
    problems = ProblemList(f"{document.get('key', '')}.yaml")
    source = _DraftSource(document)
    note_errors(shape_errors(document), source, problems)
    outline = Outline(source)
    Rules(source, outline, theme_keys, problems).check()
    ConditionRules(source, outline, problems).check()
    TimescaleRules(source, outline, problems).check()
    content = None if problems.found else from_document(document)
    parts = tuple(elements(document))
    found = _beside_parts(problems.found, document, parts) if problems.found else ()
    return DraftChecked(content, found, gentle_advice(parts), minutes_by_sector(document))


def _beside_parts(
    problems: list[FileProblem], document: Document, parts: tuple[Element, ...]
) -> tuple[DraftProblem, ...]:
    by_path = {part.path: (place, part) for place, part in enumerate(parts)}
    found = [(_innermost(problem.path, by_path), problem) for problem in problems]
    found.sort(key=lambda pair: pair[0][0])
    return tuple(_beside(problem, part, document) for (_place, part), problem in found)


def _innermost(path: Path, by_path: dict[Path, tuple[int, Element]]) -> tuple[int, Element]:
    """The innermost part that the path leads to; the details are at its beginning."""
    return next(by_path[path[:end]] for end in range(len(path), -1, -1) if path[:end] in by_path)


def _beside(problem: FileProblem, part: Element, document: Document) -> DraftProblem:
    rest = problem.path[len(part.path) :]
    return DraftProblem(
        part.kind,
        part.key,
        str(rest[0]) if rest else "",
        problem.plain_message,
        problem.plain_remedy,
        part.section,
        part_words(part.path, document),
    )
