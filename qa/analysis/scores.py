"""What the answers of an audit come to: by question, by section and as a whole. Pure."""

from collections.abc import Mapping
from typing import NamedTuple

from qa.analysis.figures import Grades
from qa.frameworks.content import FrameworkContent, Question, Scale, Section
from qa.frameworks.scoring import Counted, Score, scale_of, score, together


class QuestionScore(NamedTuple):
    """One question: its answers by grade, and what they come to."""

    question: Question
    scale: Scale
    grades: Grades
    score: Score


class SectionScore(NamedTuple):
    """One section: its questions that are counted, and what all their answers come to."""

    section: Section
    questions: tuple[QuestionScore, ...]
    score: Score

    @property
    def scales(self) -> tuple[Scale, ...]:
        """The scales of its questions, each once, in the order of the questions."""
        return tuple({id(one.scale): one.scale for one in self.questions}.values())

    def on(self, scale: Scale) -> tuple[QuestionScore, ...]:
        """The questions on one scale."""
        return tuple(one for one in self.questions if one.scale is scale)

    def grades(self, scale: Scale) -> Grades:
        """The answers on one scale, of all its questions together."""
        return sum((one.grades for one in self.on(scale)), Grades())


class AuditScores(NamedTuple):
    """Every section with questions that are counted, in order, and the whole."""

    sections: tuple[SectionScore, ...]
    whole: Score


def counted_questions(content: FrameworkContent) -> tuple[Question, ...]:
    """The questions whose answers are counted: those with grades, and those of yes, partly or no."""
    return tuple(question for question in content.questions if scale_of(content, question) is not None)


def audit_scores(content: FrameworkContent, counts: Mapping[str, Grades]) -> AuditScores:
    """What answers come to. counts: by question key and then by grade; one without answers may be missing."""
    sections = tuple(
        found for section in content.sections if (found := _section(content, section, counts)).questions
    )
    return AuditScores(sections, together((one.section.weight, one.score) for one in sections))


def _section(content: FrameworkContent, section: Section, counts: Mapping[str, Grades]) -> SectionScore:
    questions = []
    for question in section.questions:
        scale = scale_of(content, question)
        if scale is not None:
            grades = counts.get(question.key, Grades())
            own = score([Counted(scale, grades, question.weight)])
            questions.append(QuestionScore(question, scale, grades, own))
    every = score(Counted(one.scale, one.grades, one.question.weight) for one in questions)
    return SectionScore(section, tuple(questions), every)
