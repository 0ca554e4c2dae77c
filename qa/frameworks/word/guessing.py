"""Makes a tool out of a document's words and tables: sections, questions, and what was not understood. Pure.

Everything here is a guess, which a person confirms or corrects before anything is created.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from qa.frameworks.word.answers import Answer, of_ratings, of_wording
from qa.frameworks.word.columns import Columns, Use, columns_of
from qa.frameworks.word.pieces import Grid, Row, Tool, Words

LONGEST_NAME = 120
LONGEST_TITLE = 200
LONGEST_QUESTION = 500
LONGEST_GUIDANCE = 3_000
_LONGEST_EXCERPT = 160
_MOST_EXCERPTS = 30
_NUMBERED = re.compile(r"((Q(uestion)?\s?\d+(\.\d+)*|\d+(\.\d+)+)[.):]?|\d{1,3}[.):])\s+", re.IGNORECASE)


class QuestionGuess(NamedTuple):
    """A question as it would come in."""

    text: str
    guidance: str
    answer: Answer


class SectionGuess(NamedTuple):
    """A section as it would come in."""

    title: str
    guidance: str
    questions: tuple[QuestionGuess, ...]


class Guess(NamedTuple):
    """What was made of a document. left_out: in sentences, what was not understood or is not needed."""

    name: str
    sections: tuple[SectionGuess, ...]
    left_out: tuple[str, ...]

    @property
    def questions(self) -> int:
        """How many questions there are."""
        return sum(len(section.questions) for section in self.sections)


def guess(tool: Tool) -> Guess:
    """The sections and questions found in a document; there may be none."""
    return _Guesser().guess(tool)


class _Open:
    """A section while its questions are found."""

    def __init__(self, title: str, guidance: str = "") -> None:
        self.title = title
        self.guidance = guidance
        self.questions: list[QuestionGuess] = []


class _Guesser:
    """Walks a document once. Words wait until it is known whether a table follows them."""

    def __init__(self) -> None:
        self.name = ""
        self.sections: list[_Open] = []
        self.heading = ""
        self.above = ""
        self.waiting: list[str] = []
        self.left: list[str] = []
        self.columns: Columns | None = None

    def guess(self, tool: Tool) -> Guess:
        for place, piece in enumerate(tool.pieces):
            if isinstance(piece, Grid):
                self._grid(piece)
            else:
                self._words(piece, tool.pieces[place + 1 : place + 2])
        self._not_understood()
        found = tuple(
            SectionGuess(section.title, section.guidance, tuple(section.questions))
            for section in self.sections
            if section.questions
        )
        name = _first_line(self.name or _opening(tool))[:LONGEST_NAME]
        return Guess(name, found, (*_shortened(self.left), *tool.unread))

    def _words(self, words: Words, following: tuple[Words | Grid, ...]) -> None:
        before_table = bool(following) and isinstance(following[0], Grid)
        heading = words.level is not None or (words.bold and before_table and len(words.text) <= 150)
        if not heading:
            self.waiting.append(words.text)
            return
        self._not_understood()
        if words.level == 0 and not self.name:
            self.name = words.text
        else:
            if self.heading and not self.name and not self.sections:
                self.name = self.heading  # a heading above the first section's own: the tool's name
            self.heading = words.text

    def _not_understood(self) -> None:
        """What waited belonged to no table."""
        self.left.extend(f"Words outside the tables: “{_excerpt(text)}”" for text in self.waiting)
        self.waiting = []

    def _grid(self, grid: Grid) -> None:
        if not any(text for row in grid.rows for text in row.texts):
            self.left.append("An empty table")
            self._not_understood()
            return
        columns = columns_of(grid, self.columns)
        if columns is None:
            self._not_understood()
            words = " | ".join(text for row in grid.rows[:2] for text in row.texts if text)
            self.left.append(f"A table without questions that could be told: “{_excerpt(words)}”")
            return
        self.columns = columns
        self._left_columns(columns)
        self._section_before(grid.rows[: max(columns.body - 1, 0)])
        header = grid.rows[columns.body - 1].texts if columns.body else None
        for row in grid.rows[columns.body :]:
            if row.texts != header:
                self._row(row, columns)

    def _left_columns(self, columns: Columns) -> None:
        for heading, use in zip(columns.headings, columns.uses, strict=True):
            if use is Use.NOTHING and heading:
                self.left.append(f"The column “{_excerpt(heading)}”: what it is for could not be told")

    def _section_before(self, rows: tuple[Row, ...]) -> None:
        """The section that a table begins: by a row above its headings, or the heading above the table."""
        title = self.heading
        for row in rows:
            title = " ".join(text for text in row.texts if text) or title
        if self.waiting and sum(map(len, self.waiting)) <= LONGEST_GUIDANCE:
            guidance, self.waiting = "\n".join(self.waiting), []
        else:
            guidance = ""
            self._not_understood()
        self.above = _unnumbered(_first_line(title))
        if title or not self.sections:
            self._start(title, guidance)
        elif guidance:
            self.sections[-1].guidance = "\n".join(filter(None, (self.sections[-1].guidance, guidance)))
        self.heading = ""

    def _start(self, title: str, guidance: str = "") -> None:
        title = _unnumbered(_first_line(title))[:LONGEST_TITLE] or f"Section {len(self.sections) + 1}"
        if not self.sections or self.sections[-1].title != title:
            self.sections.append(_Open(title, guidance))

    def _row(self, row: Row, columns: Columns) -> None:
        filled = [cell for cell in row.cells if cell.text]
        if not filled:
            return
        if _is_section(row, columns):
            self._start(filled[0].text, "\n".join(filled[0].text.split("\n")[1:]))
            self.above = self.sections[-1].title
            return
        named = columns.texts(row, Use.SECTION)
        if named:
            self._start(": ".join(filter(None, (self.above, _unnumbered(_first_line(named[0]))))))
        self._question(row, columns)

    def _question(self, row: Row, columns: Columns) -> None:
        texts = columns.texts(row, Use.QUESTION)
        guidance = "\n".join(columns.texts(row, Use.GUIDANCE))
        questions = self.sections[-1].questions
        if not texts:
            said = " | ".join(text for text in row.texts if text)
            self.left.append(f"A row without a question: “{_excerpt(said)}”")
            return
        if _continued(row, columns) and questions:
            last = questions[-1]
            joined = "\n".join(dict.fromkeys(filter(None, (*last.guidance.split("\n"), guidance))))
            questions[-1] = last._replace(guidance=joined[:LONGEST_GUIDANCE])
            return
        text, more = _split(_unnumbered(texts[0]))
        guidance = "\n".join(filter(None, (more, guidance)))[:LONGEST_GUIDANCE]
        questions.append(QuestionGuess(text, guidance, of_wording(text, _rated(row, columns))))


def _opening(tool: Tool) -> str:
    """The words that the document begins with, where they are short and head no table."""
    first = tool.pieces[0] if tool.pieces else None
    alone = not any(isinstance(piece, Grid) for piece in tool.pieces[1:2])
    if isinstance(first, Words) and first.level is None and alone and len(first.text) <= LONGEST_NAME:
        return first.text
    return ""


def _is_section(row: Row, columns: Columns) -> bool:
    """Whether a row heads what follows: it spans the table, or has bold words in its first cells alone."""
    filled = [cell for cell in row.cells if cell.text]
    width = len(columns.uses)
    if len(filled) != 1:
        return False
    cell = filled[0]
    if cell.span > 1 and cell.span >= width - 1:
        return True
    return cell.bold and len(row.cells) > 1 and not cell.text.rstrip().endswith("?") and len(cell.text) <= 150


def _continued(row: Row, columns: Columns) -> bool:
    """Whether the question's cell goes on from the row above."""
    place = 0
    for cell in row.cells:
        if place < len(columns.uses) and columns.uses[place] is Use.QUESTION:
            return cell.continued
        place += cell.span
    return False


def _rated(row: Row, columns: Columns) -> Answer | None:
    """What the row's own rating cell lists, else what the column's heading says."""
    own = "\n".join(columns.texts(row, Use.RATING))
    found = of_ratings(own) if own else None
    return found or columns.answer


def _unnumbered(text: str) -> str:
    """Without a number in front, such as `1.2` or `Q3.`."""
    found = _NUMBERED.match(text)
    return text[found.end() :] if found and len(text) > found.end() else text


def _split(text: str) -> tuple[str, str]:
    """A question's first paragraph, and the others as guidance; a very long one goes on as guidance too."""
    first, _, more = text.partition("\n")
    if len(first) <= LONGEST_QUESTION:
        return first, more
    cut = first.rfind(" ", 0, LONGEST_QUESTION)
    cut = cut if cut > 0 else LONGEST_QUESTION
    return first[:cut], "\n".join(filter(None, (first[cut:].strip(), more)))


def _first_line(text: str) -> str:
    return text.split("\n", maxsplit=1)[0].strip()


def _excerpt(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= _LONGEST_EXCERPT else f"{plain[: _LONGEST_EXCERPT - 1].rstrip()}…"


def _shortened(sentences: list[str]) -> Iterator[str]:
    """Each once, and not without end."""
    once = list(dict.fromkeys(sentences))
    yield from once[:_MOST_EXCERPTS]
    if len(once) > _MOST_EXCERPTS:
        yield f"And {len(once) - _MOST_EXCERPTS} more like these"
