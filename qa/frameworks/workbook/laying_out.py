"""Lays a framework out as the sheets of a workbook. Pure: fonts and colours are said elsewhere."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from qa.frameworks.content import (
    NOT_APPLICABLE,
    YES_NO_SCALE,
    FrameworkContent,
    ProfileField,
    Question,
    Scale,
    Section,
    Theme,
)
from qa.frameworks.vocabulary import QuestionType, Subject
from qa.frameworks.workbook import layout, words
from qa.frameworks.workbook.conditions import ConditionWords, Looked
from qa.frameworks.workbook.grid import Sheet, Value
from qa.frameworks.workbook.layout import Column
from qa.frameworks.workbook.timescales import write_timescale
from qa.frameworks.workbook.words import Answer, Answers
from qa.problems import refused

MOST_CHARACTERS = 32_767  # of a cell, by Excel's own limit
SPARE_ROWS = 200  # rows below the last that offer lists to choose from


@dataclass(slots=True)
class Laid:
    """A sheet with what makes it pleasant to fill in.

    styles: "heading", "label", "text", "number", "title" or "example" by cell. notes: guidance by cell.
    widths: characters by column. lists: cells (first row, last row, column), the list's name, and whether
    nothing else may be typed. frozen: the cell above and left of which everything stays in view.
    column_styles: for cells that are still empty. key_cells: the cells that hold keys.
    """

    sheet: Sheet
    styles: dict[tuple[int, int], str] = field(default_factory=dict)
    notes: dict[tuple[int, int], str] = field(default_factory=dict)
    widths: dict[int, int] = field(default_factory=dict)
    lists: list[tuple[tuple[int, int, int], str, bool]] = field(default_factory=list)
    column_styles: dict[int, str] = field(default_factory=dict)
    frozen: tuple[int, int] | None = None
    hidden: bool = False
    key_cells: list[tuple[int, int]] = field(default_factory=list)

    def put(self, row: int, column: int, value: Value | None, style: str) -> None:
        """Fill a cell; "" and None leave it empty but styled."""
        if isinstance(value, str) and len(value.encode("utf-16-le")) > MOST_CHARACTERS * 2:
            raise refused(
                f"“{self.sheet.name}” would have a cell with more text than Excel takes: download it as YAML"
            )
        if value not in ("", None):
            self.sheet.cells[row, column] = value
        self.styles[row, column] = style


def lay_out(content: FrameworkContent, themes: Sequence[Theme], *, keys: bool = True) -> list[Laid]:
    """The sheets of a framework's workbook, in order. themes: those that questions may name.

    keys: whether the keys are shown; without them it is a workbook for a new framework.
    Raises Refused when a text is too long for a cell of Excel.
    """
    sheets = _Laying(content, themes).sheets()
    if not keys:
        for laid in sheets:
            for place in laid.key_cells:
                laid.sheet.cells.pop(place, None)
    return sheets


class _Laying:
    def __init__(self, content: FrameworkContent, themes: Sequence[Theme]) -> None:
        self.content = content
        self.scales = Answers(Answer(scale.key, scale.name) for scale in content.scales)
        self.themes = Answers(Answer(theme.key, theme.name) for theme in themes)
        self.sectors = Answers(Answer(key, label) for key, label in words.SECTORS.items())
        self.answers = {question.key: self._answers(question) for question in content.questions}
        self.conditions = ConditionWords(self._looked())
        names = layout.sheet_names([section.title for section in content.sections])
        fixed = [layout.HELP, layout.FRAMEWORK, layout.SCALES, layout.PROFILE]
        self.names = [*fixed, *names, layout.LISTS]

    def sheets(self) -> list[Laid]:
        laid = [Laid(Sheet(name, order)) for order, name in enumerate(self.names)]
        guide, details, scales, profile, *sections, lists = laid
        _help(guide)
        self._details(details)
        self._scales(scales)
        self._profile(profile)
        for number, (sheet, section) in enumerate(zip(sections, self.content.sections, strict=True), 1):
            self._section(sheet, section, number)
        self._lists(lists)
        return laid

    def _answers(self, question: Question) -> Answers:
        not_applicable = Answer(NOT_APPLICABLE, "Not applicable")
        match question.type:
            case QuestionType.GRADE:
                scale = self.content.scale(question.scale or "")
                grades = [Answer(grade.key, grade.label) for grade in scale.grades]
                return Answers([*grades, not_applicable] if scale.not_applicable else grades)
            case QuestionType.YES_NO:
                grades = [Answer(grade.key, grade.label) for grade in YES_NO_SCALE.grades]
                return Answers([*grades, not_applicable])
            case _:
                return Answers(Answer(option.key, option.label) for option in question.options)

    def _looked(self) -> Iterable[Looked]:
        for number, section in enumerate(self.content.sections, 1):
            for place, question in enumerate(section.questions, 1):
                answers = self.answers[question.key]
                yield Looked(Subject.QUESTION, question.key, question.text, answers, f"{number}.{place}")
        for entry in self.content.profile:
            answers = Answers(Answer(option.key, option.label) for option in entry.choices)
            yield Looked(Subject.PROFILE, entry.key, entry.label, answers)

    def _details(self, laid: Laid) -> None:
        content = self.content
        values: dict[str, Value | None] = {
            "name": content.name,
            "summary": content.summary,
            "kind": words.KINDS[content.kind],
            "method": words.METHODS[content.method],
            "judgement_scale": self.scales.cell([content.judgement_scale] if content.judgement_scale else []),
            "key": content.key,
        }
        row = _block(laid, layout.DETAILS, values)
        sources = [*content.sources, *[""] * max(1, 4 - len(content.sources))]
        for place, source in enumerate(sources, row):
            laid.put(place, 1, layout.SOURCE, "label")
            laid.put(place, 2, source, "text")
        laid.notes[row, 1] = "Guidance and law that it rests on: one source a row, each row called Source."

    def _scales(self, laid: Laid) -> None:
        _headings(laid, layout.SCALE_COLUMNS, 1)
        row = 2
        for scale in self.content.scales:
            first = {
                "scale": scale.name,
                "not_applicable": words.YES if scale.not_applicable else words.NO,
                "scale_key": scale.key,
            }
            for grade in scale.grades:
                values: dict[str, Value | None] = {
                    "label": grade.label,
                    "score": grade.score,
                    "colour": words.COLOURS[grade.colour],
                    "meets_standard": words.YES if grade.meets_standard else words.NO,
                    "descriptor": grade.descriptor,
                    "key": grade.key,
                    **first,
                }
                _row(laid, layout.SCALE_COLUMNS, row, values)
                row, first = row + 1, {}

    def _profile(self, laid: Laid) -> None:
        _headings(laid, layout.PROFILE_COLUMNS, 1)
        for row, entry in enumerate(self.content.profile, 2):
            _row(laid, layout.PROFILE_COLUMNS, row, _profile_values(entry))

    def _section(self, laid: Laid, section: Section, number: int) -> None:
        values: dict[str, Value | None] = {
            "title": section.title,
            "guidance": section.guidance,
            "sectors": self.sectors.cell([sector.value for sector in section.sectors]),
            "only_if": self.conditions.write(section.only_if),
            "weight": None if section.weight == 1 else section.weight,
            "key": section.key,
        }
        row = _block(laid, layout.SECTION_DETAILS, values) + 1
        scales = self._scales_in(section)
        labels = list(dict.fromkeys(grade.label for scale in scales for grade in scale.grades))
        described = [
            layout.DESCRIPTOR._replace(name=f"={label}", heading=layout.descriptor_heading(label))
            for label in labels
        ]
        columns = (*layout.BEFORE_DESCRIPTORS, *described, *layout.AFTER_DESCRIPTORS)
        _headings(laid, columns, row)
        laid.frozen = (row + 1, 3)
        for place, question in enumerate(section.questions, 1):
            values = self._question(question) | {"number": f"{number}.{place}"}
            _row(laid, columns, row + place, values)

    def _scales_in(self, section: Section) -> list[Scale]:
        used = {question.scale for question in section.questions if question.scale}
        used = used or {self.content.judgement_scale}
        return [scale for scale in self.content.scales if scale.key in used]

    def _question(self, question: Question) -> dict[str, Value | None]:
        answers = self.answers[question.key]
        values: dict[str, Value | None] = {
            "text": question.text,
            "type": words.TYPES[question.type],
            "scale": self.scales.cell([question.scale] if question.scale else []),
            "guidance": question.guidance,
            "options": words.options_cell(question.options),
            "required": words.YES if question.required else words.NO,
            "evidence": words.EVIDENCE[question.evidence],
            "evidence_required_for": answers.cell(question.evidence_required_for),
            "sectors": self.sectors.cell([sector.value for sector in question.sectors]),
            "only_if": self.conditions.write(question.only_if),
            "themes": self.themes.cell(question.themes),
            "weight": None if question.weight == 1 else question.weight,
            "role": words.ROLES[question.role] if question.role else "",
            "unit": question.unit,
            "min": _number(question.min),
            "max": _number(question.max),
            "decimals": question.decimals or None,
            "max_words": question.max_words,
            "timescale": write_timescale(question.timescale, self.conditions),
            "key": question.key,
        }
        if question.scale:
            labels = {grade.key: grade.label for grade in self.content.scale(question.scale).grades}
            values |= {f"={labels[entry.grade]}": entry.text for entry in question.descriptors}
        return values

    def _lists(self, laid: Laid) -> None:
        laid.hidden = True
        lists = {
            "kinds": words.KINDS.values(),
            "methods": words.METHODS.values(),
            "colours": words.COLOURS.values(),
            "field_types": words.FIELD_TYPES.values(),
            "types": words.TYPES.values(),
            "evidence": words.EVIDENCE.values(),
            "sectors": words.SECTORS.values(),
            "roles": words.ROLES.values(),
            "yes_no": (words.YES, words.NO),
            "themes": self.themes.labels,
        }
        for column, (name, entries) in enumerate(lists.items(), 1):
            laid.put(1, column, name, "heading")
            for row, entry in enumerate(entries, 2):
                laid.put(row, column, entry, "text")


def _profile_values(entry: ProfileField) -> dict[str, Value | None]:
    return {
        "label": entry.label,
        "type": words.FIELD_TYPES[entry.type],
        "required": words.YES if entry.required else words.NO,
        "pathway": words.YES if entry.pathway else words.NO,
        "options": words.options_cell(entry.options),
        "key": entry.key,
    }


def _number(value: Decimal | None) -> Value | None:
    """A number, as text where Excel would not keep every figure of it."""
    if value is None:
        return None
    if value == int(value):
        return int(value)
    return value if Decimal(repr(float(value))) == value else format(value, "f")


def _block(laid: Laid, rows: Sequence[Column], values: dict[str, Value | None]) -> int:
    """Settings, one a row: its name and its value; gives back the next free row."""
    laid.widths |= {1: 18, 2: 60}
    for row, entry in enumerate(rows, 1):
        laid.put(row, 1, entry.heading, "label")
        laid.put(row, 2, values.get(entry.name), "number" if entry.number else "text")
        laid.notes[row, 1] = entry.note
        if entry.name == "key":
            laid.key_cells.append((row, 2))
        if entry.list_name:
            laid.lists.append(((row, row, 2), entry.list_name, entry.strict))
    return len(rows) + 1


def _headings(laid: Laid, columns: Sequence[Column], row: int) -> None:
    laid.frozen = (row + 1, 2)
    for place, column in enumerate(columns, 1):
        laid.put(row, place, column.heading, "heading")
        laid.notes[row, place] = column.note
        laid.widths[place] = max(column.width, laid.widths.get(place, 0))
        laid.column_styles[place] = "number" if column.number else "text"
        if column.list_name:
            laid.lists.append(((row + 1, row + SPARE_ROWS, place), column.list_name, column.strict))


def _row(laid: Laid, columns: Sequence[Column], row: int, values: dict[str, Value | None]) -> None:
    for place, column in enumerate(columns, 1):
        value = values.get(column.name)
        if column.name in {"key", "scale_key"}:
            laid.key_cells.append((row, place))
        laid.put(row, place, value, "number" if column.number else "text")


_STEPS = (
    "1. Fill in the sheets Framework, Scales and Case profile. Point at a heading to read about it.",
    "2. Each section is a sheet, in their order. For another section copy a sheet and empty its keys.",
    "3. Write one question a row. Delete a row to take a question out; move rows to change their order.",
    "4. Leave the column Key empty for what is new. Never change a key: by it years are compared.",
    "5. Write words, not formulas, and merge no cells. Columns may stand in another order.",
    (
        "6. Save it as an Excel workbook (.xlsx) and bring it in under Frameworks. If anything is wrong, "
        "every problem is shown with its sheet and cell, and nothing is brought in."
    ),
)
_EXAMPLES = (
    (
        "1.1",
        "Was consent sought?",
        "Yes, partly or no",
        "",
        "Look for the date and who gave it.",
        "Yes",
        "Optional",
        "",
    ),
    ("1.2", "Why was consent not sought?", "Long text", "", "", "Yes", "None", "“Was consent sought?” is No"),
)
_EXAMPLE_HEADINGS = ("Number", "Question", "Type", "Scale", "Guidance", "Required", "Evidence", "Asked when")


def _help(laid: Laid) -> None:
    """The sheet that is for reading only."""
    laid.widths |= {1: 14, 2: 60, 3: 20, 4: 16, 5: 40, 6: 12, 7: 12, 8: 36}
    laid.put(1, 2, "How to fill this in", "title")
    for row, step in enumerate(_STEPS, 2):
        laid.put(row, 2, step, "text")
    row = len(_STEPS) + 3
    laid.put(
        row,
        2,
        "Two questions as an example. The second is asked only when the first was answered No.",
        "label",
    )
    for column, heading in enumerate(_EXAMPLE_HEADINGS, 1):
        laid.put(row + 1, column, heading, "heading")
    for place, example in enumerate(_EXAMPLES, row + 2):
        for column, value in enumerate(example, 1):
            laid.put(place, column, value, "example")
