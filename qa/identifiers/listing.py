"""Reading a pasted list of names, line by line: pure."""

from collections.abc import Iterable
from typing import NamedTuple

from qa.identifiers.everyday import EVERYDAY
from qa.identifiers.names import MOST_WORDS, NAME_LIMIT, folded, folded_name, words_in, words_of

MOST_LINES = 5_000
SHOWN_PROBLEMS = 10
# Parts of names that stand in thousands of them, and in everyday text.
_PARTICLES = "abu bar ben bin bint dal das del della den der dos ibn las los mac san van von the and"
PARTICLES = frozenset(_PARTICLES.split())
SHORTEST_WORD = 3


class Pasted(NamedTuple):
    """A pasted list. names: (as it is kept, folded), once each. left: everyday words that were not added by
    themselves, folded. problems: what is wrong, with the line and the remedy.
    """

    names: tuple[tuple[str, str], ...]
    left: tuple[str, ...]
    problems: tuple[str, ...]


def read_names(text: str, *, word_by_word: bool) -> Pasted:
    """Read names from lines, one each. word_by_word: every word of a name is listed by itself as well."""
    lines = [(number, " ".join(line.split())) for number, line in enumerate(text.splitlines(), start=1)]
    filled = [(number, line) for number, line in lines if line]
    if len(filled) > MOST_LINES:
        return Pasted((), (), (f"Add {MOST_LINES:,} names at a time at most. There are {len(filled):,}",))
    problems = [problem for number, line in filled if (problem := _problem(number, line))]
    if problems:
        more = len(problems) - SHOWN_PROBLEMS
        listed = problems[:SHOWN_PROBLEMS]
        return Pasted((), (), (*listed, f"And {more:,} more lines like these") if more > 0 else tuple(listed))
    names: dict[str, str] = {}
    left: dict[str, None] = {}
    for _, line in filled:
        names.setdefault(folded_name(line), line)
    if word_by_word:
        for word in _single_words(line for _, line in filled):
            if folded(word) in EVERYDAY and folded(word) not in names:
                left.setdefault(folded(word))
            else:
                names.setdefault(folded(word), word)
    return Pasted(tuple((name, plain) for plain, name in names.items()), tuple(left), ())


def _problem(number: int, line: str) -> str:
    words = words_of(line)
    if any(letter.isdigit() or letter == "@" for letter in line):
        return f"Line {number}: write names alone, without numbers or addresses"
    if len(line) > NAME_LIMIT or len(words) > MOST_WORDS:
        return f"Line {number}: write one name on each line, of {MOST_WORDS} words or fewer"
    if not any(len(word) > 1 for word in words):
        return f"Line {number}: a name has two letters or more"
    return ""


def _single_words(lines: Iterable[str]) -> Iterable[str]:
    for line in lines:
        words = words_in(line)
        if len(words) > 1:
            yield from (w for w in words if len(folded(w)) >= SHORTEST_WORD and folded(w) not in PARTICLES)
