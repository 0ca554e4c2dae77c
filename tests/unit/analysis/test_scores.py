"""Scores of an audit: what is counted where, and that words, tables and pictures say the same."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from qa.analysis.figures import Grades
from qa.analysis.score_charts import score_blocks, section_blocks
from qa.analysis.scores import AuditScores, audit_scores, counted_questions
from qa.frameworks.content import YES_NO_SCALE, FrameworkContent, Question, Scale
from qa.frameworks.vocabulary import EvidenceRule, QuestionType
from qa.publishing.document import Block, BulletList
from qa.publishing.figures import Chart, Table
from tests.unit.analysis.examples import OFSTED, RAG, content, grades, numbers, section


def question(key: str, kind: QuestionType, scale: Scale | None = None, weight: int = 1) -> Question:
    return Question(
        key, f"{key}?", kind, EvidenceRule.NONE, scale=scale.key if scale else None, weight=weight
    )


FRAMEWORK = content(
    section(
        "plans", OFSTED, question("risk", QuestionType.GRADE, RAG, 3), question("why", QuestionType.DATE)
    ),
    section("notes", None, question("words", QuestionType.LONG_TEXT)),
    section("sharing", OFSTED, question("told", QuestionType.YES_NO, weight=2))._replace(weight=4),
)
ON = {"plans_grade": OFSTED, "risk": RAG, "told": YES_NO_SCALE, "sharing_grade": OFSTED}
counts = st.fixed_dictionaries({}, optional={key: grades(scale) for key, scale in ON.items()})


def blocks_of(kind: type, blocks: list[Block]) -> list[Block]:
    return [block for block in blocks if isinstance(block, kind)]


def scored(framework: FrameworkContent, given_counts: dict[str, Grades]) -> tuple[AuditScores, list[Block]]:
    found = audit_scores(framework, given_counts)
    return found, score_blocks(framework, found, lambda key: f"/scores?section={key}")


def test_questions_with_grades_and_with_yes_partly_or_no_are_counted() -> None:
    assert {one.key for one in counted_questions(FRAMEWORK)} == set(ON)


def test_a_section_without_such_questions_is_in_no_table() -> None:
    found, _ = scored(FRAMEWORK, {"risk": Counter(green=1)})
    assert [one.section.key for one in found.sections] == ["plans", "sharing"]


@given(counts)
def test_tables_and_charts_hold_every_answer_once(given_counts: dict[str, Grades]) -> None:
    found, blocks = scored(FRAMEWORK, given_counts)
    answered = {
        key: sum(entry.get(grade.key, 0) for grade in ON[key].grades) for key, entry in given_counts.items()
    }
    assert found.whole.answers == sum(answered.values())
    if not found.whole.answers:
        assert not blocks_of(Chart, blocks)
        return
    (table,) = blocks_of(Table, blocks)
    assert isinstance(table, Table)
    sections = [int(row[1].replace(",", "")) for row in numbers(table)]
    assert sum(sections[:-1]) == sections[-1] == found.whole.answers
    picture, *spreads = [block for block in blocks if isinstance(block, Chart)]
    assert (
        sum(
            sum(value for value in one.values if isinstance(value, int))
            for chart in spreads
            for one in chart.series
        )
        == found.whole.answers
    )
    shown = [one.section.title for one in found.sections if one.score.answers]
    assert list(picture.categories) == shown
    for series, at in zip(picture.series, ("percentage", "weighted"), strict=True):
        for value, name in zip(series.values, shown, strict=True):
            score = next(one.score for one in found.sections if one.section.title == name)
            assert abs(float(value) - float(getattr(score, at))) <= 0.55


@given(counts)
def test_a_section_tells_each_question_by_its_wording(given_counts: dict[str, Grades]) -> None:
    found, _ = scored(FRAMEWORK, given_counts)
    for one in found.sections:
        blocks = section_blocks(FRAMEWORK, one)
        assert isinstance(blocks[-1], BulletList)
        if one.score.answers:
            (table,) = blocks_of(Table, blocks)
            assert isinstance(table, Table)
            assert [row.texts[0] for row in table.rows[:-1]] == [
                entry.question.text for entry in one.questions
            ]


def test_the_whole_is_the_sections_own_scores_by_their_weights() -> None:
    _, blocks = scored(
        FRAMEWORK,
        {
            "risk": Counter(green=10, not_applicable=9),
            "told": Counter(no=1),
            "sharing_grade": Counter(good=1),
        },
    )
    # Plans: 1. Sharing: (2 * 0 + 2/3) / 3 = 2/9. The whole: (1 + 4 * 2/9) / 5.
    (table,) = blocks_of(Table, blocks)
    assert isinstance(table, Table)
    assert numbers(table) == [
        ["1", "10", "100.0%", "100.0%"],
        ["4", "2", "50.0%", "22.2%"],
        ["", "12", "91.7%", "37.8%"],
    ]
