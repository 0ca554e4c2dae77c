"""What is wrong with a file: where, what, and how to put it right."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice

MOST_COMPARED = 200  # comparing words is slow, and a hostile file can name thousands


@dataclass(frozen=True, slots=True)
class FileProblem:
    """One thing wrong with a file. message and remedy are sentences; line counts from 1.

    path: where it stands in the data. plain, advice: the message and the remedy for somebody who does not
    write the file by hand but fills in a form or a workbook, and knows parts by their words and not by their
    keys; "" when message or remedy serve them too.
    """

    file: str
    line: int
    message: str
    remedy: str
    path: tuple[str | int, ...] = field(default=(), compare=False)
    advice: str = field(default="", compare=False)
    plain: str = field(default="", compare=False)

    @property
    def plain_message(self) -> str:
        """What is wrong, without a word of YAML."""
        return self.plain or self.message

    @property
    def plain_remedy(self) -> str:
        """What to do, without a word of YAML."""
        return self.advice or self.remedy

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message} {self.remedy}"


@dataclass(slots=True)
class ProblemList:
    """Gathers the problems of one file."""

    file: str
    found: list[FileProblem] = field(default_factory=list)
    _known: set[FileProblem] = field(default_factory=set)

    def add(
        self,
        line: int,
        message: str,
        remedy: str,
        path: tuple[str | int, ...] = (),
        *,
        advice: str = "",
        plain: str = "",
    ) -> None:
        """Note a problem; the same one at the same line is noted once."""
        problem = FileProblem(self.file, line, message, remedy, path, advice, plain)
        if problem not in self._known:
            self._known.add(problem)
            self.found.append(problem)

    def in_order(self) -> tuple[FileProblem, ...]:
        """The problems by line; those of one line in the order they were found."""
        return tuple(sorted(self.found, key=lambda problem: problem.line))


def did_you_mean(word: str, allowed: Iterable[str]) -> str | None:
    """A sentence naming the allowed word that is most like the given one; None when none is like it."""
    lowered = {entry.lower(): entry for entry in islice(allowed, MOST_COMPARED)}
    close = difflib.get_close_matches(word.lower()[:100], lowered, n=1, cutoff=0.6)
    return f"Did you mean “{lowered[close[0]]}”?" if close else None


def suggest(word: str, allowed: Iterable[str]) -> str:
    """A remedy for a word that is not allowed: the one that was meant, or the ones there are."""
    words = sorted(allowed)
    if not words:
        return "There are none to choose from yet: add one, or remove this."
    return did_you_mean(word, words) or f"Use one of: {', '.join(words[:30])}."


def quoted(value: object) -> str:
    """A value from a file as it is shown in a message, shortened."""
    text = (
        "true" if value is True else "false" if value is False else "nothing" if value is None else str(value)
    )
    text = " ".join(text.split())
    return f"“{text if len(text) <= 60 else text[:57] + '…'}”"
