"""A confirmed proposal as the document of a draft. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from qa.frameworks.drafts.closing import with_closing
from qa.frameworks.drafts.elements import Document, Kind, keys_of, new_key, questions_of, sections_of
from qa.frameworks.drafts.ready_scales import READY_SCALES
from qa.frameworks.vocabulary import Colour, QuestionRole, QuestionType
from qa.frameworks.word.answers import FROM_FILE
from qa.frameworks.word.proposal import (
    CHOICES,
    GRADE,
    HERE,
    Proposal,
    ProposedQuestion,
    ProposedSection,
    answer_of,
    earlier_questions,
    plain,
)

_COLOURS: Mapping[int, tuple[Colour, ...]] = {
    2: (Colour.GREEN, Colour.RED),
    3: (Colour.GREEN, Colour.YELLOW, Colour.RED),
    4: (Colour.GREEN, Colour.TURQUOISE, Colour.ORANGE, Colour.RED),
    5: (Colour.GREEN, Colour.TURQUOISE, Colour.YELLOW, Colour.ORANGE, Colour.RED),
}
_LONGEST_LABEL = 80


def draft_document(
    proposal: Proposal,
    details: Document,
    *,
    judgement: str = "",
    closing: bool,
    earlier: Document | None = None,
) -> Document:
    """The draft that a proposal makes.

    details: name, summary, kind and method. judgement: value of the scale that the panel judges on; "" for
    the earlier edition's. closing: every section ends with its grade and the impact on the child. earlier:
    the edition that this one follows; what it asks in the same words keeps its key, and its details stay.
    """
    made = _Making(proposal, earlier)
    document: dict[str, Any] = {**(earlier or {}), **details}
    sections = [made.section(section) for section in proposal.taken]
    if judgement:
        document["judgement_scale"] = made.scale(judgement)
    document |= {"scales": list(made.scales), "sections": sections}
    result: Document = document
    if closing:
        for section in sections:
            result = with_closing(result, section["key"])
    return result


class _Making:
    """Gives keys, and takes in a scale when the first question needs it."""

    def __init__(self, proposal: Proposal, earlier: Document | None) -> None:
        before: Document = earlier or {}
        self.proposal = proposal
        self.asked = earlier_questions(before)
        self.sections = {plain(str(section["title"])): section for section in sections_of(before)}
        # The key of a question that is no longer asked is never given to another.
        self.taken = set(keys_of(before, Kind.QUESTION))
        self.section_keys = set(keys_of(before, Kind.SECTION))
        self.used: set[str] = set()
        self.scales: list[Document] = list(before.get("scales") or ())
        self.scale_keys: dict[str, str] = {}

    def section(self, proposed: ProposedSection) -> dict[str, Any]:
        before = self.sections.pop(plain(proposed.title), None)
        if before is None:
            key = new_key(proposed.title, self.section_keys, "section")
            self.section_keys.add(key)
            before = {"key": key}
        closing = [entry for entry in questions_of(before) if entry.get("role")]
        said = {plain(str(entry["text"])) for entry in closing}
        questions: list[Document] = [
            self._question(question) for question in proposed.questions if plain(question.text) not in said
        ]
        questions += closing
        section = {**before, "title": proposed.title, "questions": questions}
        return section | ({"guidance": proposed.guidance} if proposed.guidance else {})

    def _question(self, proposed: ProposedQuestion) -> dict[str, Any]:
        before = self.asked.get(plain(proposed.text))
        if before is not None and before["key"] not in self.used:
            self.used.add(str(before["key"]))
            if answer_of(before) == proposed.answer and proposed.answer not in CHOICES:
                question = {**before, "text": proposed.text, "guidance": proposed.guidance}
                return {name: value for name, value in question.items() if value not in ("", None)}
            kept = {
                name: before[name]
                for name in ("key", "sectors", "only_if", "themes", "weight")
                if name in before
            }
            return kept | self._asked(proposed, _options(before))
        key = new_key(proposed.text, self.taken, "question")
        self.taken.add(key)
        return {"key": key, **self._asked(proposed, {})}

    def _asked(self, proposed: ProposedQuestion, known: Mapping[str, str]) -> dict[str, Any]:
        """Everything of a question but its key. known: keys of earlier options by their words."""
        question: dict[str, Any] = {"text": proposed.text, "type": proposed.answer}
        if proposed.answer.startswith(f"{GRADE}-"):
            scale = self.scale(proposed.answer.removeprefix(f"{GRADE}-"))
            question |= {"type": QuestionType.GRADE.value, "scale": scale}
        if proposed.guidance:
            question["guidance"] = proposed.guidance
        if proposed.answer in CHOICES:
            question["options"] = _keyed_options(proposed.options, known)
        return question

    def scale(self, value: str) -> str:
        """The key, in the draft, of a scale that was chosen."""
        if value not in self.scale_keys:
            kind, _, rest = value.partition("-")
            if kind == HERE:
                self.scale_keys[value] = rest
            else:
                found = (
                    file_scale(self.proposal.scales[int(rest)]) if kind == FROM_FILE else READY_SCALES[rest]
                )
                taken = {str(entry["key"]) for entry in self.scales}
                words = rest if kind != FROM_FILE else str(found["name"])
                key = new_key(words, taken, "scale")
                self.scales.append({"key": key, **found})
                self.scale_keys[value] = key
        return self.scale_keys[value]


def file_scale(labels: Sequence[str]) -> dict[str, Any]:
    """A scale of the document's own words, best first. What a grade looks like is for a person to write."""
    count = len(labels)
    colours = _COLOURS.get(count, tuple(Colour))
    keys: list[str] = []
    grades = []
    for place, label in enumerate(labels):
        keys.append(new_key(label, keys, "grade"))
        grades.append(
            {
                "key": keys[-1],
                "label": label[:_LONGEST_LABEL],
                "score": count - place,
                "colour": colours[place % len(colours)].value,
                "meets_standard": place < count // 2,
                "descriptor": "",
            }
        )
    return {"name": ", ".join(labels)[:120], "grades": grades}


def _options(question: Document) -> dict[str, str]:
    return {plain(str(option["label"])): str(option["key"]) for option in question.get("options") or ()}


def _keyed_options(lines: str, known: Mapping[str, str]) -> list[dict[str, str]]:
    """Options of a line each; one that was there before keeps its key."""
    labels = list(dict.fromkeys(label for line in lines.split("\n") if (label := line.strip())))
    keys: list[str] = []
    for label in labels:
        key = known.get(plain(label), "")
        fresh = new_key(label, {*keys, *known.values()}, "option")
        keys.append(key if key and key not in keys else fresh)
    return [{"key": key, "label": label[:200]} for key, label in zip(keys, labels, strict=True)]


def same_questions(document: Document, earlier: Document) -> int:
    """How many questions of a document the earlier edition asks under the same key."""
    before = keys_of(earlier, Kind.QUESTION)
    return sum(
        1
        for section in sections_of(document)
        for question in questions_of(section)
        if question["key"] in before and question.get("role") not in set(QuestionRole)
    )
