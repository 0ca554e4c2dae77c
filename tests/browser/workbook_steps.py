"""The paper tool written into a blank workbook, as somebody who lives in Excel would."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from tests.browser import paper_tool as paper
from tests.browser.paper_tool import PaperQuestion, PaperSection

TYPES = {
    "grade": "Grade",
    "yes_no": "Yes, partly or no",
    "single_choice": "One choice",
    "several_choices": "Several choices",
    "number": "Number",
    "date": "Date",
    "short_text": "Short text",
    "long_text": "Long text",
}
COLOURS = {2: ("Green", "Red"), 3: ("Green", "Yellow", "Red"), 4: ("Green", "Turquoise", "Orange", "Red")}


def fill(blank: Path, filled: Path) -> None:
    """Fill the blank workbook in and save it."""
    book = load_workbook(blank)
    details = book["Framework"]
    for row in details.iter_rows(max_col=2):
        heading = str(row[0].value)
        values = {"Name": paper.NAME, "Summary": paper.SUMMARY, "Panel's scale": paper.JUDGED_ON}
        if heading in values:
            row[1].value = values[heading]
    _scales(book["Scales"])
    profile = book["Case profile"]
    for number, (label, answers) in enumerate(paper.PROFILE, start=2):
        _put(profile, 1, number, {"Field": label, "Type": "One choice", "Options": "\n".join(answers)})
    model = book["Section 1"]
    for number, section in enumerate(paper.SECTIONS, start=1):
        _section(book, model, section, number)
    book.remove(model)
    book.save(filled)


def _scales(sheet: Worksheet) -> None:
    sheet.delete_rows(2, sheet.max_row)
    row = 2
    for scale in paper.SCALES:
        colours = COLOURS[len(scale.grades)]
        for place, (label, descriptor, meets) in enumerate(scale.grades):
            values = {
                "Scale": scale.name if not place else None,
                "Grade": label,
                "Score": len(scale.grades) - place,
                "Colour": colours[place],
                "Meets the standard": "Yes" if meets else "No",
                "Description": descriptor,
            }
            _put(sheet, 1, row, values)
            row += 1


def _section(book: Workbook, model: Worksheet, section: PaperSection, number: int) -> None:
    """A copy of the blank section's sheet; its two closing rows go to the end."""
    sheet = book.copy_worksheet(model)
    sheet.title = section.title
    for row in sheet.iter_rows(max_row=7, max_col=2):
        if row[0].value == "Section":
            row[1].value = section.title
        if row[0].value == "Asked of":
            row[1].value = "\n".join(section.sectors) or None
    head = next(row[0].row for row in sheet.iter_rows() if row[0].value == "Number")
    assert head
    sheet.delete_rows(head + 1, sheet.max_row)
    place = {question.text: f"{number}.{n}" for n, question in enumerate(section.questions, start=1)}
    for offset, question in enumerate(section.questions, start=1):
        _put(sheet, head, head + offset, _question(question, place))
    last = head + len(section.questions)
    grade = {"Question": f"How good was practice: {section.title.lower()}?", "Type": "Grade"}
    grade |= {"Scale": paper.JUDGED_ON, "Evidence": "Required", "Role": "Section grade"}
    _put(sheet, head, last + 1, grade)
    impact = {"Question": f"What difference did it make: {section.title.lower()}?", "Type": "Long text"}
    _put(sheet, head, last + 2, impact | {"Role": "Impact"})


def _question(question: PaperQuestion, place: dict[str, str]) -> dict[str, str | int | None]:
    earlier, answer = question.when or ("", "")
    return {
        "Number": place[question.text],
        "Question": question.text,
        "Type": TYPES[question.type],
        "Scale": question.scale or None,
        "Options": "\n".join(question.options) or None,
        "Asked when": f"“{earlier}” is {answer}" if question.when else None,
    }


def _put(sheet: Worksheet, head: int, row: int, values: Mapping[str, str | int | None]) -> None:
    """Write values under the headings in row `head`."""
    columns = {cell.value: get_column_letter(place) for place, cell in enumerate(sheet[head], start=1)}
    for heading, value in values.items():
        sheet[f"{columns[heading]}{row}"] = value
