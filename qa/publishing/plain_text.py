"""What a reader is shown of a text that somebody typed.

Everything in a report is plain text. Characters that would be invisible, would reorder what stands around
them or are forbidden in a file are shown by their number, as in `[U+202E]`: nobody can hide anything.
"""

import re
import unicodedata

_INVISIBLE_LETTERS = frozenset("\u115f\u1160\u3164\uffa0")
_JOINERS = frozenset("\u200c\u200d")
_NO_BREAK_SPACES = frozenset("\u00a0\u2007\u202f")
_NEW_LINES = re.compile("\r\n|[\r\u2028\u2029]")
_JOINED = frozenset({"Lo", "Mn", "Mc", "So", "Sk"})
_LINK = re.compile(r"(?:https?://[^\s/]|mailto:[^\s]|/(?![/\\])|#)[^\s\x00-\x1f\\]*", re.IGNORECASE)


def visible(text: str) -> str:
    """Return `text` so that every character of it can be seen and none can do harm.

    Letters, signs and line breaks (as `\\n`) stay as typed. Tabs and unusual spaces become a space, or a
    no-break space. Control, zero-width, direction and private characters become their number in brackets.
    Joiners stay inside scripts and emoji that are spelt with them.
    """
    if text.isascii() and text.isprintable():
        return text
    text = _NEW_LINES.sub("\n", text)
    return "".join(_shown(text, at) for at in range(len(text)))


def one_line(text: str) -> str:
    """Return `visible(text)` with each run of white space, line breaks too, as one space."""
    return " ".join(visible(text).replace("\u00a0", " ").split())


def slug(text: str) -> str:
    """Return an anchor for `text`: lower-case letters, digits and hyphens, never empty."""
    ascii_only = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return "-".join(re.findall(r"[a-z0-9]+", ascii_only.lower()))[:60].strip("-") or "section"


def is_safe_link(link: str) -> bool:
    """Say whether a report may carry `link`: http, https, mailto, a path of this site, or an anchor."""
    return _LINK.fullmatch(link) is not None


def _shown(text: str, at: int) -> str:
    character = text[at]
    if character == "\n":
        return character
    category = unicodedata.category(character)
    if character == "\t" or category == "Zs":
        return "\u00a0" if character in _NO_BREAK_SPACES else " "
    if character in _JOINERS and _joins(text, at):
        return character
    code = ord(character)
    noncharacter = category == "Cn" and (code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF)
    if noncharacter or category in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp") or character in _INVISIBLE_LETTERS:
        return f"[U+{code:04X}]"
    return character


def _joins(text: str, at: int) -> bool:
    """A joiner is spelling between two letters or emoji of a script that joins, else it only hides."""
    if not 0 < at < len(text) - 1:
        return False
    return all(unicodedata.category(text[neighbour]) in _JOINED for neighbour in (at - 1, at + 1))
