"""Where everything stands in a framework's workbook: sheets, rows, columns, and the note on each. Pure."""

import re
from functools import cache
from typing import NamedTuple

from qa.frameworks.workbook.words import plain

HELP, FRAMEWORK, SCALES, PROFILE, LISTS = (
    "How to fill this in",
    "Framework",
    "Scales",
    "Case profile",
    "Lists",
)
RESERVED = frozenset(plain(name) for name in (HELP, FRAMEWORK, SCALES, PROFILE, LISTS))
SOURCE = "Source"
_LOOKS_LIKE = re.compile(r"what\s+(.*)\s+looks\s+like\Z", re.IGNORECASE | re.DOTALL)


class Column(NamedTuple):
    """A column of a table or a row of a block of settings.

    name: the key in the framework's document. width: characters. note: guidance shown on the heading.
    list_name: what is offered to choose from. strict: nothing else may be typed. also: other headings.
    number: it holds numbers.
    """

    name: str
    heading: str
    width: int
    note: str
    list_name: str = ""
    strict: bool = True
    also: tuple[str, ...] = ()
    number: bool = False


_KEY_NOTE = (
    "Leave it empty for something new: a key is made. Never change one that is there: by it the answers of "
    "years are compared, even when the words have changed."
)
_WHEN_NOTE = (
    "When it is asked. Empty: always. Otherwise look at an earlier question or a case profile field:\n"
    "“Was consent sought?” is No\n"
    "Case profile “Pathway” is not Early help\n"
    "Join several with and, or with or, a line each. The number of a question may stand for its "
    "words: 1.2 is No."
)

DETAILS = (
    Column("name", "Name", 0, "What people call the framework; at most 120 characters."),
    Column("summary", "Summary", 0, "One or two sentences: what it looks at and when to use it."),
    Column("kind", "Kind", 0, "Used on cases, or by an agency on itself.", "kinds"),
    Column("method", "Method", 0, "Whether several agencies answer on each case.", "methods"),
    Column(
        "judgement_scale",
        "Panel's scale",
        0,
        "The scale on which the panel grades sections and cases: its name on the sheet Scales.",
        "scales",
        strict=False,
        also=("Judgement scale", "Scale"),
    ),
    Column("key", "Key", 0, _KEY_NOTE),
)
SCALE_COLUMNS = (
    Column("scale", "Scale", 26, "Name of the scale. In the rows below it, leave it empty.", also=("Name",)),
    Column("label", "Grade", 26, "One row a grade, the best first.", also=("Label",)),
    Column(
        "score", "Score", 8, "A whole number from 0 to 100: the better the grade, the higher.", number=True
    ),
    Column("colour", "Colour", 12, "How the grade is shown.", "colours", also=("Color",)),
    Column("meets_standard", "Meets the standard", 12, "Whether it is at or above the standard.", "yes_no"),
    Column("descriptor", "Description", 60, "What practice of this grade looks like.", also=("Descriptor",)),
    Column(
        "not_applicable",
        "“Not applicable” may be answered",
        16,
        "In the first row of each scale. Empty: yes.",
        "yes_no",
        also=("Not applicable",),
    ),
    Column("key", "Key of the grade", 20, _KEY_NOTE, also=("Key", "Grade key")),
    Column(
        "scale_key",
        "Key of the scale",
        20,
        "In the first row of each scale. " + _KEY_NOTE,
        also=("Scale key",),
    ),
)
PROFILE_COLUMNS = (
    Column(
        "label",
        "Field",
        40,
        "A fact about a case. Never one that identifies a child.",
        also=("Label", "Name"),
    ),
    Column("type", "Type", 16, "How it is answered.", "field_types"),
    Column("required", "Required", 12, "Whether a case must have it. Empty: no.", "yes_no"),
    Column("pathway", "Pathway", 12, "Yes for the one field that says which pathway a case is on.", "yes_no"),
    Column(
        "options",
        "Options",
        50,
        "For one choice: an answer a line (Alt and Enter begin a line). In square brackets after an answer "
        "stands its key: leave that out for a new answer, and keep it when you only change the words.",
    ),
    Column("key", "Key", 20, _KEY_NOTE),
)
SECTION_DETAILS = (
    Column(
        "title",
        "Section",
        0,
        "Title of the section. One sheet is one section; copy a sheet for a new one.",
        also=("Section title", "Title"),
    ),
    Column("guidance", "Guidance", 0, "One to three sentences: what the section is about."),
    Column(
        "sectors",
        "Asked of",
        0,
        "The sectors that are asked, a line each. Empty: every sector.",
        "sectors",
        strict=False,
        also=("Sectors",),
    ),
    Column("only_if", "Asked when", 0, _WHEN_NOTE, also=("Condition",)),
    Column("weight", "Weight", 0, "How many times the section counts, 1 to 100. Empty: once.", number=True),
    Column("key", "Key", 0, _KEY_NOTE),
)
DESCRIPTOR = Column(
    "", "", 34, "What this grade looks like for this question. Describe every grade of the scale, or none."
)
BEFORE_DESCRIPTORS = (
    Column(
        "number",
        "Number",
        11,
        "For conditions to name the question by. Nothing else depends on it.",
        also=("No", "No.", "#"),
    ),
    Column("text", "Question", 50, "The question as people read it; at most 500 characters.", also=("Text",)),
    Column("type", "Type", 20, "How it is answered.", "types", also=("Answer type",)),
    Column(
        "scale",
        "Scale",
        24,
        "For a grade: the name of its scale on the sheet Scales.",
        "scales",
        strict=False,
    ),
    Column("guidance", "Guidance", 50, "What to look for in the record, and what the words mean."),
    Column("options", "Options", 32, PROFILE_COLUMNS[4].note, also=("Answers", "Choices")),
)
AFTER_DESCRIPTORS = (
    Column("required", "Required", 11, "Whether it must be answered. Empty: yes.", "yes_no"),
    Column(
        "evidence",
        "Evidence",
        12,
        "Whether evidence is written beside the answer. Empty: optional for a grade and for yes, partly "
        "or no; none for the others.",
        "evidence",
    ),
    Column(
        "evidence_required_for",
        "Evidence required for",
        24,
        "The answers that need evidence, a line each; it is optional for the others.",
    ),
    Column(
        "sectors",
        "Asked of",
        20,
        "The sectors that are asked, a line each. Empty: all that are asked the section.",
        "sectors",
        strict=False,
        also=("Sectors",),
    ),
    Column("only_if", "Asked when", 40, _WHEN_NOTE, also=("Condition",)),
    Column(
        "themes",
        "Themes",
        26,
        "Themes that findings here are likely to belong to, a line each.",
        "themes",
        strict=False,
    ),
    Column("weight", "Weight", 9, "How many times the answer counts, 1 to 100. Empty: once.", number=True),
    Column(
        "role",
        "Role",
        15,
        "In a case audit each section ends with two questions: its grade (Section grade) and the difference "
        "made to the child (Impact).",
        "roles",
    ),
    Column("unit", "Unit", 12, "For a number: what is counted, such as days."),
    Column(
        "min",
        "Smallest",
        11,
        "For a number: the smallest that is accepted.",
        number=True,
        also=("Min", "Minimum"),
    ),
    Column(
        "max",
        "Largest",
        11,
        "For a number: the largest that is accepted.",
        number=True,
        also=("Max", "Maximum"),
    ),
    Column(
        "decimals",
        "Decimal places",
        10,
        "For a number: how many it may have, 0 to 2. Empty: none.",
        number=True,
        also=("Decimals",),
    ),
    Column(
        "max_words",
        "Most words",
        10,
        "For a long text: the most words it may have.",
        number=True,
        also=("Max words", "Word limit"),
    ),
    Column(
        "timescale",
        "Timescale",
        34,
        "For a date: how long after an earlier date it may be, such as\n"
        "15 working days from “When was the strategy discussion?”\n"
        "or 10 calendar days from 1.2. The day of the earlier date is day 0; working days leave out "
        "weekends and England's bank holidays.",
        also=("Time limit",),
    ),
    Column("key", "Key", 22, _KEY_NOTE),
)
QUESTION_COLUMNS = (*BEFORE_DESCRIPTORS, *AFTER_DESCRIPTORS)


def descriptor_heading(label: str) -> str:
    """The heading of the column that describes a grade."""
    return f"What “{label}” looks like"


def described_grade(heading: str) -> str | None:
    """The grade that a heading says its column describes; None for another heading."""
    found = _LOOKS_LIKE.match(heading.strip())
    if not found:
        return None
    label = found.group(1).strip()
    return label[1:-1] if len(label) > 2 and label[0] in "“\"'‘" and label[-1] in "”\"'’" else label


def column_for(heading: str, columns: tuple[Column, ...]) -> Column | None:
    """The column with that heading, in whatever case, with or without a colon."""
    return _by_heading(columns).get(plain(heading).rstrip(":").strip())


@cache
def _by_heading(columns: tuple[Column, ...]) -> dict[str, Column]:
    found = {plain(heading): column for column in columns for heading in (column.name, *column.also)}
    return found | {plain(column.heading): column for column in columns}


def sheet_names(titles: list[str]) -> list[str]:
    """A name for each section's sheet: what Excel takes of its title, different from every other."""
    taken, names = set(RESERVED) | {"history"}, []
    for number, title in enumerate(titles, 1):
        cleaned = "".join(" " if sign in "[]:*?/\\" or not sign.isprintable() else sign for sign in title)
        stem = " ".join(cleaned.split()).strip("'") or f"Section {number}"
        name, again = _cut(stem, 31).strip(), 2
        while plain(name) in taken or not name:
            ending = f" ({again})"
            name, again = _cut(stem, 31 - len(ending)).strip() + ending, again + 1
        taken.add(plain(name))
        names.append(name)
    return names


def _cut(text: str, most: int) -> str:
    """The beginning of a text; Excel counts a character beyond the first 65,536 as two."""
    while len(text.encode("utf-16-le")) > most * 2:
        text = text[:-1]
    return text
