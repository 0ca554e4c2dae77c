"""The words that a workbook's cells hold, and the keys that they stand for. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from qa.accounts.sectors import Sector
from qa.frameworks.content import Option
from qa.frameworks.file_problems import did_you_mean, quoted
from qa.frameworks.types import QUESTION_TYPES
from qa.frameworks.vocabulary import (
    Colour,
    EvidenceRule,
    FrameworkKind,
    Method,
    ProfileFieldType,
    QuestionRole,
)

YES, NO = "Yes", "No"
KINDS = {entry.value: entry.label for entry in FrameworkKind}
METHODS = {entry.value: entry.label for entry in Method}
COLOURS = {entry.value: entry.label for entry in Colour}
EVIDENCE = {entry.value: entry.label for entry in EvidenceRule}
ROLES = {entry.value: entry.label for entry in QuestionRole}
SECTORS = {entry.value: entry.label for entry in Sector}
FIELD_TYPES = {
    ProfileFieldType.SINGLE_CHOICE.value: "One choice",
    ProfileFieldType.YES_NO.value: "Yes or no",
    ProfileFieldType.NUMBER.value: "Number",
}
TYPES = {str(key): kind.label for key, kind in QUESTION_TYPES.items()}
"""Key to label, as a cell shows it, in the order of a list to choose from."""

_ALSO = {
    "yes/no": "yes_no",
    "yes or no": "yes_no",
    "yes, no": "yes_no",
    "choice": "single_choice",
    "single choice": "single_choice",
    "multiple choice": "several_choices",
    "multi choice": "several_choices",
    "text": "long_text",
    "free text": "long_text",
    "paragraph": "long_text",
    "self-assessment": "self_assessment",
    "gray": "grey",
    "amber": "orange",
}
_TRUE, _FALSE = {"yes", "y", "true", "1", "x", "✓"}, {"no", "n", "false", "0", "-"}
_KEY = re.compile(r"[a-z][a-z0-9_]{0,59}\Z")
_KEYS_ALONE = re.compile(r"\[[a-z][a-z0-9_]{0,59}\](?:(?:, | or |\n)\[[a-z][a-z0-9_]{0,59}\])*\Z")
_BETWEEN = re.compile(r"\s*[,;/\n]\s*(?:or\s+)?|\s+or\s+", re.IGNORECASE)
_MOST_PIECES = 200


class Answer(NamedTuple):
    """One of several words that a cell may hold."""

    key: str
    label: str


def plain(text: str) -> str:
    """Text for comparing: white space and capitals do not count, nor the shape of quotation marks."""
    text = text.translate(str.maketrans("‘’“”", "''\"\""))
    return " ".join(text.split()).casefold()


def tidy(text: str) -> str:
    """Text with single spaces and without empty lines, so that searching it costs no more than its length."""
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def key_of(text: str, words: Mapping[str, str]) -> str | None:
    """The key of a word from a list, by its label or the key itself; None when it is not in the list."""
    wanted = plain(text)
    for key, label in words.items():
        if wanted in {plain(label), key, key.replace("_", " ")}:
            return key
    other = _ALSO.get(wanted)
    return other if other in words else None


def remedy_for(text: str, labels: Iterable[str]) -> str:
    """What to do about a word that is not in the list."""
    known = list(dict.fromkeys(labels))
    if not known:
        return "There is nothing to choose from yet."
    return did_you_mean(text, known) or f"Use one of: {'; '.join(known[:30])}."


def yes_or_no(text: str) -> bool | None:
    """What Yes or No stands for; None for another word."""
    wanted = plain(text)
    return True if wanted in _TRUE else False if wanted in _FALSE else None


def options_cell(options: Sequence[Option]) -> str:
    """Options as a cell shows them: one a line, its key in brackets at the end."""
    return "\n".join(f"{_one_entry(option.label)} [{option.key}]" for option in options)


def _one_entry(label: str) -> str:
    """A label whose further lines begin with an arrow; one that begins with an arrow itself has two."""
    first, *others = label.split("\n")
    return "\n".join([f"↳{first}" if first.startswith("↳") else first, *(f"↳ {line}" for line in others)])


def read_options(cell: str) -> list[tuple[str, str]]:
    """The options of a cell: key ("" when it has none) and label."""
    entries: list[str] = []
    for line in cell.split("\n"):
        if line.startswith("↳ ") and entries:
            entries[-1] += "\n" + line[2:]
        elif line.strip():
            entries.append(line.removeprefix("↳") if line.startswith("↳↳") else line)
    return [_with_key(entry.strip().lstrip("•").strip()) for entry in entries]


def _with_key(entry: str) -> tuple[str, str]:
    label, bracket, key = entry.rpartition("[")
    if bracket and label.strip() and key.endswith("]") and _KEY.match(key[:-1]):
        return key[:-1], label.strip()
    return "", entry


class Answers:
    """Words to choose several of, found again in a cell."""

    def __init__(self, answers: Iterable[Answer]) -> None:
        self.all = tuple(answers)
        self._exact: dict[str, str] = {}
        self._plain: dict[str, str] = {}
        for answer in reversed(self.all):
            self._plain[plain(answer.key)] = answer.key
        for answer in reversed(self.all):
            self._exact[answer.label] = answer.key
            self._plain[plain(answer.label)] = answer.key
        self._keys = {answer.key: answer.label for answer in self.all}

    @property
    def labels(self) -> list[str]:
        """What may be written."""
        return [answer.label for answer in self.all]

    def find(self, text: str) -> str | None:
        """The key of one word."""
        text = text.strip()
        if text.startswith("[") and text[1:-1] in self._keys:
            return text[1:-1]
        return (
            self._exact.get(text)
            or self._plain.get(plain(text.strip("“”\"'")))
            or self._plain.get(plain(text))
        )

    def find_label(self, label: str) -> str | None:
        """The key of one label, where nothing else may stand."""
        return self._exact.get(label) or self.find(label)

    def read(self, text: str) -> tuple[list[str], list[str]]:
        """The keys of the words in a cell, and the words that are none: in lines, or with commas or “or”."""
        text = tidy(text)
        if _KEYS_ALONE.match(text):
            keys = re.findall(r"\[([a-z0-9_]+)\]", text)
            if all(key in self._keys for key in keys):
                return keys, []
        whole = self.find(text)
        if whole is not None:
            return [whole], []
        pieces, ends = _pieces(text)
        keys, unknown, index = [], [], 0
        while index < len(pieces):
            for last in range(min(len(pieces), index + 12), index, -1):
                found = self.find(text[pieces[index] : ends[last - 1]])
                if found is not None:
                    keys.append(found)
                    index = last
                    break
            else:
                unknown.append(text[pieces[index] : ends[index]])
                index += 1
        return keys, unknown

    def write(self, keys: Sequence[str], *, lines: bool = False, bare: bool = False) -> str:
        """Keys as their words, in lines or as a sentence has them. bare: as keys in brackets."""
        words = [f"[{key}]" if bare else " ".join(self._keys[key].split()) for key in keys]
        if lines:
            return "\n".join(words)
        return ", ".join(words[:-1]) + " or " + words[-1] if len(words) > 1 else words[0]

    def cell(self, keys: Sequence[str]) -> str:
        """Keys as words in lines, or in brackets where the words would not lead back to them."""
        if not keys:
            return ""
        said = self.write(keys, lines=True)
        return said if self.read(said) == (list(keys), []) else self.write(keys, lines=True, bare=True)

    def unknown(self, text: str, what: str) -> tuple[str, str]:
        """Message and remedy for a word that is none of these."""
        return f"{quoted(text)} is {what}.", remedy_for(text, self.labels)


def _pieces(text: str) -> tuple[list[int], list[int]]:
    """Where the words between the separators begin and end."""
    starts, ends, begin = [], [], 0
    for between in [*_BETWEEN.finditer(text)][:_MOST_PIECES]:
        if between.start() > begin:
            starts.append(begin)
            ends.append(between.start())
        begin = between.end()
    if begin < len(text):
        starts.append(begin)
        ends.append(len(text))
    return starts, ends
