"""The closed lists of words that frameworks are made of."""

from enum import StrEnum


class _Labelled(StrEnum):
    """An enumeration whose label is its key in words."""

    @property
    def label(self) -> str:
        """What people read."""
        return self.value.replace("_", " ").capitalize()


class FrameworkKind(_Labelled):
    """What a framework is used on: cases, or the agency itself."""

    CASE_AUDIT = "case_audit"
    SELF_ASSESSMENT = "self_assessment"


class Method(StrEnum):
    """Whether several agencies answer on each case."""

    MULTI_AGENCY = "multi_agency"
    SINGLE_AGENCY = "single_agency"

    @property
    def label(self) -> str:
        """What people read."""
        return self.value.replace("_", "-").capitalize()


class Colour(_Labelled):
    """The colours a grade can be shown in; names of design tokens."""

    GREEN = "green"
    TURQUOISE = "turquoise"
    BLUE = "blue"
    YELLOW = "yellow"
    ORANGE = "orange"
    RED = "red"
    GREY = "grey"
    PURPLE = "purple"


class QuestionType(StrEnum):
    """How a question is answered. `qa.frameworks.types` holds one class for each."""

    GRADE = "grade"
    YES_NO = "yes_no"
    SINGLE_CHOICE = "single_choice"
    SEVERAL_CHOICES = "several_choices"
    NUMBER = "number"
    DATE = "date"
    SHORT_TEXT = "short_text"
    LONG_TEXT = "long_text"

    @property
    def default_evidence(self) -> "EvidenceRule":
        """The evidence asked for when a framework says nothing about it."""
        return (
            EvidenceRule.OPTIONAL if self in {QuestionType.GRADE, QuestionType.YES_NO} else EvidenceRule.NONE
        )


class ProfileFieldType(_Labelled):
    """How a field of the case profile is answered."""

    SINGLE_CHOICE = "single_choice"
    YES_NO = "yes_no"
    NUMBER = "number"


class EvidenceRule(_Labelled):
    """Whether an answer comes with evidence in words."""

    NONE = "none"
    OPTIONAL = "optional"
    REQUIRED = "required"


class QuestionRole(_Labelled):
    """What a question does for its section, where it does something special."""

    SECTION_GRADE = "section_grade"
    IMPACT = "impact"


class DayKind(StrEnum):
    """Which days a timescale counts."""

    WORKING = "working"
    CALENDAR = "calendar"

    @property
    def label(self) -> str:
        """What people read after a number other than 1: working days."""
        return f"{self.value} days"


class Subject(StrEnum):
    """What a condition looks at."""

    QUESTION = "question"
    PROFILE = "profile"


class Combine(StrEnum):
    """How the clauses of a condition are put together."""

    ALL = "all"
    ANY = "any"
