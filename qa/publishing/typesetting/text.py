"""Setting text in lines: measures and breaks, draws nothing.

Texts go through `visible` here, once and for all: whatever is set has been made visible and harmless, and
nothing that was typed is ever read as markup.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final, Literal, NamedTuple

from qa.publishing import palette
from qa.publishing.document import RichText, Run
from qa.publishing.plain_text import visible
from qa.publishing.typesetting import fonts
from qa.publishing.typesetting.fonts import Part, Word

_BREAK_AFTER: Final = re.compile(r"(?<=\w)[-–—/](?=[^\W\d])")
_ANY_BREAK_AFTER: Final = re.compile(r"[-–—/@_.?&=](?=.)")
_ELLIPSIS: Final = "…"
_DISPLAY_SIZE: Final = 14.0
"""From this size on words are not parted after their hyphens."""
_CAPITAL_HEIGHT: Final = 0.714
"""Height of Noto Sans capitals at size 1: they are set in the middle of their line."""
_TEXTS_KEPT: Final = 2_000
"""How many texts stay set, about 2 MB: thousands of cells of a report say the same."""
_LONGEST_KEPT: Final = 120
"""A longer text hardly comes twice."""


class TextStyle(NamedTuple):
    """How text is set; sizes in points, `leading` from one baseline to the next."""

    size: float
    leading: float
    colour: str = palette.INK
    bold: bool = False
    italic: bool = False
    align: Literal["left", "right", "centre"] = "left"

    @property
    def baseline(self) -> float:
        """How far the baseline lies below the top of its line, in points."""
        return (self.leading + self.size * _CAPITAL_HEIGHT) / 2

    def but(
        self,
        *,
        colour: str | None = None,
        bold: bool | None = None,
        align: Literal["left", "right", "centre"] | None = None,
    ) -> "TextStyle":
        """Return this style with some of it changed."""
        return self._replace(
            colour=self.colour if colour is None else colour,
            bold=self.bold if bold is None else bold,
            align=self.align if align is None else align,
        )


class Segment(NamedTuple):
    """Text in one font, `x` points from the start of its line."""

    font: str
    text: str
    x: float


class Line(NamedTuple):
    """One line of text and its width in points."""

    segments: tuple[Segment, ...]
    width: float


class Lines(NamedTuple):
    """Text broken into lines no wider than `width` points."""

    style: TextStyle
    lines: tuple[Line, ...]
    width: float

    @property
    def height(self) -> float:
        """The height of all lines in points."""
        return len(self.lines) * self.style.leading

    @property
    def widest(self) -> float:
        """The width of the widest line in points."""
        return max((line.width for line in self.lines), default=0.0)

    def part(self, start: int, stop: int | None = None) -> "Lines":
        """Return the lines from `start` up to, not including, `stop`."""
        return self._replace(lines=self.lines[start:stop])


def set_text(text: RichText, style: TextStyle, width: float, most_lines: int | None = None) -> Lines:
    """Break `text` into lines of at most `width` points; over `most_lines` it ends in an ellipsis.

    Line breaks in the text are kept, other white space counts as one space, and a word wider than the line is
    broken, after a hyphen or slash where it can be. An empty text gives no lines.
    """
    if isinstance(text, str) and len(text) <= _LONGEST_KEPT:
        return _set_short(text, style, width, most_lines)
    return _set(text, style, width, most_lines)


def natural_widths(text: RichText, style: TextStyle) -> tuple[float, float]:
    """Return the widths in points of the widest word of `text` and of its widest line, never broken."""
    if isinstance(text, str) and len(text) <= _LONGEST_KEPT:
        return _short_widths(text, style)
    return _widths(text, style)


def _set(text: RichText, style: TextStyle, width: float, most_lines: int | None) -> Lines:
    limit = max(width, style.size) / style.size
    lines: list[list[Word]] = []
    space = _space(style)
    for row in _rows(text, style):
        if sum([word.width for word in row]) + space * (len(row) - 1) <= limit:
            lines.append(row)
        else:
            lines.extend(_break(row, limit, space, style.size < _DISPLAY_SIZE))
    while lines and not lines[-1]:
        lines.pop()
    if most_lines is not None and len(lines) > most_lines:
        lines = [*lines[: most_lines - 1], _shortened(lines[most_lines - 1], limit, style)]
    return Lines(style, tuple([_line(line, style, space) for line in lines]), width)


def _widths(text: RichText, style: TextStyle) -> tuple[float, float]:
    widest_word = widest_line = 0.0
    space = _space(style)
    for row in _rows(text, style):
        if row:
            widths = [word.width for word in row]
            widest_word = max(widest_word, *widths)
            widest_line = max(widest_line, sum(widths) + space * (len(row) - 1))
    return widest_word * style.size, widest_line * style.size


_set_short: Final = lru_cache(maxsize=_TEXTS_KEPT)(_set)
_short_widths: Final = lru_cache(maxsize=_TEXTS_KEPT)(_widths)


def _space(style: TextStyle) -> float:
    return fonts.words(style.bold, style.italic)["\u00a0"].width


def _rows(text: RichText, style: TextStyle) -> Iterable[list[Word]]:
    """The words of each line as typed."""
    if isinstance(text, str) and text.isascii() and text.isprintable():
        known = fonts.words(style.bold, style.italic)
        return ([known[word] for word in text.split(" ") if word],)
    return _rows_of_runs(text, style)


def _rows_of_runs(text: RichText, style: TextStyle) -> Iterator[list[Word]]:
    runs = (Run(text),) if isinstance(text, str) else text
    row: list[Word] = []
    glued = False
    for run in runs:
        known = fonts.words(style.bold or run.bold, style.italic or run.italic)
        for number, piece in enumerate(visible(run.text).split("\n")):
            if number:
                yield row
                row, glued = [], False
            words = [known[word] for word in piece.split(" ") if word]
            if words and glued and not piece.startswith(" "):
                words[0] = _joined(row.pop(), words[0])
            row.extend(words)
            glued = bool(row) and not piece.endswith(" ") if piece else glued
    yield row


def _joined(first: Word, second: Word) -> Word:
    return fonts.word_of(first.parts + second.parts, first.width + second.width)


def _break(row: list[Word], limit: float, space: float, at_signs: bool) -> Iterator[list[Word]]:
    line: list[Word] = []
    used = 0.0
    for whole in row:
        word = whole
        start = used + space if line else 0.0
        if start + word.width > limit:
            head, word = _split_at_sign(word, limit - start, _BREAK_AFTER) if at_signs else (None, word)
            if head is not None:
                line.append(head)
            if line:
                yield line
            line, start = [], 0.0
            while word.width > limit and len(word.text) > 1:
                head, word = _split_anywhere(word, limit)
                yield [head]
        line.append(word)
        used = start + word.width
    yield line


def _split_anywhere(word: Word, room: float) -> tuple[Word, Word]:
    """Split a word that fits no line: after a sign in the last third, else after any character."""
    head, rest = _split_at_sign(word, room, _ANY_BREAK_AFTER)
    if head is not None and head.width > room * 0.67:
        return head, rest
    whole, possible = _reach(word, room)
    return _cut(word, whole or max(possible, 1))


def _split_at_sign(word: Word, room: float, sign: re.Pattern[str]) -> tuple[Word | None, Word]:
    """Split after the last `sign` that leaves a head no wider than `room`; no head where there is none."""
    if sign.search(word.text) is None:
        return None, word
    reach, _ = _reach(word, room)
    start = word.text[: reach + 1] if reach > 1 else ""
    ends = [match.end() for match in sign.finditer(start)]
    return _cut(word, ends[-1]) if ends else (None, word)


def _reach(word: Word, room: float) -> tuple[int, int]:
    """How many characters of `word` fit into `room`: whole ones with their accents, and any."""
    whole = at = 0
    used = 0.0
    for part in word.parts:
        for character in part.text:
            if not fonts.attaches(character):
                whole = at
            used += fonts.width_of(part.font, character)
            if used > room:
                return whole, at
            at += 1
    return at, at


def _cut(word: Word, at: int) -> tuple[Word, Word]:
    """Cut after `at` characters. The rest is not measured again: a very long word takes linear time."""
    head: list[Part] = []
    rest: list[Part] = []
    for part in word.parts:
        if at > 0:
            head.append(Part(part.font, part.text[:at]))
        if at < len(part.text):
            rest.append(Part(part.font, part.text[max(at, 0) :]))
        at -= len(part.text)
    width = sum(fonts.width_of(part.font, part.text) for part in head)
    left = word.width - width if rest else 0.0
    return fonts.word_of(tuple(head), width), fonts.word_of(tuple(rest), left)


def _shortened(line: list[Word], limit: float, style: TextStyle) -> list[Word]:
    dots = fonts.words(style.bold, style.italic)[_ELLIPSIS]
    words = list(line)
    space = _space(style)
    while words and sum(word.width + space for word in words) + dots.width > limit:
        words.pop()
    return [*words, dots]


def _line(words: list[Word], style: TextStyle, space: float) -> Line:
    """Join words into as few segments as their fonts allow. space: a space's width at size 1."""
    if not words:
        return Line((), 0.0)
    width = (sum([word.width for word in words]) + space * (len(words) - 1)) * style.size
    used = {word.font for word in words}
    if len(used) == 1 and "" not in used:
        return Line((Segment(words[0].font, " ".join([word.text for word in words]), 0.0),), width)
    segments: list[Segment] = []
    main = fonts.font_name(style.bold, style.italic)
    x = 0.0
    for number, word in enumerate(words):
        parts = (Part(main, " "), *word.parts) if number else word.parts
        for part in parts:
            if segments and segments[-1].font == part.font:
                segments[-1] = segments[-1]._replace(text=segments[-1].text + part.text)
            else:
                segments.append(Segment(part.font, part.text, x))
            x += (space if part.text == " " else fonts.width_of(part.font, part.text)) * style.size
    return Line(tuple(segments), width)
