"""The parts of a framework file that may still be wrong, found without trusting its shape.

The rules look at the file through this, so that a fault in one place does not keep them from looking at
the rest.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from qa.frameworks.content import NOT_APPLICABLE, PROFILE_YES_NO, YES_NO_SCALE
from qa.frameworks.source import Path, Source
from qa.frameworks.vocabulary import ProfileFieldType, QuestionType


class Part(NamedTuple):
    """A mapping in the file, such as a question, with its place."""

    path: Path
    document: dict[str, Any]

    @property
    def key(self) -> str:
        """Its key; "" when it has none."""
        return self.text("key")

    def text(self, name: str) -> str:
        """The text under that name; "" when there is none."""
        value = self.document.get(name)
        return value if isinstance(value, str) else ""

    def texts(self, name: str) -> list[tuple[Path, str]]:
        """The texts in the list under that name, each with its place."""
        value = self.document.get(name)
        entries = value if isinstance(value, list) else []
        return [
            ((*self.path, name, index), entry)
            for index, entry in enumerate(entries)
            if isinstance(entry, str)
        ]

    def parts(self, name: str) -> list["Part"]:
        """The mappings in the list under that name."""
        value = self.document.get(name)
        entries = value if isinstance(value, list) else []
        return [
            Part((*self.path, name, index), entry)
            for index, entry in enumerate(entries)
            if isinstance(entry, dict)
        ]

    def keys(self, name: str) -> list[str]:
        """The keys of the mappings in the list under that name, where they have one."""
        return [part.key for part in self.parts(name) if part.key]

    def at(self, name: str) -> Path:
        """The place of what stands under that name."""
        return (*self.path, name)


class Asked(NamedTuple):
    """A question with its section and its number in the file."""

    part: Part
    section: Part
    number: int

    @property
    def sectors(self) -> frozenset[str]:
        """The sectors that are asked it; empty: every one."""
        own, sections = sectors_of(self.part), sectors_of(self.section)
        return own & sections if own and sections else own | sections


def sectors_of(part: Part) -> frozenset[str]:
    """The sectors that a section or question names; empty: every one."""
    return frozenset(text for _, text in part.texts("sectors"))


class Outline:
    """A framework file, part by part."""

    def __init__(self, source: Source) -> None:
        data: dict[str, Any] = source.data if isinstance(source.data, dict) else {}
        self.root = Part((), data)
        self.scales: dict[str, Part] = {
            part.key: part for part in reversed(self.root.parts("scales")) if part.key
        }
        self.profile = {part.key: part for part in reversed(self.root.parts("profile")) if part.key}
        self.sections = self.root.parts("sections")
        self.asked = [
            Asked(part, section, number)
            for number, (section, part) in enumerate(
                (section, part) for section in self.sections for part in section.parts("questions")
            )
        ]
        self.questions = {asked.part.key: asked for asked in reversed(self.asked) if asked.part.key}

    def conditions(self) -> Iterator[tuple[Part, "Asked | None", Part]]:
        """Every clause of every condition, with what it is on; Asked is None for a section."""
        for section in self.sections:
            for clause in clauses_of(section):
                yield section, None, clause
        for asked in self.asked:
            for clause in clauses_of(asked.part):
                yield asked.part, asked, clause

    def answers(self, question: Part) -> list[str] | None:
        """The keys of the answers a question offers; empty for none, None when that cannot be known."""
        match question.text("type"):
            case QuestionType.GRADE:
                scale = self.scales.get(question.text("scale"))
                if scale is None:
                    return None
                extra = [] if scale.document.get("not_applicable") is False else [NOT_APPLICABLE]
                return scale.keys("grades") + extra
            case QuestionType.YES_NO:
                return [*(grade.key for grade in YES_NO_SCALE.grades), NOT_APPLICABLE]
            case QuestionType.SINGLE_CHOICE | QuestionType.SEVERAL_CHOICES:
                return question.keys("options") or None
            case kind:
                return [] if kind in set(QuestionType) else None

    def profile_answers(self, part: Part) -> list[str] | None:
        """The keys of the answers a profile field offers; as for `answers`."""
        match part.text("type"):
            case ProfileFieldType.SINGLE_CHOICE:
                return part.keys("options") or None
            case ProfileFieldType.YES_NO:
                return [option.key for option in PROFILE_YES_NO]
            case kind:
                return [] if kind in set(ProfileFieldType) else None


def clauses_of(part: Part) -> list[Part]:
    """The clauses of a section's or question's condition."""
    value = part.document.get("only_if")
    if not isinstance(value, dict):
        return []
    condition = Part(part.at("only_if"), value)
    return condition.parts("all") + condition.parts("any") or [condition]
