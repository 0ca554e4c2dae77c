"""Fills in a return as an auditor might: every question that is asked of the sector, and none that is not."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from qa.accounts.sectors import Sector
from qa.demo.grading import Marker
from qa.demo.words import Phrases
from qa.frameworks.answers import AnswerValue
from qa.frameworks.conditions import visible
from qa.frameworks.content import NOT_APPLICABLE, FrameworkContent, Question, Section
from qa.frameworks.types import type_of
from qa.frameworks.vocabulary import EvidenceRule, QuestionRole, QuestionType

# Choices that stand alone: nothing else is ticked beside them.
ALONE = {
    "none",
    "none_met",
    "none_due",
    "none_held",
    "none_in_place",
    "none_yet",
    "not_recorded",
    "not_invited",
}
# Questions to which "No" is the usual answer, and no fault.
USUALLY_NO = {"disagreement", "other_area_involved"}
# Usual numbers, by question.
TYPICAL = {
    "decision_working_days": 1,
    "allocation_days": 2,
    "cin_visit_gap": 6,
    "visit_gap": 6,
    "eh_longest_gap": 4,
    "supervision_count": 5,
    "referral_hours": 8,
    "therapy_weeks": 6,
}


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer with its evidence; place: for a grade, its place on the scale."""

    question: Question
    value: AnswerValue
    evidence: str = ""
    place: int | None = None


@dataclass(frozen=True, slots=True)
class Task:
    """One return to fill in. levels: how the agency sees each section. words: evidence or text that an
    answer must carry, by question. fixed: grades that must be given, by question.
    """

    sector: Sector
    profile: Mapping[str, str]
    levels: Mapping[str, float]
    period_end: date
    words: Mapping[str, str] = field(default_factory=dict)
    fixed: Mapping[str, str] = field(default_factory=dict)


class Auditor:
    """Answers the questions of one framework. at_best: questions never graded below that place."""

    def __init__(
        self,
        content: FrameworkContent,
        marker: Marker,
        phrases: Phrases,
        floors: Mapping[str, int] | None = None,
    ) -> None:
        self.content = content
        self.marker = marker
        self.random = marker.random
        self.phrases = phrases
        self.floors = floors or {}
        self._ways: dict[QuestionType, Callable[[Task, Section, Question, dict[str, Answered]], Answered]] = {
            QuestionType.GRADE: self._grade,
            QuestionType.YES_NO: self._yes_no,
            QuestionType.SINGLE_CHOICE: self._single,
            QuestionType.SEVERAL_CHOICES: self._several,
            QuestionType.NUMBER: self._number,
            QuestionType.DATE: self._date,
            QuestionType.SHORT_TEXT: self._text,
            QuestionType.LONG_TEXT: self._text,
        }

    def fill(self, task: Task) -> dict[str, Answered]:
        """Answers by question, in the framework's order: conditions and sectors are kept to."""
        answers: dict[str, Answered] = {}
        while True:
            values = {key: answer.value for key, answer in answers.items()}
            asked = visible(self.content, task.sector, task.profile, values).questions
            todo = [question for question in self.content.questions if question.key in asked - answers.keys()]
            if not todo:
                break
            for question in todo:
                section = self.content.section_of(question.key)
                answers[question.key] = self._ways[question.type](task, section, question, answers)
        return {key: answers[key] for key in (q.key for q in self.content.questions) if key in answers}

    def _with_evidence(
        self, task: Task, question: Question, value: AnswerValue, tone: str, place: int | None = None
    ) -> Answered:
        if question.key in task.words:
            return Answered(question, value, task.words[question.key], place)
        rule = type_of(question).evidence_rule_for(question, value)
        wanted = rule is EvidenceRule.REQUIRED or (
            rule is EvidenceRule.OPTIONAL and self.random.random() < 0.5
        )
        return Answered(question, value, self._evidence(tone) if wanted and tone else "", place)

    def _evidence(self, tone: str) -> str:
        return " ".join(
            self.random.sample(self.phrases.evidence[tone], 2 if self.random.random() < 0.3 else 1)
        )

    def _grade(
        self, task: Task, section: Section, question: Question, so_far: dict[str, Answered]
    ) -> Answered:
        scale = self.content.scale(question.scale or "")
        keys = [grade.key for grade in scale.grades]
        worst = min(len(keys) - 1, self.marker.tendency.worst, self.floors.get(question.key, len(keys)))
        if question.key in task.fixed:
            place = keys.index(task.fixed[question.key])
        elif question.role is QuestionRole.SECTION_GRADE:
            place = self._section_place(section, so_far, task.levels[section.key], worst)
        elif scale.not_applicable and self._may_not_apply(question) and self.random.random() < 0.05:
            return Answered(question, AnswerValue(option=NOT_APPLICABLE))
        else:
            place = self.marker.place(task.levels[section.key], worst)
        return self._with_evidence(task, question, AnswerValue(grade=keys[place]), keys[place], place)

    def _section_place(self, section: Section, so_far: dict[str, Answered], level: float, worst: int) -> int:
        given = [
            place
            for question in section.questions
            if question.key in so_far and (place := so_far[question.key].place) is not None
        ]
        mean = sum(given) / len(given) if given else level
        return self.marker.place(mean, worst, spread=0.2)

    @staticmethod
    def _may_not_apply(question: Question) -> bool:
        return question.evidence is not EvidenceRule.REQUIRED

    def _yes_no(self, task: Task, section: Section, question: Question, _: dict[str, Answered]) -> Answered:
        if question.key in USUALLY_NO:
            return Answered(question, AnswerValue(option="yes" if self.random.random() < 0.15 else "no"))
        if self.random.random() < 0.04:
            return Answered(question, AnswerValue(option=NOT_APPLICABLE))
        key = ("yes", "yes", "partly", "no")[self.marker.place(task.levels[section.key], 3)]
        return self._with_evidence(task, question, AnswerValue(option=key), key)

    def _single(self, task: Task, section: Section, question: Question, _: dict[str, Answered]) -> Answered:
        keys = [option.key for option in question.options]
        chosen = self.random.choices(keys, [0.5**place for place in range(len(keys))])[0]
        tone = "yes" if keys.index(chosen) < 2 else "partly"
        return self._with_evidence(task, question, AnswerValue(option=chosen), tone)

    def _several(self, task: Task, section: Section, question: Question, _: dict[str, Answered]) -> Answered:
        together = [option.key for option in question.options if option.key not in ALONE]
        alone = [option.key for option in question.options if option.key in ALONE]
        ticked = [key for key in together if self.random.random() < 0.6] or [together[0]]
        if alone and self.random.random() < 0.06:
            ticked = [self.random.choice(alone)]
        return self._with_evidence(task, question, AnswerValue(options=tuple(ticked)), "yes")

    def _number(self, task: Task, section: Section, question: Question, _: dict[str, Answered]) -> Answered:
        usual = TYPICAL.get(question.key, 3)
        low, high = int(question.min or 0), int(question.max if question.max is not None else 50)
        number = max(low, min(high, round(self.random.gauss(usual, usual / 2 + 0.4))))
        return Answered(question, AnswerValue(number=Decimal(number)))

    def _date(
        self, task: Task, section: Section, question: Question, so_far: dict[str, Answered]
    ) -> Answered:
        timescale = question.timescale
        start = so_far[timescale.start].value.date if timescale and timescale.start in so_far else None
        if timescale and start:
            usual = self.random.gauss(timescale.days * 0.85, timescale.days * 0.25 + 0.6)
            return Answered(question, AnswerValue(date=_weekdays_after(start, max(0, round(usual)))))
        ahead = question.key.endswith("_deadline")
        days = self.random.randrange(60, 200) if ahead else -self.random.randrange(3, 70)
        days -= 2 * self._room_after(question)
        return Answered(question, AnswerValue(date=task.period_end + timedelta(days=days)))

    def _room_after(self, question: Question) -> int:
        """The most days that a date is given after this one, so that no date lies in the future."""
        limits = (one.timescale for one in self.content.questions if one.timescale)
        return max((limit.days for limit in limits if limit.start == question.key), default=0)

    def _text(
        self, task: Task, section: Section, question: Question, so_far: dict[str, Answered]
    ) -> Answered:
        if question.key in task.words:
            return Answered(question, AnswerValue(text=task.words[question.key]))
        if question.role is QuestionRole.IMPACT:
            return Answered(question, AnswerValue(text=self._impact(section, so_far)))
        return Answered(question, AnswerValue(text=self.random.choice(self.phrases.improve)))

    def _impact(self, section: Section, so_far: dict[str, Answered]) -> str:
        graded = section.grade_question
        given = so_far[graded.key].value.grade if graded and graded.key in so_far else None
        return self.random.choice(self.phrases.impact[given or "good"])


def _weekdays_after(start: date, days: int) -> date:
    """A Monday to Friday that many of them after a day."""
    monday = start - timedelta(days=start.weekday())
    weeks, rest = divmod(min(start.weekday(), 4) + days, 5)
    return monday + timedelta(weeks=weeks, days=rest)


def first_part(
    content: FrameworkContent, answers: Mapping[str, Answered], share: float
) -> dict[str, Answered]:
    """What a return holds when its auditor has stopped part way: the first answers, in order."""
    asked: Sequence[str] = [question.key for question in content.questions if question.key in answers]
    return {key: answers[key] for key in asked[: max(1, round(len(asked) * share))]}
