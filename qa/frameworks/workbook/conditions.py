"""Conditions in words that a workbook's cell holds, such as “Was consent sought?” is No. Pure.

What is written is read back first: where the words would not lead back to the same condition, because two
questions read alike or an answer has “or” in it, the keys stand there in brackets instead.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, product
from typing import Any, NamedTuple

from qa.frameworks.content import Clause, Condition
from qa.frameworks.file_problems import did_you_mean, quoted
from qa.frameworks.vocabulary import Combine, Subject
from qa.frameworks.workbook.words import Answers, plain, tidy

PROFILE = "Case profile"
MOST_CHARACTERS = 30_000
_MOST_CLAUSES = 20
_MOST_READINGS = 50
_EXAMPLE = "Write it as in: “Was consent sought?” is No."
_BRACKETS = re.compile(r"\[([a-z][a-z0-9_]{0,59})\]\s+is(\s+not)?\s+(.+)\Z", re.DOTALL)
_KEY_ALONE = re.compile(r"\[([a-z][a-z0-9_]{0,59})\]\Z")
_IS = re.compile(r"\s+(?:is\s+one\s+of|is\s+any\s+of|is|=)\s+", re.IGNORECASE)
_NOT = re.compile(r"(?:not|none\s+of)\s+", re.IGNORECASE)
_LEADING = re.compile(r"\A(?:asked\s+)?(?:only\s+)?(?:if|when)\s+", re.IGNORECASE)
_PROFILE = re.compile(r"case\s+profile:?\s+(?:field\s+)?", re.IGNORECASE)
_JOINED = re.compile(r"\s*\n\s*(?:(and|or)\s+)?|\s+(and|or)\s+(?=[\[“\"‘']|case profile)", re.IGNORECASE)
_NUMBER = re.compile(r"(?:question|q|no\.?|number)?\s*([0-9]+(?:\.[0-9]+)?[a-z]?)\Z", re.IGNORECASE)


class Looked(NamedTuple):
    """What a condition may look at. answers: None: cannot be known. number: as the sheet shows it."""

    subject: Subject
    key: str
    text: str
    answers: Answers | None
    number: str = ""


class Fault(NamedTuple):
    """What is wrong with a condition, as sentences."""

    message: str
    remedy: str


class ConditionWords:
    """Writes conditions in words, and reads them."""

    def __init__(self, looked: Iterable[Looked]) -> None:
        self._by_key: dict[tuple[Subject, str], Looked] = {}
        self._by_text: dict[tuple[Subject, str], list[Looked]] = {}
        self._by_number: dict[str, list[Looked]] = {}
        for entry in looked:
            self._by_key.setdefault((entry.subject, entry.key), entry)
            self._by_text.setdefault((entry.subject, plain(entry.text)), []).append(entry)
            if entry.number:
                self._by_number.setdefault(entry.number.casefold(), []).append(entry)

    def write(self, condition: Condition | None) -> str:
        """The condition in words; "" for none."""
        if condition is None:
            return ""
        said = ""
        for keyed, bare in product((False, True), repeat=2):
            said = self._written(condition, keyed=keyed, bare=bare)
            if len(said) <= MOST_CHARACTERS and self._leads_back(said, condition):
                break
        return said

    def _written(self, condition: Condition, *, keyed: bool, bare: bool) -> str:
        between = "\nor " if condition.combine is Combine.ANY else "\nand "
        return between.join(self._clause(clause, keyed, bare) for clause in condition.clauses)

    def _clause(self, clause: Clause, keyed: bool, bare: bool) -> str:
        looked = self._by_key[clause.subject, clause.key]
        named = f"[{clause.key}]" if keyed else f"“{' '.join(looked.text.split())}”"
        prefix = f"{PROFILE} " if clause.subject is Subject.PROFILE else ""
        values = looked.answers.write(clause.values, bare=bare) if looked.answers else ""
        return f"{prefix}{named} {'is not' if clause.negated else 'is'} {values}"

    def _leads_back(self, said: str, condition: Condition) -> bool:
        clauses, combine, faults = self._read(said)
        return not faults and tuple(clauses) == condition.clauses and combine is condition.combine

    def name_of(self, key: str) -> str:
        """A question in words that lead back to it: its own in quotation marks, else its key in brackets."""
        said = f"“{' '.join(self._by_key[Subject.QUESTION, key].text.split())}”"
        return said if self.question(said) == key else f"[{key}]"

    def question(self, said: str) -> str | Fault:
        """The key of the question that words, a number or a key in brackets name."""
        keyed = _KEY_ALONE.match(said)
        found = [one] if keyed and (one := self._keyed(keyed.group(1), (Subject.QUESTION,))) else []
        found = found or self._named(said, (Subject.QUESTION,))
        if len(found) == 1:
            return found[0].key
        bare = said.strip("“”\"‘’'")
        if found:
            return _several(bare, found)
        known = (entry.text for entry in self._by_key.values() if entry.subject is Subject.QUESTION)
        remedy = did_you_mean(bare, known) or "Write its words, or its number on the sheet."
        return Fault(f"There is no question {quoted(bare)}.", remedy)

    def read(self, said: str) -> tuple[dict[str, Any] | None, list[Fault]]:
        """The condition in a document's shape, or None and what is wrong with it."""
        clauses, combine, faults = self._read(said)
        if faults or not clauses:
            return None, faults
        parts = [
            {clause.subject.value: clause.key, "is_not" if clause.negated else "is": list(clause.values)}
            for clause in clauses
        ]
        return (parts[0] if len(parts) == 1 else {combine.value: parts}), []

    def _read(self, said: str) -> tuple[list[Clause], Combine, list[Fault]]:
        parts, joints = _split(_LEADING.sub("", tidy(said), count=1))
        combine = Combine.ANY if "or" in joints else Combine.ALL
        faults: list[Fault] = []
        if len(set(joints)) > 1:
            what = "The condition joins some of its parts with “and” and others with “or”."
            faults.append(Fault(what, "Use one of the two words throughout."))
        if len(parts) > _MOST_CLAUSES:
            return [], combine, [Fault(f"The condition has more than {_MOST_CLAUSES} parts.", "Shorten it.")]
        clauses = []
        for part in parts:
            clause, found = self._read_clause(part)
            faults.extend(found)
            if clause:
                clauses.append(clause)
        return clauses, combine, faults

    def _read_clause(self, said: str) -> tuple[Clause | None, list[Fault]]:
        on_profile = _PROFILE.match(said)
        rest = said[on_profile.end() :] if on_profile else said
        wanted: Sequence[Subject] = (Subject.PROFILE,) if on_profile else (Subject.QUESTION, Subject.PROFILE)
        keyed = _BRACKETS.match(rest)
        if keyed:
            found = self._keyed(keyed.group(1), wanted)
            if found:
                return self._answered(found, keyed.group(3), bool(keyed.group(2)))
        first = ""
        for named, answers in _readings(rest):
            first = first or named
            found_all = self._named(named, wanted)
            if len(found_all) == 1:
                return self._with_not(found_all[0], answers)
            if found_all:
                return None, [_several(named, found_all)]
        if not first:
            return None, [Fault(f"This condition is not understood: {quoted(said)}.", _EXAMPLE)]
        noun = "case profile field" if on_profile else "question or case profile field"
        first = first.strip("“”\"‘’'")
        known = (entry.text for entry in self._by_key.values() if entry.subject in wanted)
        return None, [Fault(f"There is no {noun} {quoted(first)}.", did_you_mean(first, known) or _EXAMPLE)]

    def _keyed(self, key: str, wanted: Sequence[Subject]) -> Looked | None:
        return next((self._by_key[kind, key] for kind in wanted if (kind, key) in self._by_key), None)

    def _named(self, named: str, wanted: Sequence[Subject]) -> list[Looked]:
        bare = named.strip("“”\"‘’'[]")
        for text in dict.fromkeys((named[1:-1], named)):
            for kind in wanted:
                found = self._by_text.get((kind, plain(text)))
                if found:
                    return found
        one = self._keyed(bare, wanted)
        if one:
            return [one]
        number = _NUMBER.match(named)
        return (
            self._by_number.get(number.group(1).casefold(), [])
            if number and wanted[0] is Subject.QUESTION
            else []
        )

    def _with_not(self, looked: Looked, answers: str) -> tuple[Clause | None, list[Fault]]:
        """“is not known” may be the answer “Not known”."""
        negation = _NOT.match(answers)
        if negation and (looked.answers is None or looked.answers.read(answers)[1]):
            return self._answered(looked, answers[negation.end() :], True)
        return self._answered(looked, answers, False)

    @staticmethod
    def _answered(looked: Looked, said: str, negated: bool) -> tuple[Clause | None, list[Fault]]:
        if looked.answers is None:
            return None, []  # what is wrong with the question itself is said there
        if not looked.answers.all:
            what = f"A condition cannot look at {quoted(looked.text)}: it has no answers to choose from."
            return None, [Fault(what, "Use a grade, a yes or no question or a choice.")]
        keys, unknown = looked.answers.read(said.strip())
        if unknown:
            what = f"no answer to {quoted(looked.text)}"
            return None, [Fault(*looked.answers.unknown(text, what)) for text in unknown[:5]]
        return Clause(looked.subject, looked.key, tuple(keys), negated), []


def _several(named: str, found: Sequence[Looked]) -> Fault:
    keys = ", ".join(f"[{entry.key}]" for entry in found[:5])
    what = f"{len(found)} of them are called {quoted(named)}."
    return Fault(what, f"Write the key of the one you mean in its place: {keys}.")


def _readings(said: str) -> Iterator[tuple[str, str]]:
    """Each way to part a clause into what it looks at and the answers."""
    for found in islice(_IS.finditer(said), _MOST_READINGS):
        if said[: found.start()].strip() and said[found.end() :].strip():
            yield said[: found.start()].strip(), said[found.end() :]


def _split(said: str) -> tuple[list[str], list[str]]:
    """The clauses, and the words that join them. What has no “is” belongs to the clause before it."""
    joined = list(_JOINED.finditer(said))
    begins = [0, *(found.end() for found in joined)]
    ends = [*(found.start() for found in joined), len(said)]
    words = ["", *((found.group(1) or found.group(2) or "and").lower() for found in joined)]
    parts: list[tuple[int, int]] = []
    joints: list[str] = []
    whole = False  # whether the last of the parts has its “is” already
    for begin, end, word in zip(begins, ends, words, strict=True):
        has_is = _IS.search(said, begin, end) is not None
        if parts and not (whole and has_is):
            parts[-1] = (parts[-1][0], end)
            whole = whole or has_is
            continue
        parts.append((begin, end))
        whole = has_is
        if word:
            joints.append(word)
    return [said[begin:end].strip() for begin, end in parts], joints
