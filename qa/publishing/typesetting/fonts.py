"""The bundled typefaces: loading them, finding a glyph for every character, and measuring words.

Noto Sans sets everything; DejaVu Sans steps in, character by character, for what Noto Sans lacks. A character
that neither has is shown as U+FFFD, so that a reader sees that something stands there.
"""

import re
import unicodedata
from functools import cache
from pathlib import Path
from threading import RLock
from typing import Any, Final, NamedTuple

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.pdfdoc import PDFDocument
from reportlab.pdfbase.ttfonts import TTFont

FONT_FOLDER: Final = Path(__file__).resolve().parent.parent / "fonts"
REGULAR: Final = "NotoSans"

_FILES: Final = {
    REGULAR: "NotoSans-Regular.ttf",
    "NotoSans-Bold": "NotoSans-Bold.ttf",
    "NotoSans-Italic": "NotoSans-Italic.ttf",
    "NotoSans-BoldItalic": "NotoSans-BoldItalic.ttf",
    "DejaVuSans": "DejaVuSans.ttf",
    "DejaVuSans-Bold": "DejaVuSans-Bold.ttf",
}
_NOTO: Final = {
    (False, False): REGULAR,
    (True, False): "NotoSans-Bold",
    (False, True): "NotoSans-Italic",
    (True, True): "NotoSans-BoldItalic",
}
_REPLACEMENT: Final = "\ufffd"
_JOINERS: Final = frozenset("\u200c\u200d")
_WORDS_KEPT: Final = 20_000
_LONGEST_KEPT: Final = 60
_loading = RLock()
_loaded: "dict[str, ReportFont]" = {}


class Part(NamedTuple):
    """Text in one font."""

    font: str
    text: str


class Word(NamedTuple):
    """A word as set: its width in points at size 1, and its parts, several where fonts change within it.

    `font` is the one font it is set in, or empty where there are several or none; `text` is all of it.
    """

    width: float
    parts: tuple[Part, ...]
    font: str
    text: str


class Words(dict[str, Word]):
    """The words of one face that have been measured, and, when asked for, any other."""

    def __init__(self, bold: bool, italic: bool) -> None:
        """Measure words of the main typeface in this face."""
        super().__init__()
        self._face = bold, italic

    def __missing__(self, text: str) -> Word:
        parts = parts_of(text, *self._face)
        measured = word_of(parts, sum(width_of(part.font, part.text) for part in parts))
        if len(text) <= _LONGEST_KEPT:
            if len(self) >= _WORDS_KEPT:
                self.clear()
            self[text] = measured
        return measured


class ReportFont(TTFont):
    """A TrueType font whose text can be copied out of the PDF beyond U+FFFF too."""

    def addObjects(self, doc: PDFDocument) -> None:  # noqa: N802  (ReportLab's name)
        """Add the font's subsets to `doc`, with characters beyond U+FFFF written as PDF asks, in UTF-16."""
        objects: dict[str, Any] = doc.idToObject
        before = set(objects)
        super().addObjects(doc)
        for key in sorted(set(objects) - before):
            if key.startswith("toUnicodeCMap:"):
                stream = objects[key]
                stream.content = re.sub(r"<([0-9A-F]{5,6})>$", _as_utf16, stream.content, flags=re.MULTILINE)


def font_name(bold: bool = False, italic: bool = False) -> str:
    """Return the name under which the main typeface is registered, loading it when first asked for."""
    name = _NOTO[bold, italic]
    load(name)
    return name


def load(name: str) -> ReportFont:
    """Return the bundled font `name`, registered with ReportLab."""
    font = _loaded.get(name)
    if font is None:
        with _loading:
            font = _loaded.get(name)
            if font is None:
                font = ReportFont(name, str(FONT_FOLDER / _FILES[name]), asciiReadable=True)
                pdfmetrics.registerFont(font)
                _loaded[name] = font
    return font


@cache
def coverage(name: str) -> frozenset[str]:
    """Return the characters that the bundled font `name` has a glyph for."""
    glyphs: dict[int, int] = load(name).face.charToGlyph
    return frozenset(chr(code) for code, glyph in glyphs.items() if glyph and code != 0xFFFF)


def parts_of(text: str, bold: bool = False, italic: bool = False) -> tuple[Part, ...]:
    """Split `text` into stretches of one font each, so that every character has a glyph."""
    main = font_name(bold, italic)
    if text.isascii():
        return (Part(main, text),) if text else ()
    text = unicodedata.normalize("NFC", text)
    missing = set(text) - coverage(main)
    if not missing:
        return (Part(main, text),)
    fallback = "DejaVuSans-Bold" if bold else "DejaVuSans"
    result: list[Part] = []
    for character in text:
        font, shown = _glyph(character, main, fallback, result[-1].font if result else main)
        if result and result[-1].font == font:
            result[-1] = Part(font, result[-1].text + shown)
        elif shown:
            result.append(Part(font, shown))
    return tuple(result)


def width_of(font: str, text: str) -> float:
    """Return the width of `text` in points at size 1."""
    face = load(font).face
    widths, default = face.charWidths, face.defaultWidth
    total: float = sum(widths.get(ord(character), default) for character in text)
    return total / 1000


def words(bold: bool = False, italic: bool = False) -> Words:
    """Return the words of a face, by their text, which has no space or line break in it."""
    return _words[bold, italic]


def word_of(parts: tuple[Part, ...], width: float) -> Word:
    """Return the word that `parts` make, `width` points wide at size 1."""
    if len(parts) == 1:
        return Word(width, parts, parts[0].font, parts[0].text)
    return Word(width, parts, "", "".join(part.text for part in parts))


def attaches(character: str) -> bool:
    """Say whether `character` belongs to the one before it: accents, joiners, skin tones and the like."""
    if character.isascii():
        return False
    return (
        character in _JOINERS
        or unicodedata.category(character) in ("Mn", "Me", "Mc")
        or "\U0001f3fb" <= character <= "\U0001f3ff"
    )


def _glyph(character: str, main: str, fallback: str, previous: str) -> tuple[str, str]:
    """The font for `character` and what to set: itself, nothing (invisible helpers) or a replacement."""
    if attaches(character) and character in coverage(previous):
        return previous, character
    for font in (main, fallback):
        if character in coverage(font):
            return font, character
    if character in _JOINERS or 0xFE00 <= ord(character) <= 0xFE0F:
        return previous, ""
    return main, _REPLACEMENT


def _as_utf16(match: re.Match[str]) -> str:
    return f"<{chr(int(match[1], 16)).encode('utf-16-be').hex().upper()}>"


_words: Final = {face: Words(*face) for face in _NOTO}
