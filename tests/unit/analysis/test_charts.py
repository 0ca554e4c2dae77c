"""Charts hold the numbers of their tables, whatever was counted."""

from collections import Counter
from itertools import chain

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.analysis import charts, presenting
from qa.analysis.figures import NOT_APPLICABLE, AgencyReturns, AuditFigures, ThemeFigures
from qa.audits.lifecycle import ReturnState
from qa.frameworks.content import FrameworkContent, Scale
from qa.publishing.document import Block, Chart, Paragraph, Table
from qa.publishing.web import render_blocks
from tests.unit.analysis.examples import (
    AGENCIES,
    CASES,
    OFSTED,
    RAG,
    audits,
    content,
    grades,
    number,
    numbers,
    section,
    slips,
)

Audit = tuple[FrameworkContent, AuditFigures]
NOTHING = AuditFigures(0, 0, (), {}, {}, (), 0, 0, 0)


def every_block(framework: FrameworkContent, figures: AuditFigures) -> tuple[Block, ...]:
    return tuple(
        chain(
            presenting.returns_blocks(figures),
            presenting.agreed_blocks(framework, figures),
            presenting.section_blocks(framework, figures),
            presenting.agency_blocks(framework, figures),
            presenting.theme_blocks(framework, figures),
        )
    )


def texts(block: Block) -> list[str]:
    match block:
        case Chart():
            return [block.description]
        case Paragraph():
            return [str(block.text)]
    return []


@given(
    st.sampled_from([OFSTED, RAG]).flatmap(lambda scale: st.tuples(st.just(scale), st.lists(grades(scale))))
)
def test_a_chart_of_grades_says_what_its_table_says(drawn: tuple[Scale, list[Counter[str]]]) -> None:
    scale, counted = drawn
    rows = [(f"Row {place}", counts) for place, counts in enumerate(counted)]
    chart = charts.grades_chart("Title", "", scale, rows, first_column="Section")

    assert len(chart.table.rows) == len(chart.categories) == len(rows)
    for place, cells in enumerate(numbers(chart.table)):
        *by_grade, total, share, not_applicable = cells
        assert [number(cell) for cell in by_grade] == [series.values[place] for series in chart.series]
        assert number(total) == sum(number(cell) for cell in by_grade)
        assert number(not_applicable) == counted[place][NOT_APPLICABLE]
        above = sum(counted[place][grade.key] for grade in scale.grades if grade.meets_standard)
        if number(total) == 0:
            assert share == "–"
        else:
            assert 0 <= float(share.removesuffix("%")) <= 100
            assert float(share.removesuffix("%")) == pytest.approx(100 * above / number(total), abs=0.0501)


@given(audits)
def test_every_chart_has_a_table_of_its_own_and_no_percentage_is_above_100(audit: Audit) -> None:
    blocks = every_block(*audit)
    tables = [block.table for block in blocks if isinstance(block, Chart)]
    tables += [block for block in blocks if isinstance(block, Table)]
    captions = [table.caption for table in tables]
    assert len(captions) == len(set(captions))
    assert not {chart.title for chart in blocks if isinstance(chart, Chart)} & set(captions)
    for table in tables:
        shares = [cell for row in numbers(table) for cell in row if cell.endswith("%")]
        assert all(0 <= float(share.removesuffix("%")) <= 100 for share in shares)


@given(audits)
def test_words_beside_charts_agree_with_their_numbers(audit: Audit) -> None:
    for block in every_block(*audit):
        for text in texts(block):
            assert text
            assert "None" not in text
            assert not slips(text)
            assert text.endswith(".")
            assert "  " not in text


@settings(max_examples=20, deadline=None)
@given(audits)
def test_whatever_was_counted_can_be_shown(audit: Audit) -> None:
    html = render_blocks(every_block(*audit))
    assert html.count("<figure") == html.count("</figure>")


@given(audits)
def test_the_last_row_of_returns_is_the_sum_of_the_others(audit: Audit) -> None:
    _, figures = audit
    if not figures.returns:
        return
    (chart,) = presenting.returns_blocks(figures)
    assert isinstance(chart, Chart)
    *rows, sums = numbers(chart.table)
    assert chart.table.rows[-1].total
    assert [sum(number(row[place]) for row in rows) for place in range(6)] == [number(cell) for cell in sums]
    for place, row in enumerate(rows):
        assert [number(cell) for cell in row[:4]] == [series.values[place] for series in chart.series]
        assert number(row[4]) == sum(number(cell) for cell in row[:4])


@given(audits)
def test_themes_stand_in_their_order_with_their_cases(audit: Audit) -> None:
    framework, figures = audit
    chart = charts.themes_chart(framework, figures)
    cases = [theme.cases for theme in figures.themes]
    assert list(chart.series[0].values) == cases == sorted(cases, reverse=True)
    assert [number(row[0]) for row in numbers(chart.table)] == cases


def test_agreed_grades_stand_beside_the_agencies_own() -> None:
    figures = NOTHING._replace(
        given={
            ("front_door", 1): Counter(good=2, inadequate=1),
            ("front_door", 2): Counter(not_applicable=4),
        },
        agreed={"front_door": Counter(good=1, not_applicable=1), None: Counter(good=1)},
    )
    table = charts.compared_table(CASES, figures)
    assert [cell.text for cell in table.rows[0].full_cells] == ["Front door", "3", "66.7%", "1", "100.0%"]
    assert [cell.text for cell in table.rows[1].full_cells] == ["Plans", "0", "–", "0", "–"]
    assert len(table.rows) == 3  # a section that nobody grades is not there


def test_scales_are_never_mixed_in_one_chart() -> None:
    by_section = charts.section_charts(CASES, NOTHING)
    assert [chart.title for chart in by_section] == [
        "Agencies’ own grades by section: Ofsted's four grades",
        "Agencies’ own grades by section: Red, amber, green",
    ]
    assert [chart.categories for chart in by_section] == [("Front door", "Plans"), ("Training",)]
    (alone,) = charts.section_charts(content(section("front_door")), NOTHING)
    assert alone.title == "Agencies’ own grades by section"


def test_a_sentence_stands_where_there_is_nothing_to_count() -> None:
    blocks = every_block(CASES, NOTHING)
    assert [texts(block) for block in blocks] == [
        ["No return is allocated to an agency yet."],
        ["The panel has not agreed any grade yet."],
        ["No agency has graded a section in a submitted return yet."],
        ["No agency has graded a section in a submitted return yet."],
        ["No finding is coded to a theme yet."],
    ]


def test_the_description_names_the_largest_and_the_smallest_share() -> None:
    framework = content(section("a"), section("b"), section("c"), section("d"))
    counted = {
        ("a", 1): Counter(good=3, inadequate=1),
        ("b", 1): Counter(good=1, inadequate=3),
        ("c", 1): Counter(good=1, inadequate=3),
        ("d", 1): Counter(not_applicable=9),
    }
    (chart,) = charts.section_charts(framework, NOTHING._replace(given=counted))
    assert chart.description == (
        "12 section grades, 41.7% at or above the standard. "
        "Largest share: A (75.0%). Smallest share: B and C (25.0%)."
    )


def test_equal_shares_are_said_to_be_equal() -> None:
    counted = {("front_door", 1): Counter(good=1), ("plans", 1): Counter(outstanding=2)}
    chart = charts.section_charts(CASES, NOTHING._replace(given=counted))[0]
    assert "The share is the same in every row." in chart.description


def test_late_returns_are_named_beside_those_that_are_in() -> None:
    one = AgencyReturns(1, "Health", {ReturnState.SUBMITTED: 1}, 0)
    assert charts.returns_in(NOTHING._replace(agencies=(one,))) == "1 of 1 return is in."
    two = AgencyReturns(1, "Health", {ReturnState.SUBMITTED: 1, ReturnState.IN_PROGRESS: 2}, 1)
    assert charts.returns_in(NOTHING._replace(agencies=(two,))) == "1 of 3 returns are in, and 1 is late."


def test_a_self_assessment_speaks_of_agencies() -> None:
    figures = NOTHING._replace(
        cases=10,
        agreed={None: Counter(good=1)},
        themes=(ThemeFigures(1, "Training", 3, 3, 1, 2), ThemeFigures(2, "Voice", 3, 3, 1, 2)),
    )
    agreed = charts.agreed_chart(AGENCIES, figures)
    assert agreed.categories[0] == "Whole agency"
    assert "for the whole of 1 agency:" in agreed.description
    themes = charts.themes_chart(AGENCIES, figures)
    assert (themes.title, themes.series[0].label) == ("Themes by number of agencies", "Agencies")
    assert themes.description == "Seen in most agencies: Training and Voice (3 of 10 agencies)."


def test_bars_lead_to_the_findings_behind_them_where_they_may_be_read() -> None:
    figures = NOTHING._replace(cases=2, themes=(ThemeFigures(7, "Voice", 2, 2, 1, 1),))
    (linked,) = presenting.theme_blocks(CASES, figures, ["/audits/1/findings?theme=7"])
    (plain,) = presenting.theme_blocks(CASES, figures)
    assert isinstance(linked, Chart)
    assert isinstance(plain, Chart)
    assert linked.series[0].links == ("/audits/1/findings?theme=7",)
    assert plain.series[0].links == ()
