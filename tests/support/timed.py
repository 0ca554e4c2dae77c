"""The small framework with a date that has a timescale: decided five working days after the referral."""

from dataclasses import replace

from qa.frameworks.checking import check_file, load_themes
from qa.frameworks.content import FrameworkContent, Question, Section, Timescale
from qa.frameworks.vocabulary import DayKind, EvidenceRule, QuestionType
from tests.support.factories import SMALL

DECIDED = Question(
    "decided_on",
    "When was it decided?",
    QuestionType.DATE,
    EvidenceRule.NONE,
    timescale=Timescale("referred_on", 5, DayKind.WORKING),
    required=False,
)
LIMIT = "Within 5 working days of “When was the referral received?”"


def timed_sections() -> tuple[Section, ...]:
    """The sections of the small framework, the decision after the referral in the first: `make.edition`
    takes them as sections=.
    """
    return timed_framework().sections


def timed_framework() -> FrameworkContent:
    """The small framework with the decision."""
    content = check_file(SMALL, load_themes().keys).content
    assert content is not None
    first, *others = content.sections
    place = [question.key for question in first.questions].index("referred_on") + 1
    questions = (*first.questions[:place], DECIDED, *first.questions[place:])
    return replace(content, sections=(first._replace(questions=questions), *others))
