"""Frameworks and figures for tests, counted at random, and what tables and sentences say read back."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

from hypothesis import strategies as st

from qa.analysis.figures import NOT_APPLICABLE, AgencyReturns, AuditFigures, ThemeFigures
from qa.audits.lifecycle import ReturnState
from qa.frameworks.content import Condition, FrameworkContent, Grade, Question, Scale, Section
from qa.frameworks.vocabulary import Colour, EvidenceRule, FrameworkKind, Method, QuestionRole, QuestionType
from qa.publishing.figures import Table

OFSTED = Scale(
    "ofsted",
    "Ofsted's four grades",
    (
        Grade("outstanding", "Outstanding", 4, Colour.GREEN, True, "The best."),
        Grade("good", "Good", 3, Colour.TURQUOISE, True, "What children should get."),
        Grade("requires_improvement", "Requires improvement", 2, Colour.ORANGE, False, "Not yet good."),
        Grade("inadequate", "Inadequate", 1, Colour.RED, False, "Failing."),
    ),
)
RAG = Scale(
    "rag",
    "Red, amber, green",
    (
        Grade("green", "Green", 3, Colour.GREEN, True, "Met."),
        Grade("amber", "Amber", 2, Colour.YELLOW, False, "Partly met."),
        Grade("red", "Red", 1, Colour.RED, False, "Not met."),
    ),
)


def section(
    key: str,
    scale: Scale | None = OFSTED,
    *others: Question,
    only_if: Condition | None = None,
    grade_only_if: Condition | None = None,
) -> Section:
    """A section graded on a scale, or (None) not graded; other questions stand before the grade."""
    grade = Question(
        f"{key}_grade",
        "Overall?",
        QuestionType.GRADE,
        EvidenceRule.REQUIRED,
        scale=scale.key if scale else None,
        role=QuestionRole.SECTION_GRADE,
        only_if=grade_only_if,
    )
    questions = (*others, grade) if scale else others
    return Section(key, key.replace("_", " ").capitalize(), questions, only_if=only_if)


def content(
    *sections: Section,
    kind: FrameworkKind = FrameworkKind.CASE_AUDIT,
    method: Method = Method.MULTI_AGENCY,
    scales: tuple[Scale, ...] = (OFSTED, RAG),
) -> FrameworkContent:
    """A framework judged on Ofsted's grades."""
    return FrameworkContent("small", "Small framework", "", kind, method, "ofsted", scales, sections)


CASES = content(section("front_door"), section("plans"), section("training", RAG), section("notes", None))
AGENCIES = replace(CASES, kind=FrameworkKind.SELF_ASSESSMENT)
FRAMEWORKS = (CASES, AGENCIES, replace(CASES, method=Method.SINGLE_AGENCY), content(section("only_one")))

COUNTS = st.sampled_from([0, 0, 1, 1, 2, 3, 7, 50, 999, 1_000, 20_000])


def grades(scale: Scale) -> st.SearchStrategy[Counter[str]]:
    """Counts by grade, `not_applicable` among them."""
    keys = [*(grade.key for grade in scale.grades), NOT_APPLICABLE]
    return st.dictionaries(st.sampled_from(keys), COUNTS).map(Counter)


@st.composite
def figures(draw: st.DrawFn, framework: FrameworkContent) -> AuditFigures:
    """Figures such as an audit with that framework could have."""
    agencies = tuple(
        AgencyReturns(number, f"Agency {number}", draw(_states()), draw(COUNTS))
        for number in range(draw(st.integers(0, 4)))
    )
    graded = [entry for entry in framework.sections if entry.grade_question]
    given = {
        (entry.key, agency.agency_id): draw(grades(framework.scale(entry.grade_question.scale or "")))
        for entry in graded
        if entry.grade_question
        for agency in agencies
        if draw(st.booleans())
    }
    keys: list[str | None] = [None, *(entry.key for entry in framework.sections)]
    agreed = {key: draw(grades(framework.scale("ofsted"))) for key in keys if draw(st.booleans())}
    themes = tuple(draw(_themes()) for _ in range(draw(st.integers(0, 4))))
    return AuditFigures(
        cases=draw(COUNTS),
        opened=draw(COUNTS),
        agencies=agencies,
        given=given,
        agreed=agreed,
        themes=tuple(sorted(themes, key=lambda theme: -theme.cases)),
        strengths=draw(COUNTS),
        areas_for_improvement=draw(COUNTS),
        concerns=draw(COUNTS),
    )


def _states() -> st.SearchStrategy[dict[ReturnState, int]]:
    return st.dictionaries(st.sampled_from(ReturnState), COUNTS)


@st.composite
def _themes(draw: st.DrawFn) -> ThemeFigures:
    number, strengths, improvements = draw(st.integers(1, 99)), draw(COUNTS), draw(COUNTS)
    return ThemeFigures(
        number,
        f"Theme {chr(64 + number % 26)}",
        draw(COUNTS),
        strengths + improvements,
        strengths,
        improvements,
    )


audits = st.sampled_from(FRAMEWORKS).flatmap(
    lambda framework: st.tuples(st.just(framework), figures(framework))
)
"""A framework and the figures of an audit with it."""


def numbers(table: Table) -> list[list[str]]:
    """The cells of a table without the first of each row."""
    return [[cell.text for cell in row.full_cells[1:]] for row in table.rows]


def number(text: str) -> int:
    """A count in a cell: 1,417 is 1417."""
    return int(text.replace(",", ""))


ONE = ("case", "agency", "return", "section", "question", "grade", "section grade", "strength", "action")
MANY = (
    "cases",
    "agencies",
    "returns",
    "sections",
    "questions",
    "grades",
    "section grades",
    "strengths",
    "actions",
)


def slips(text: str) -> list[str]:
    """Numbers that do not agree with their noun: `1 cases`, `12 case`."""
    one, many = "|".join(ONE), "|".join(MANY)
    wrong = re.findall(rf"(?<![\d,.])1 (?:{many})\b", text)
    return wrong + re.findall(rf"(?:(?<![\d,.])[02-9]|\d[\d,]+) (?:{one})\b(?! grade)", text)
