"""What a workbook that comes back says: section by section as the form of a page would say it, with the cell
of each word, and what is wrong with it.

It is opened by the same reader as a framework's workbook: within limits, no macros, nothing of other files.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from qa.config import ImportLimits
from qa.frameworks.answers import date_names, evidence_name, value_name, version_name
from qa.frameworks.content import FrameworkContent, Question
from qa.frameworks.editions import EditionTree
from qa.frameworks.file_problems import did_you_mean
from qa.frameworks.vocabulary import EvidenceRule, QuestionType
from qa.frameworks.workbook.archive import BadArchive
from qa.frameworks.workbook.grid import Odd, Place, Value
from qa.frameworks.workbook.grid import Sheet as Cells
from qa.frameworks.workbook.opening import open_workbook
from qa.frameworks.workbook.words import plain, yes_or_no
from qa.problems import refused
from qa.returns.drafts import FormKey, form_key, read_mark
from qa.returns.offline import keys
from qa.returns.records import ReturnRecord
from qa.returns.typed import finding_name, mark_name

NOT_OURS = (
    "This is not the form of a return. Download the form on this page, complete that one and choose it here"
)
_DATE = re.compile(r"(\d{1,4})[\s./-]+([A-Za-z]+|\d{1,2})[\s.,/-]+(\d{1,4})(?:[T ].*)?\Z")


class Fields(dict[str, list[str]]):
    """A form as `request.form` gives one."""

    def getlist(self, key: str, /) -> list[str]:
        """Every value sent under that name."""
        return self.get(key, [])


class Wrong(NamedTuple):
    """Something wrong with a cell. place: None for the file as a whole."""

    place: Place | None
    message: str


@dataclass(slots=True)
class Filled:
    """A workbook that was read. key: of its download. forms: by section. places: the cell of each box, by
    section and the box's name in the form.
    """

    key: FormKey
    forms: dict[str, Fields] = field(default_factory=dict)
    places: dict[tuple[str, str], Place] = field(default_factory=dict)
    wrong: list[Wrong] = field(default_factory=list)


def read_filled(raw: bytes, limits: ImportLimits, record: ReturnRecord, tree: EditionTree) -> Filled:
    """What the workbook says. Raises Refused ("file") when it is no form, or that of another return."""
    try:
        sheets, _ = open_workbook(raw, limits, as_typed=True)
    except BadArchive as bad:
        message = f"{bad.message} {bad.remedy}".replace("A framework is far smaller: remove", "Remove")
        raise refused(message.replace("A framework is far smaller: take", "Take"), "file") from None
    identity = _identity(sheets)
    key = _check_identity(identity, record, tree)
    filled = Filled(key)
    reader = _Reader(filled, tree, identity)
    for sheet in sheets:
        if sheet.name != keys.IDENTITY:
            reader.read(sheet)
    reader.finish()
    return filled


def _identity(sheets: Iterable[Cells]) -> Mapping[str, str]:
    for sheet in sheets:
        if sheet.name == keys.IDENTITY:
            return {
                str(row[1]): str(row[2])
                for _, row in sheet.rows()
                if isinstance(row.get(1), str) and isinstance(row.get(2), str)
            }
    return {}


def _check_identity(identity: Mapping[str, str], record: ReturnRecord, tree: EditionTree) -> FormKey:
    key = form_key(identity.get("form", ""))
    if identity.get(keys.FORM) != keys.FORMAT or key is None:
        raise refused(NOT_OURS, "file")
    if identity.get("return") != str(record.id):
        case, agency = identity.get("case", "?")[:80], identity.get("agency", "?")[:160]
        raise refused(
            f"This is the form of another return: {agency}, case {case}. Open that return to take it in",
            "file",
        )
    if identity.get("edition") != str(tree.id):
        raise refused(
            "This form was made before the audit moved to another edition of its framework. "
            "Download the form again and copy your answers into it",
            "file",
        )
    return key


class _Reader:
    """Gathers the rows of the sheets, wherever they stand by now."""

    def __init__(self, filled: Filled, tree: EditionTree, identity: Mapping[str, str]) -> None:
        self.filled = filled
        self.content: FrameworkContent = tree.content
        self.identity = identity
        self.questions = {keys.question_row(one.key): one for one in self.content.questions}
        self.options = {
            keys.option_row(one.key, option.key): (one, option.key)
            for one in self.content.questions
            if one.type is QuestionType.SEVERAL_CHOICES
            for option in one.options
        }
        self.ticked: dict[str, list[str]] = {}
        self.seen: set[str] = set()

    def read(self, sheet: Cells) -> None:
        """One sheet. Rows that only say something have no key and no words in a box."""
        rows = sheet.rows()
        section = self._section(row for _, row in rows)
        for number, row in rows:
            key = row.get(keys.KEYS)
            if isinstance(key, str) and key:
                self._row(sheet, number, key, row, section)
            elif section and isinstance(row.get(keys.ABOUT), str | None) and self._stray(row):
                self.filled.wrong.append(
                    Wrong(
                        sheet.place(number, keys.ANSWER),
                        "This row belongs to no question. Move its words to the row of one, or clear it",
                    )
                )

    def _stray(self, row: Mapping[int, Value]) -> bool:
        heads = row.get(keys.ANSWER) in {"Answer", "In your words"}
        return not heads and any(row.get(column) for column in (keys.ANSWER, keys.EVIDENCE))

    def _section(self, rows: Iterable[Mapping[int, Value]]) -> str:
        """The section that most of a sheet is of: that of its first question."""
        for row in rows:
            question = self.questions.get(str(row.get(keys.KEYS, "")))
            if question is not None:
                return self.content.section_of(question.key).key
        return ""

    def _row(self, sheet: Cells, number: int, key: str, row: Mapping[int, Value], section: str) -> None:
        answer = sheet.place(number, keys.ANSWER)
        if key in self.seen:
            self.filled.wrong.append(
                Wrong(answer, "This row is in the workbook twice. Remove one of the two")
            )
            return
        self.seen.add(key)
        question, option = self.questions.get(key), self.options.get(key)
        if question is not None:
            self._question(sheet, number, question, row)
        elif option is not None:
            self._option(answer, *option, self._text(answer, row.get(keys.ANSWER)))
        elif key.startswith("f:") and section and f"mark {key}" in self.identity:
            self._finding(answer, key.removeprefix("f:"), self._text(answer, row.get(keys.ANSWER)), section)

    def _question(self, sheet: Cells, number: int, question: Question, row: Mapping[int, Value]) -> None:
        mark = self.identity.get(f"mark {keys.question_row(question.key)}", "")
        if read_mark(mark) is None:
            raise refused(NOT_OURS, "file")
        section = self.content.section_of(question.key).key
        fields = self._fields(section)
        fields[version_name(question.key)] = [mark]
        place = sheet.place(number, keys.ANSWER)
        name = value_name(question.key)
        self.filled.places[section, name] = place
        text = self._text(place, row.get(keys.ANSWER))
        if question.type is QuestionType.DATE:
            self._date(place, question, text, fields)
        elif question.type in keys.CHOSEN:
            fields[name] = self._chosen(place, question, text)
        elif question.type is not QuestionType.SEVERAL_CHOICES:
            fields[name] = [text]
        if question.evidence is not EvidenceRule.NONE:
            evidence = sheet.place(number, keys.EVIDENCE)
            self.filled.places[section, evidence_name(question.key)] = evidence
            fields[evidence_name(question.key)] = [self._text(evidence, row.get(keys.EVIDENCE))]

    def _chosen(self, place: Place, question: Question, text: str) -> list[str]:
        if not text.strip():
            return []
        options = keys.options_of(question, self.content)
        for option in options:
            if plain(text) in {plain(option.label), option.key}:
                return [option.key]
        labels = [option.label for option in options]
        remedy = did_you_mean(text, labels) or f"Choose one of: {'; '.join(labels[:30])}."
        self.filled.wrong.append(Wrong(place, f"“{_short(text)}” is not one of the answers. {remedy}"))
        return []

    def _date(self, place: Place, question: Question, text: str, fields: Fields) -> None:
        parts = ["", "", ""]
        if text.strip():
            found = _DATE.match(text.strip())
            if found is None:
                message = f"“{_short(text)}” is not a date. Type it like 27/3/2025"
                self.filled.wrong.append(Wrong(place, message))
                return
            parts = [found[1], found[2], found[3]]
            if len(parts[0]) == 4:  # 2025-03-27
                parts.reverse()
        for name, part in zip(date_names(question.key), parts, strict=True):
            fields[name] = [part]
            self.filled.places[self.content.section_of(question.key).key, name] = place

    def _option(self, place: Place, question: Question, option: str, text: str) -> None:
        ticked = self.ticked.setdefault(question.key, [])
        said = yes_or_no(text) if text.strip() else False
        if said is None:
            message = f"“{_short(text)}” is neither Yes nor No. Choose Yes, or leave the cell empty"
            self.filled.wrong.append(Wrong(place, message))
        elif said:
            ticked.append(option)

    def _finding(self, place: Place, ref: str, text: str, section: str) -> None:
        fields = self._fields(section)
        fields[finding_name(ref)] = [text]
        fields[mark_name(ref)] = [self.identity[f"mark {keys.finding_row(ref)}"]]
        self.filled.places[section, finding_name(ref)] = place

    def _fields(self, section: str) -> Fields:
        return self.filled.forms.setdefault(section, Fields(form=[str(self.filled.key)]))

    def _text(self, place: Place, value: Value | None) -> str:
        """A cell's text, whatever it holds."""
        if isinstance(value, Odd):
            self.filled.wrong.append(
                Wrong(place, "This cell shows an error of Excel. Type the answer itself")
            )
            return ""
        if isinstance(value, bool):
            return "Yes" if value else "No"
        if isinstance(value, Decimal):
            return format(value, "f")
        return "" if value is None else str(value)

    def finish(self) -> None:
        """Several choices, once every row of them was seen. A question without all its rows is left alone."""
        for key, ticked in self.ticked.items():
            question = self.content.question(key)
            rows = {keys.option_row(key, option.key) for option in question.options}
            fields = self.filled.forms.get(self.content.section_of(key).key, Fields())
            if rows <= self.seen and version_name(key) in fields:
                fields[value_name(key)] = ticked
            else:
                fields.pop(version_name(key), None)


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 60 else f"{text[:59]}…"
