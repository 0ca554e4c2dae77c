"""Reads a framework out of the sheets of a workbook, as a document in the shape of its file. Pure.

Forgiving of the order of columns, of empty rows and columns, of capitals and of labels in place of keys.
What cannot be understood is noted with its cell; the document holds what could be. Whether the document is a
right framework is for the checks to say.
"""

from collections.abc import Callable, Sequence
from itertools import islice
from string import ascii_uppercase

from qa.frameworks.content import NOT_APPLICABLE, Theme
from qa.frameworks.drafts.elements import new_key
from qa.frameworks.file_problems import quoted
from qa.frameworks.vocabulary import Subject
from qa.frameworks.workbook import layout, words
from qa.frameworks.workbook.conditions import Looked
from qa.frameworks.workbook.grid import Place, Sheet, column_of
from qa.frameworks.workbook.layout import Column
from qa.frameworks.workbook.parts import Document, Read, filled, profile_answers
from qa.frameworks.workbook.sections import SectionReader
from qa.frameworks.workbook.tables import (
    Cells,
    Findings,
    Path,
    Table,
    TooManyProblems,
    find_block,
    find_table,
    only_values,
    refuse_extra,
    refuse_others,
    table_rows,
)
from qa.frameworks.workbook.words import Answer, Answers, plain

MOST_SCALE_ROWS, MOST_FIELDS = 100, 40


def read_sheets(sheets: Sequence[Sheet], themes: Sequence[Theme], check_time: Callable[[], None]) -> Read:
    """Read the sheets of a workbook. check_time: called now and then; what it raises is passed on."""
    read = Read({}, Findings(check_time))
    try:
        _Reader(sheets, themes, read).read()
    except TooManyProblems:
        read.complete = False
    return read


class _Reader(SectionReader):
    def __init__(self, sheets: Sequence[Sheet], themes: Sequence[Theme], read: Read) -> None:
        super().__init__(themes, read)
        ignored = {plain(layout.HELP), plain(layout.LISTS)}
        self.by_name = {
            plain(sheet.name): sheet for sheet in sheets if plain(sheet.name) not in ignored and sheet.cells
        }

    def read(self) -> None:
        for sheet in self.by_name.values():
            for reference in sheet.merged[:20]:
                self._merged(sheet, reference)
            only_values(sheet, self.findings)
        special = {plain(name) for name in (layout.FRAMEWORK, layout.SCALES, layout.PROFILE)}
        sections = [sheet for name, sheet in self.by_name.items() if name not in special]
        self._scales()
        self._details()
        self._profile()
        self.read_sections(sections)
        self.name_others()

    def _merged(self, sheet: Sheet, reference: str) -> None:
        first = reference.split(":", 1)[0]
        row, column = int(first.lstrip(ascii_uppercase)), column_of(first)
        what, remedy = (
            f"The cells {reference} are merged.",
            "Unmerge them, and write in each what belongs there.",
        )
        self.findings.add(sheet.place(row, column), what, remedy)

    def _sheet(self, name: str) -> Sheet | None:
        return self.by_name.get(plain(name))

    def _details(self) -> None:
        sheet = self._sheet(layout.FRAMEWORK)
        if sheet is None:
            self.findings.add(
                Place(layout.FRAMEWORK, 0, 1, 1),
                "There is no sheet “Framework”.",
                "Start from the blank workbook, or rename the sheet that holds the framework's name.",
            )
            return
        cells, others = find_block(sheet, layout.DETAILS, self.findings, sheet.rows()[-1][0] + 1)
        self.keep((), cells, [column.name for column in layout.DETAILS])
        sources = [
            place for name, place in others if plain(name).rstrip(":0123456789 ") in {"source", "sources"}
        ]
        refuse_others(
            sheet, [entry for entry in others if entry[1] not in sources], layout.DETAILS, self.findings
        )
        document = {
            "name": cells.text("name"),
            "summary": cells.text("summary"),
            "kind": self.choice(cells, "kind", words.KINDS),
            "method": self.choice(cells, "method", words.METHODS),
            "judgement_scale": self.one_scale(cells, "judgement_scale"),
        }
        key = cells.text("key") or new_key(cells.text("name"), (), "framework")
        listed = Cells(self.findings, sheet, {str(place.row): place for place in sources})
        written = [(text, place) for name, place in listed.places.items() if (text := listed.text(name))]
        self.document |= filled({"key": key, **document, "sources": [text for text, _ in written]})
        for index, (_, place) in enumerate(written):
            self.out.places["sources", index] = place

    def _table(
        self, name: str, columns: tuple[Column, ...], needed: tuple[str, str]
    ) -> tuple[Sheet, Table] | None:
        sheet = self._sheet(name)
        if sheet is None:
            return None
        table = find_table(sheet, columns, needed)
        if table is None:
            headings = [column.heading for column in columns if column.name in needed]
            self.findings.add(
                sheet.place(1, 1),
                f"The headings {quoted(headings[0])} and {quoted(headings[1])} are not found on this sheet.",
                "Take the row of headings from the blank workbook.",
            )
            return None
        refuse_extra(sheet, table, columns, self.findings)
        return sheet, table

    def _scales(self) -> None:
        found = self._table(layout.SCALES, layout.SCALE_COLUMNS, ("label", "score"))
        if not found:
            return
        groups: list[list[Cells]] = []
        for cells in islice(table_rows(*found, self.findings), MOST_SCALE_ROWS + 1):
            if not groups or not _same_scale(groups[-1][0], cells):
                groups.append([])
            groups[-1].append(cells)
        taken = {group[0].text("scale_key") for group in groups}
        scales: list[Document] = []
        for index, group in enumerate(groups):
            path, first = ("scales", index), group[0]
            key = first.text("scale_key") or new_key(first.text("scale"), taken, "scale")
            taken.add(key)
            self.keep(path, first, ())
            for name, column in (
                ("key", "scale_key"),
                ("name", "scale"),
                ("not_applicable", "not_applicable"),
            ):
                self.rename(path, name, first, column)
            scale = filled({"key": key, "name": first.text("scale")})
            scale["grades"] = self._grades((*path, "grades"), group)
            if first.yes("not_applicable") is False:
                scale["not_applicable"] = False
            scales.append(scale)
        self.document["scales"] = scales
        self.scales = Answers(Answer(scale["key"], scale.get("name", "")) for scale in scales)

    def _grades(self, path: Path, rows: list[Cells]) -> list[Document]:
        taken = {cells.text("key") for cells in rows}
        grades = []
        names = [column.name for column in layout.SCALE_COLUMNS[1:6]]
        for index, cells in enumerate(rows):
            self.keep((*path, index), cells, [*names, "key"])
            key = cells.text("key") or new_key(cells.text("label"), {*taken, NOT_APPLICABLE}, "grade")
            taken.add(key)
            grades.append(
                filled(
                    {
                        "key": key,
                        "label": cells.text("label"),
                        "score": cells.whole("score"),
                        "colour": self.choice(cells, "colour", words.COLOURS),
                        "meets_standard": cells.yes("meets_standard"),
                        "descriptor": cells.text("descriptor"),
                    }
                )
            )
        return grades

    def _profile(self) -> None:
        found = self._table(layout.PROFILE, layout.PROFILE_COLUMNS, ("label", "type"))
        if not found:
            return
        rows = list(islice(table_rows(*found, self.findings), MOST_FIELDS + 1))
        taken = {cells.text("key") for cells in rows}
        fields = []
        for index, cells in enumerate(rows):
            path: Path = ("profile", index)
            self.keep(path, cells, [column.name for column in layout.PROFILE_COLUMNS])
            key = cells.text("key") or new_key(cells.text("label"), taken, "field")
            taken.add(key)
            entry = filled(
                {
                    "key": key,
                    "label": cells.text("label"),
                    "type": self.choice(cells, "type", words.FIELD_TYPES),
                    "required": cells.yes("required") or None,
                    "pathway": cells.yes("pathway") or None,
                    "options": self.options(path, cells),
                }
            )
            fields.append(entry)
            self.looked.append(Looked(Subject.PROFILE, key, entry.get("label", ""), profile_answers(entry)))
        if fields:
            self.document["profile"] = fields


def _same_scale(first: Cells, row: Cells) -> bool:
    """Whether a row belongs to the scale that begins with another."""
    name, key = row.text("scale"), row.text("scale_key")
    return name in {"", first.text("scale")} and key in {"", first.text("scale_key")}
