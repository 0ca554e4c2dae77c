"""A framework as the bytes of an Excel workbook, and a blank one to start from."""

from collections.abc import Sequence
from importlib import import_module

from qa.frameworks.content import FrameworkContent, Grade, Question, Scale, Section, Theme
from qa.frameworks.vocabulary import Colour, EvidenceRule, FrameworkKind, Method, QuestionRole, QuestionType

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbook_bytes(content: FrameworkContent, themes: Sequence[Theme], *, keys: bool = True) -> bytes:
    """The framework as a workbook that can be brought in again. themes: those questions may name.

    keys: whether the keys are shown; without them it is a workbook for a new framework.
    Raises Refused when a text is too long for a cell of Excel.
    """
    raw: bytes = import_module("qa.frameworks.workbook.excel").write(content, themes, keys=keys)
    return raw


def blank_workbook(themes: Sequence[Theme]) -> bytes:
    """A workbook to write a framework in: one scale, and one section with the two questions it ends with."""
    return workbook_bytes(_BLANK, themes, keys=False)


_SCALE = Scale(
    "four_grades",
    "Four grades",
    (
        Grade("a", "Outstanding", 4, Colour.GREEN, True, "Practice goes well beyond what is expected."),
        Grade("b", "Good", 3, Colour.TURQUOISE, True, "Practice is what every child should get."),
        Grade("c", "Requires improvement", 2, Colour.ORANGE, False, "Practice is not yet good."),
        Grade("d", "Inadequate", 1, Colour.RED, False, "Practice fails the child."),
    ),
)
_CLOSING = (
    Question(
        "section_grade",
        "Overall grade for this section",
        QuestionType.GRADE,
        EvidenceRule.REQUIRED,
        scale="four_grades",
        role=QuestionRole.SECTION_GRADE,
    ),
    Question(
        "impact",
        "What difference did this make to the child?",
        QuestionType.LONG_TEXT,
        EvidenceRule.NONE,
        role=QuestionRole.IMPACT,
    ),
)
_BLANK = FrameworkContent(
    key="",
    name="",
    summary="",
    kind=FrameworkKind.CASE_AUDIT,
    method=Method.MULTI_AGENCY,
    judgement_scale="four_grades",
    scales=(_SCALE,),
    sections=(Section("section", "Section 1", _CLOSING),),
)
