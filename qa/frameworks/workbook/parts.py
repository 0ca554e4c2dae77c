"""Reads parts of a framework out of cells: choices, lists, options, and where each stands. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from qa.frameworks.content import NOT_APPLICABLE, PROFILE_YES_NO, YES_NO_SCALE, Theme
from qa.frameworks.drafts.elements import new_key
from qa.frameworks.file_problems import quoted
from qa.frameworks.vocabulary import ProfileFieldType, QuestionType
from qa.frameworks.workbook import words
from qa.frameworks.workbook.conditions import Looked
from qa.frameworks.workbook.grid import Place
from qa.frameworks.workbook.tables import Cells, Findings, Path
from qa.frameworks.workbook.words import Answer, Answers

MOST_OPTIONS = 60

Document: TypeAlias = dict[str, Any]


@dataclass(slots=True)
class Read:
    """What a workbook holds. places: the cell of each part of the document, by its path.

    complete: whether all of it was read.
    """

    document: Document
    findings: Findings
    places: dict[Path, Place] = field(default_factory=dict)
    complete: bool = True


class PartReader:
    """Reads cells into the document and remembers which cell holds what."""

    def __init__(self, themes: Sequence[Theme], read: Read) -> None:
        self.out = read
        self.findings = read.findings
        self.document = read.document
        self.themes = Answers(Answer(theme.key, theme.name) for theme in themes)
        self.sectors = Answers(Answer(key, label) for key, label in words.SECTORS.items())
        self.scales = Answers(())
        self.looked: list[Looked] = []

    def keep(self, path: Path, cells: Cells, names: Collection[str]) -> None:
        """Remember the cell of each part, filled or not."""
        if cells.places:
            self.out.places.setdefault(path, next(iter(cells.places.values())))
        for name in names:
            place = cells.place(name)
            if place:
                self.out.places[*path, name] = place

    def rename(self, path: Path, name: str, cells: Cells, column: str) -> None:
        """Remember the cell of a part that has another name on the sheet."""
        place = cells.place(column)
        if place:
            self.out.places[*path, name] = place

    def choice(self, cells: Cells, name: str, words_of: dict[str, str]) -> str | None:
        """The key of the one word that a cell holds; another word is noted."""
        said = cells.text(name)
        key = words.key_of(said, words_of) if said else None
        if said and key is None:
            what = f"{quoted(said)} is not a choice here."
            cells.fault(name, what, words.remedy_for(said, words_of.values()))
        return key

    def several(self, path: Path, cells: Cells, name: str, answers: Answers, what: str) -> list[str]:
        """The keys that a cell names, each with the cell as its place."""
        said = cells.text(name)
        if not said:
            return []
        keys, unknown = answers.read(said)
        for text in unknown[:5]:
            cells.fault(name, *answers.unknown(text, what))
        for index in range(len(keys)):
            self.out.places[*path, name, index] = cells.places[name]
        return keys

    def one_scale(self, cells: Cells, name: str) -> str | None:
        """The key of the scale that a cell names; one that is not there is noted."""
        said = cells.text(name)
        key = self.scales.find(said) if said else None
        if said and key is None:
            cells.fault(
                name, f"There is no scale {quoted(said)}.", words.remedy_for(said, self.scales.labels)
            )
        return key

    def options(self, path: Path, cells: Cells) -> list[Document]:
        """The options of a cell, each with a key."""
        entries = words.read_options(cells.text("options"))
        if len(entries) > MOST_OPTIONS:
            cells.fault("options", f"There are {len(entries)} options.", f"Keep to {MOST_OPTIONS} at most.")
            return []
        taken = {key for key, _ in entries}
        options = []
        for index, (given, label) in enumerate(entries):
            key = given or new_key(label, taken, "option")
            taken.add(key)
            options.append({"key": key, "label": label})
            self.out.places[*path, "options", index] = cells.places["options"]
        return options


def filled(document: Document) -> Document:
    """Without what was left empty."""
    return {key: value for key, value in document.items() if value is not None and value not in ("", [], {})}


def question_answers(document: Document, question: Document) -> Answers | None:
    """The answers that a question offers: none for words and numbers; None when they cannot be known."""
    not_applicable = Answer(NOT_APPLICABLE, "Not applicable")
    match question.get("type"):
        case QuestionType.GRADE:
            scales = document.get("scales", ())
            scale = next((one for one in scales if one["key"] == question.get("scale")), None)
            if scale is None:
                return None
            grades = [Answer(one["key"], one.get("label", "")) for one in scale["grades"]]
            return Answers([*grades, not_applicable] if scale.get("not_applicable", True) else grades)
        case QuestionType.YES_NO:
            return Answers([*(Answer(one.key, one.label) for one in YES_NO_SCALE.grades), not_applicable])
        case QuestionType.SINGLE_CHOICE | QuestionType.SEVERAL_CHOICES:
            options = question.get("options")
            return Answers(Answer(one["key"], one["label"]) for one in options) if options else None
        case None:
            return None
        case _:
            return Answers(())


def profile_answers(entry: Document) -> Answers | None:
    """The answers that a case profile field offers, as for questions."""
    match entry.get("type"):
        case ProfileFieldType.SINGLE_CHOICE:
            options = entry.get("options")
            return Answers(Answer(one["key"], one["label"]) for one in options) if options else None
        case ProfileFieldType.YES_NO:
            return Answers(Answer(option.key, option.label) for option in PROFILE_YES_NO)
        case None:
            return None
        case _:
            return Answers(())
