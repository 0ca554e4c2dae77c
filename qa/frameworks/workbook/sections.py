"""Reads the sheets of sections: a block of settings, and a table of questions below it. Pure."""

from collections.abc import Sequence
from itertools import islice
from typing import Any

from qa.frameworks.content import Theme
from qa.frameworks.drafts.elements import new_key
from qa.frameworks.file_problems import quoted
from qa.frameworks.vocabulary import Subject
from qa.frameworks.workbook import layout, words
from qa.frameworks.workbook.conditions import ConditionWords, Looked
from qa.frameworks.workbook.grid import Sheet
from qa.frameworks.workbook.parts import Document, PartReader, Read, filled, question_answers
from qa.frameworks.workbook.tables import (
    Cells,
    Path,
    Table,
    find_block,
    find_table,
    refuse_extra,
    refuse_others,
    table_rows,
)
from qa.frameworks.workbook.timescales import read_timescale
from qa.frameworks.workbook.words import Answer, Answers

MOST_QUESTIONS, MOST_SECTIONS = 100, 40


class SectionReader(PartReader):
    """Reads sections and their questions; conditions come last, when all that they name is known."""

    def __init__(self, themes: Sequence[Theme], read: Read) -> None:
        super().__init__(themes, read)
        self.conditions: list[tuple[Path, Cells]] = []
        self.evidence: list[tuple[Path, Cells]] = []
        self.timescales: list[tuple[Path, Cells]] = []

    def read_sections(self, sheets: Sequence[Sheet]) -> None:
        """Read every sheet of a section."""
        found: list[tuple[Sheet, Table, Cells]] = []
        for sheet in sheets[: MOST_SECTIONS + 1]:
            table = find_table(sheet, layout.QUESTION_COLUMNS, ("text", "type"))
            if table is None:
                self.findings.add(
                    sheet.place(1, 1),
                    "This sheet has no row with the headings “Question” and “Type”.",
                    "Copy the sheet of a section and fill that in, or remove this sheet.",
                )
                continue
            block, others = find_block(sheet, layout.SECTION_DETAILS, self.findings, table.begins)
            refuse_others(sheet, others, layout.SECTION_DETAILS, self.findings)
            found.append((sheet, table, block))
        rows = [self._rows(sheet, table) for sheet, table, _ in found]
        section_keys = {block.text("key") for _, _, block in found}
        question_keys = {cells.text("key") for section in rows for cells in section}
        sections = []
        for index, (sheet, table, block) in enumerate(found):
            path: Path = ("sections", index)
            section = self._section(path, block, section_keys)
            section["questions"] = [
                self._question((*path, "questions", place), cells, table, question_keys)
                for place, cells in enumerate(rows[index])
            ]
            self._numbered(section["questions"], rows[index], index + 1)
            self.out.places.setdefault((*path, "questions"), sheet.place(table.begins, 1))
            sections.append(section)
        if sections:
            self.document["sections"] = sections

    def _rows(self, sheet: Sheet, table: Table) -> list[Cells]:
        rows = list(islice(table_rows(sheet, table, self.findings), MOST_QUESTIONS + 1))
        extra = {column: heading for column, heading in table.extra.items() if not _describes(heading)}
        refuse_extra(sheet, table._replace(extra=extra), layout.QUESTION_COLUMNS, self.findings)
        return rows

    def _section(self, path: Path, block: Cells, taken: set[str]) -> Document:
        self.keep(path, block, [column.name for column in layout.SECTION_DETAILS])
        key = block.text("key") or new_key(block.text("title"), taken, "section")
        taken.add(key)
        if block.text("only_if"):
            self.conditions.append((path, block))
        return filled(
            {
                "key": key,
                "title": block.text("title"),
                "guidance": block.text("guidance"),
                "sectors": self.several(path, block, "sectors", self.sectors, "not a sector"),
                "weight": block.whole("weight"),
            }
        )

    def _question(self, path: Path, cells: Cells, table: Table, taken: set[str]) -> Document:
        self.keep(path, cells, [column.name for column in layout.QUESTION_COLUMNS])
        key = cells.text("key") or new_key(cells.text("text"), taken, "question")
        taken.add(key)
        question = filled(
            {
                "key": key,
                "text": cells.text("text"),
                "type": self.choice(cells, "type", words.TYPES),
                "scale": self.one_scale(cells, "scale"),
                "guidance": cells.text("guidance"),
                "options": self.options(path, cells),
                "unit": cells.text("unit"),
                "min": cells.number("min"),
                "max": cells.number("max"),
                "decimals": cells.whole("decimals"),
                "max_words": cells.whole("max_words"),
                "required": None if cells.yes("required") is not False else False,
                "evidence": self.choice(cells, "evidence", words.EVIDENCE),
                "sectors": self.several(path, cells, "sectors", self.sectors, "not a sector"),
                "themes": self.several(path, cells, "themes", self.themes, "not a theme"),
                "weight": cells.whole("weight"),
                "role": self.choice(cells, "role", words.ROLES),
            }
        )
        descriptors = self._descriptors(path, cells, table, question.get("scale"))
        if descriptors:
            question["descriptors"] = descriptors
        if cells.text("only_if"):
            self.conditions.append((path, cells))
        if cells.text("evidence_required_for"):
            self.evidence.append((path, cells))
        if cells.text("timescale"):
            self.timescales.append((path, cells))
        return question

    def _descriptors(self, path: Path, cells: Cells, table: Table, scale_key: str | None) -> Document:
        """What each grade looks like. A column belongs to the grade of that label in the question's scale."""
        row = next(iter(cells.places.values())).row
        scale = next((one for one in self.document.get("scales", ()) if one["key"] == scale_key), None)
        grades = (
            Answers(Answer(one["key"], one.get("label", "")) for one in scale["grades"]) if scale else None
        )
        described: Document = {}
        for column, heading in table.extra.items():
            label, place = layout.described_grade(heading), cells.sheet.place(row, column)
            value = Cells(self.findings, cells.sheet, {"": place}).text("")
            if label is None or not value:
                continue
            key = grades.find_label(label) if grades else None
            if key is None or key in described:
                what = f"{quoted(label)} is no grade of this question's scale."
                self.findings.add(place, what, "Empty this cell, or choose the scale that has the grade.")
                continue
            described[key] = value
            self.out.places[*path, "descriptors", key] = place
            self.out.places.setdefault((*path, "descriptors"), place)
        return described

    def _numbered(self, questions: list[Document], rows: list[Cells], section: int) -> None:
        """What conditions may look at, by the numbers on the sheet or else by place."""
        for place, (question, cells) in enumerate(zip(questions, rows, strict=True), 1):
            self.looked.append(
                Looked(
                    Subject.QUESTION,
                    question["key"],
                    question.get("text", ""),
                    question_answers(self.document, question),
                    cells.text("number") or f"{section}.{place}",
                )
            )

    def name_others(self) -> None:
        """What names other parts, once all of them are known."""
        conditions = ConditionWords(self.looked)
        for path, cells in self.conditions:
            self.findings.check_time()
            condition, faults = conditions.read(cells.text("only_if"))
            for fault in faults:
                cells.fault("only_if", fault.message, fault.remedy)
            if condition:
                self._at(path)["only_if"] = condition
        for path, cells in self.timescales:
            self.findings.check_time()
            timescale, wrong = read_timescale(cells.text("timescale"), conditions)
            if wrong:
                cells.fault("timescale", wrong.message, wrong.remedy)
            else:
                self._at(path)["timescale"] = timescale
        for path, cells in self.evidence:
            question = self._at(path)
            answers = question_answers(self.document, question)
            if answers is None:
                continue
            keys = self.several(path, cells, "evidence_required_for", answers, "no answer to this question")
            if keys:
                question["evidence_required_for"] = keys

    def _at(self, path: Path) -> Document:
        found: Any = self.document
        for step in path:
            found = found[step]
        return found  # type: ignore[no-any-return]


def _describes(heading: str) -> bool:
    return layout.described_grade(heading) is not None
