"""Names that an area guards, looked for in text: pure.

A list holds whole names ("Jayden Okafor") and single words ("Okafor"). A whole name is found when its first
and its last word stand together in either order, with other names between them or not; a single word
wherever it stands as a word. Capitals, accents and apostrophes make no difference.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

NAME_LIMIT = 120
MOST_WORDS = 6
# At most so many words may stand between the first and the last of a name.
BETWEEN = 2

_LETTERS = r"[^\W\d_]++(?:[\u0300-\u036f]++[^\W\d_]*+)*+"
_ROUGHLY = re.compile(rf"{_LETTERS}(?:['’ʼ]{_LETTERS})*+")
_WORD = re.compile(rf"(?<!\w){_ROUGHLY.pattern}(?!\w)")
_FARTHEST = 4 * NAME_LIMIT  # letters that the words of one name can take up
_APOSTROPHES = str.maketrans("", "", "'’ʼ")
_BESIDE = re.compile(r"[ \t\u00a0]*[-–,]?[ \t\u00a0]*\n?[ \t\u00a0]*\Z|\.[ \t]?\Z")


class NameFound(NamedTuple):
    """A name in a text, and where."""

    text: str
    start: int


class Names(NamedTuple):
    """A list of names, ready to be looked for. words: folded single words. pairs: a first word to its last
    words, and the other way round. begins: every word with which something of the list can begin.
    """

    words: frozenset[str] = frozenset()
    pairs: dict[str, frozenset[str]] = {}
    begins: frozenset[str] = frozenset()


NO_NAMES = Names()


@lru_cache(maxsize=8192)
def folded(word: str) -> str:
    """A word without capitals, accents and apostrophes: "O’Néil" and "oneil" are one."""
    plain = unicodedata.normalize("NFKD", word.translate(_APOSTROPHES))
    return "".join(letter for letter in plain if not unicodedata.combining(letter)).casefold()


def words_in(name: str) -> list[str]:
    """The words of a name as they are written."""
    return [match[0] for match in _WORD.finditer(name)]


def words_of(name: str) -> list[str]:
    """The folded words of a name, in its order."""
    return [folded(word) for word in words_in(name)]


def folded_name(name: str) -> str:
    """What makes two entries of a list the same."""
    return " ".join(words_of(name))


def names_from(listed: Iterable[str]) -> Names:
    """A list made ready; each entry a whole name or a single word, folded or as it was written.

    Single letters are initials, which is what replaces a name: one that is nothing else is left out.
    """
    words, pairs = set[str](), dict[str, set[str]]()
    for name in listed:
        parts = words_of(name)
        if not parts or len(parts[0]) == len(parts[-1]) == 1:
            continue
        if len(parts) == 1:
            words.add(parts[0])
        else:
            for one, other in ((parts[0], parts[-1]), (parts[-1], parts[0])):
                pairs.setdefault(one, set()).add(other)
    made = {first: frozenset(last) for first, last in pairs.items()}
    return Names(frozenset(words), made, frozenset(words | made.keys()))


def names_in(text: str, names: Names) -> Iterator[NameFound]:
    """Every name of the list in the text, the longest reading first where several fit."""
    if not names.begins:
        return
    done = 0
    # Most words begin nothing: one look at each, and a closer one where it may.
    for rough in _ROUGHLY.finditer(text):
        if rough.start() < done or _readings(rough[0]).isdisjoint(names.begins):
            continue
        found = _name_at(text, rough.start(), names)
        if found is not None:
            done = found.start + len(found.text)
            yield found


def _name_at(text: str, start: int, names: Names) -> NameFound | None:
    """What of the list begins at a place of the text."""
    matches = list(islice(_WORD.finditer(text, start, start + _FARTHEST), BETWEEN + 2))
    if not matches or matches[0].start() != start:
        return None
    parts = [_readings(match[0]) for match in matches]
    last = _last_of_name(text, matches, parts, names)
    if last is not None:
        return NameFound(_without_s(text[start : matches[last].end()]), start)
    if parts[0].isdisjoint(names.words):
        return None
    return NameFound(_without_s(matches[0][0], parts[0] & names.words), start)


def initials(name: str) -> str:
    """Initials of a name: "Jayden Okafor" gives J.O."""
    # One plain letter each: a ligature or a syllable of Hangul is a whole word's worth of letters.
    first = (folded(word[0]) for word in words_in(name))
    return "".join(f"{next(filter(str.isalpha, letters), '').upper()[:1]}." for letters in first)


@lru_cache(maxsize=8192)
def _readings(word: str) -> frozenset[str]:
    """The word folded, and without the s of "Jayden’s" too."""
    found = {folded(word)}
    if len(word) > 2 and word[-2] in "'’ʼ" and word[-1] in "sS":
        found.add(folded(word[:-2]))
    return frozenset(found)


def _without_s(text: str, fits: frozenset[str] = frozenset()) -> str:
    """A name without the ’s behind it: what is put in its place keeps that."""
    if len(text) > 2 and text[-2] in "'’ʼ" and text[-1] in "sS" and folded(text) not in fits:
        return text[:-2]
    return text


def _last_of_name(
    text: str, matches: list[re.Match[str]], parts: list[frozenset[str]], names: Names
) -> int | None:
    """The place of the last word of a whole name that begins with the first; None when none does."""
    wanted = frozenset[str]().union(*(names.pairs.get(part, ()) for part in parts[0]))
    if not wanted:
        return None
    for later in range(1, len(matches)):
        if not _BESIDE.match(text, matches[later - 1].end(), matches[later].start()):
            return None
        if not parts[later].isdisjoint(wanted):
            return later
        if not matches[later][0][0].isupper():
            return None
    return None
