"""What the timescales of a framework file must keep to: each counts from an earlier date of the return."""

from qa.frameworks.file_problems import quoted, suggest
from qa.frameworks.naming import choose, key_words, sector_words
from qa.frameworks.noting import RuleBook, asked_words
from qa.frameworks.outline import Asked, Part
from qa.frameworks.vocabulary import QuestionType


class TimescaleRules(RuleBook):
    """Looks at every timescale of a file and notes what is wrong with it."""

    def check(self) -> None:
        """Check that what each is counted from exists, is a date, and is asked before and of the same."""
        for asked in self.outline.asked:
            value = asked.part.document.get("timescale")
            if isinstance(value, dict) and asked.part.text("type") == QuestionType.DATE:
                self._start(asked, Part(asked.part.at("timescale"), value))

    def _start(self, asked: Asked, timescale: Part) -> None:
        key, place = timescale.text("from"), timescale.at("from")
        if not key:
            return
        target = self.outline.questions.get(key)
        if target is None:
            self._add(
                place,
                f"There is no question {quoted(key)} to count from.",
                suggest(key, self._dates_before(asked)),
                plain=f"The timescale of {asked_words(asked)} is counted from a question that is not there: "
                f"{quoted(key_words(key))}.",
                advice=self._choose(asked),
            )
        elif target.part.text("type") not in {QuestionType.DATE, ""}:
            self._add(
                place,
                f"A timescale cannot be counted from {quoted(key)}, which is no date.",
                "Name a question of type date.",
                plain=f"The timescale of {asked_words(asked)} is counted from {asked_words(target)}, which "
                "is no date.",
                advice=self._choose(asked),
            )
        elif target.number >= asked.number:
            itself = target.part.path == asked.part.path
            self._add(
                place,
                "A timescale is counted from the question itself."
                if itself
                else f"The timescale is counted from {quoted(key)}, which is asked later.",
                "Name an earlier date, or remove the timescale."
                if itself
                else "Move that question up, or name an earlier date.",
                plain=f"The timescale of {asked_words(asked)} is counted from "
                f"{'the question itself' if itself else asked_words(target) + ', which is asked later'}.",
                advice=self._choose(asked),
            )
        else:
            self._same_sectors(asked, target, place)

    def _same_sectors(self, asked: Asked, target: Asked, place: tuple[str | int, ...]) -> None:
        """A return holds one agency's dates, so a date that only another sector gives is never there."""
        ours, theirs = asked.sectors, target.sectors
        if ours and theirs and not ours & theirs:
            self._add(
                place,
                f"The sectors that are asked this are never asked {quoted(target.part.key)}.",
                f"Count from a date that is asked of {', '.join(sorted(ours))}.",
                plain=f"The sectors that are asked {asked_words(asked)} are never asked "
                f"{asked_words(target)}, which its timescale is counted from.",
                advice=f"Choose a date that is asked of: {sector_words(ours)}.",
            )

    def _dates_before(self, asked: Asked) -> dict[str, str]:
        """The dates that it may be counted from: their words by key."""
        return {
            one.part.key: one.part.text("text")
            for one in self.outline.asked
            if one.number < asked.number and one.part.text("type") == QuestionType.DATE and one.part.key
        }

    def _choose(self, asked: Asked) -> str:
        return choose(words for words in self._dates_before(asked).values() if words)
