"""What is shown for confirmation: the sections and questions found, as the person may correct them. Pure.

The page's form holds all of it, so nothing is kept between the steps and nothing can be lost with it.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from qa.frameworks.drafts.elements import Document, questions_of, sections_of
from qa.frameworks.drafts.ready_scales import READY_SCALES
from qa.frameworks.vocabulary import QuestionType
from qa.frameworks.word.answers import FROM_FILE, Answer
from qa.frameworks.word.guessing import Guess, SectionGuess

MOST_SECTIONS = 100
MOST_QUESTIONS = 400
MOST_SCALES = 10
GRADE, HERE, READY = "grade", "here", "ready"
CHOICES = {QuestionType.SINGLE_CHOICE.value, QuestionType.SEVERAL_CHOICES.value}
OTHER_TYPES = {
    QuestionType.YES_NO: "Yes, partly or no",
    QuestionType.SINGLE_CHOICE: "One answer of several",
    QuestionType.SEVERAL_CHOICES: "Any of several answers",
    QuestionType.NUMBER: "A number",
    QuestionType.DATE: "A date",
    QuestionType.SHORT_TEXT: "A short text",
    QuestionType.LONG_TEXT: "A longer text",
}

Form = Mapping[str, str]


class ProposedQuestion(NamedTuple):
    """A question. answer: how it is answered, as a value of `answer_choices`; options: one a line.

    sure: the document says how it is answered. kept: the earlier edition asks it in the same words.
    """

    name: str
    take: bool
    text: str
    guidance: str
    answer: str
    options: str = ""
    sure: bool = True
    kept: bool = False


class ProposedSection(NamedTuple):
    """A section. name: what its fields' names begin with."""

    name: str
    take: bool
    title: str
    guidance: str
    questions: tuple[ProposedQuestion, ...]


class Proposal(NamedTuple):
    """Everything found. scales: labels of the scales that the document names and we do not know."""

    sections: tuple[ProposedSection, ...]
    scales: tuple[tuple[str, ...], ...] = ()

    @property
    def taken(self) -> tuple[ProposedSection, ...]:
        """The sections that come in, each with the questions that come in; none without any."""
        kept = (
            section._replace(questions=tuple(one for one in section.questions if one.take))
            for section in self.sections
            if section.take
        )
        return tuple(section for section in kept if section.questions)

    @property
    def questions(self) -> int:
        """How many questions were found."""
        return sum(len(section.questions) for section in self.sections)


def from_guess(found: Guess) -> Proposal:
    """The proposal that a guess makes: everything comes in unless the person says otherwise."""
    scales: list[tuple[str, ...]] = []
    sections = [_section(f"s-{place}", section, scales) for place, section in enumerate(found.sections)]
    return Proposal(tuple(sections), tuple(scales))


def _section(name: str, found: SectionGuess, scales: list[tuple[str, ...]]) -> ProposedSection:
    questions = tuple(
        ProposedQuestion(
            f"{name}-{place}",
            True,
            question.text,
            question.guidance,
            *_answer(question.answer, scales),
            sure=question.answer.sure,
        )
        for place, question in enumerate(found.questions)
    )
    return ProposedSection(name, True, found.title, found.guidance, questions)


def _answer(answer: Answer, scales: list[tuple[str, ...]]) -> tuple[str, str]:
    """The value that stands for an answer, and its options a line each."""
    if answer.type is not QuestionType.GRADE:
        return answer.type.value, "\n".join(answer.labels)
    if answer.scale != FROM_FILE:
        return f"{GRADE}-{READY}-{answer.scale}", ""
    if answer.labels not in scales:
        if len(scales) >= MOST_SCALES:
            return QuestionType.SINGLE_CHOICE.value, "\n".join(answer.labels)
        scales.append(answer.labels)
    return f"{GRADE}-{FROM_FILE}-{scales.index(answer.labels)}", ""


def answer_choices(proposal: Proposal, earlier: Document | None) -> list[tuple[str, str]]:
    """Every way to answer a question that can be chosen, and its words: scales first."""
    scales = scale_choices(proposal, earlier)
    graded = [(f"{GRADE}-{value}", f"Grade: {words}") for value, words in scales]
    return [*graded, *((kind.value, words) for kind, words in OTHER_TYPES.items())]


def scale_choices(proposal: Proposal, earlier: Document | None) -> list[tuple[str, str]]:
    """Every scale that can be chosen: of the document, of the earlier edition, and the ready ones."""
    of_file = [
        (f"{FROM_FILE}-{place}", f"{', '.join(labels)} (as in the document)"[:120])
        for place, labels in enumerate(proposal.scales)
    ]
    here = [(f"{HERE}-{entry['key']}", f"{entry['name']} (as before)") for entry in _scales(earlier)]
    ready = [(f"{READY}-{key}", str(entry["name"])) for key, entry in READY_SCALES.items()]
    return [*of_file, *here, *ready]


def _scales(document: Document | None) -> Sequence[Document]:
    return (document or {}).get("scales") or ()


def with_earlier(proposal: Proposal, earlier: Document) -> Proposal:
    """With what the earlier edition says of the questions that it asks in the same words."""
    asked = earlier_questions(earlier)
    scales = _same_scales(earlier)

    def known(question: ProposedQuestion) -> ProposedQuestion:
        before = asked.get(plain(question.text))
        if before is None:
            return question._replace(answer=scales.get(question.answer, question.answer))
        options = "\n".join(str(option["label"]) for option in before.get("options") or ())
        return question._replace(
            guidance=question.guidance or str(before.get("guidance", "")),
            answer=answer_of(before),
            options=options,
            sure=True,
            kept=True,
        )

    sections = tuple(
        section._replace(questions=tuple(map(known, section.questions))) for section in proposal.sections
    )
    return proposal._replace(sections=sections)


def _same_scales(earlier: Document) -> dict[str, str]:
    """Values of ready scales that the earlier edition has under its own key, and the value of its own."""
    own = {tuple(grade["key"] for grade in entry["grades"]): entry["key"] for entry in _scales(earlier)}
    found = {}
    for key, entry in READY_SCALES.items():
        grades = tuple(grade["key"] for grade in entry["grades"])
        if grades in own:
            found[f"{GRADE}-{READY}-{key}"] = f"{GRADE}-{HERE}-{own[grades]}"
    return found


def earlier_questions(earlier: Document) -> dict[str, Document]:
    """The earlier edition's questions by their words, without those that close a section."""
    return {
        plain(str(question["text"])): question
        for section in sections_of(earlier)
        for question in questions_of(section)
        if not question.get("role")
    }


def answer_of(question: Document) -> str:
    """The value that stands for how a question of a document is answered."""
    kind = str(question.get("type", ""))
    return f"{GRADE}-{HERE}-{question.get('scale', '')}" if kind == GRADE else kind


def plain(words: str) -> str:
    """Words without capitals and punctuation: two texts that differ in these alone are the same."""
    return " ".join(re.findall(r"\w+", words.casefold()))


def from_form(form: Form) -> Proposal:
    """The proposal as the person left it; names that a page of ours would not send are passed over."""
    sections = tuple(_sections_of_form(form))
    scales = []
    for place in range(MOST_SCALES):
        labels = tuple(
            label for line in form.get(f"scale-{place}", "").split("\n") if (label := line.strip())
        )
        if len(labels) < 2:
            break
        scales.append(labels[:10])
    return Proposal(sections, tuple(scales))


def _sections_of_form(form: Form) -> Iterator[ProposedSection]:
    count = 0
    for place in range(MOST_SECTIONS):
        name = f"s-{place}"
        if f"{name}-title" not in form:
            return
        questions: list[ProposedQuestion] = []
        while count < MOST_QUESTIONS and f"{name}-{len(questions)}-text" in form:
            questions.append(_question_of_form(f"{name}-{len(questions)}", form))
            count += 1
        yield ProposedSection(
            name,
            f"{name}-take" in form,
            form[f"{name}-title"],
            form.get(f"{name}-guidance", ""),
            tuple(questions),
        )


def _question_of_form(name: str, form: Form) -> ProposedQuestion:
    return ProposedQuestion(
        name,
        f"{name}-take" in form,
        form[f"{name}-text"],
        form.get(f"{name}-guidance", ""),
        form.get(f"{name}-answer", ""),
        form.get(f"{name}-options", ""),
        sure=f"{name}-sure" in form,
        kept=f"{name}-kept" in form,
    )


def problems(proposal: Proposal, choices: Sequence[tuple[str, str]]) -> dict[str, str]:
    """What must be put right before anything is created: messages by the name of the field.

    Rules that a draft may break are left to its checks.
    """
    known = {value for value, _ in choices}
    found: dict[str, str] = {}
    for section in proposal.taken:
        _limit(found, f"{section.name}-title", section.title, 200, "Enter a title for this section")
        _limit(found, f"{section.name}-guidance", section.guidance, 3_000)
        for question in section.questions:
            name = question.name
            _limit(found, f"{name}-text", question.text, 500, "Enter the question, or leave it out")
            _limit(found, f"{name}-guidance", question.guidance, 3_000)
            _limit(found, f"{name}-options", question.options, 5_000)
            if question.answer not in known:
                found[f"{name}-answer"] = "Choose how the question is answered"
    if not proposal.taken:
        found[""] = "Tick at least one section with at least one question to bring in"
    return found


def _limit(found: dict[str, str], name: str, text: str, most: int, missing: str = "") -> None:
    if not text and missing:
        found[name] = missing
    elif len(text) > most:
        found[name] = f"Shorten this to {most:,} characters or fewer: it has {len(text):,}"


def default_scale(proposal: Proposal) -> str:
    """The scale that most questions are graded on; Ofsted's grades where none is."""
    counted = Counter(
        question.answer.removeprefix(f"{GRADE}-")
        for section in proposal.sections
        for question in section.questions
        if question.answer.startswith(f"{GRADE}-")
    )
    return counted.most_common(1)[0][0] if counted else f"{READY}-ofsted"
