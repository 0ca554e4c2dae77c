"""What a report document refuses, and the anchors it gives."""

import pytest

from qa.publishing.document import (
    HIDDEN,
    Cell,
    Chart,
    ChartKind,
    Column,
    FindingItem,
    Heading,
    Series,
    Table,
    TableRow,
)
from tests.unit.publishing.examples import report, table


def test_headings_get_anchors_of_their_own() -> None:
    document = report(
        Heading(1, "Findings"),
        Heading(2, "Planning"),
        Heading(2, "Planning"),
        Heading(2, "Planning", "planning-2"),
    )

    assert [heading.anchor for heading in document.headings] == [
        "findings", "planning", "planning-3", "planning-2",
    ]  # fmt: skip


def test_many_headings_of_one_name_stay_apart() -> None:
    document = report(Heading(1, "Cases"), *(Heading(2, "Case") for _ in range(3_000)))

    assert len({heading.anchor for heading in document.headings}) == 3_001


@pytest.mark.parametrize("levels", [(2,), (1, 3), (1, 2, 1, 3)])
def test_a_skipped_heading_level_is_refused(levels: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="straight after level"):
        report(*(Heading(level, f"Part {at}") for at, level in enumerate(levels)))  # type: ignore[arg-type]


def test_an_anchor_given_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="same anchor"):
        report(Heading(1, "One", "a"), Heading(1, "Two", "a"))


def test_an_anchor_with_other_signs_is_refused() -> None:
    with pytest.raises(ValueError, match="lower-case"):
        report(Heading(1, "One", 'a"onclick="x'))


def test_a_row_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="row 2: 1 cells for 2 columns"):
        table(("a", "b"), ("c",))


def test_a_table_without_columns_is_refused() -> None:
    with pytest.raises(ValueError, match="no columns"):
        Table("Empty", (), ())


def test_an_unsafe_link_is_refused() -> None:
    with pytest.raises(ValueError, match="not a link a report may carry"):
        Cell("a", "javascript:alert(1)")
    with pytest.raises(ValueError, match="not a link a report may carry"):
        FindingItem("a", 1, "//example.org")


def test_a_series_is_checked() -> None:
    with pytest.raises(ValueError, match="no colour token 'pink'"):
        Series("Good", "pink", (1,))
    with pytest.raises(ValueError, match="whole numbers from 0"):
        Series("Good", "good", (-1,))
    with pytest.raises(ValueError, match="1 links for 2 values"):
        Series("Good", "good", (1, HIDDEN), links=("/a",))
    with pytest.raises(ValueError, match="not a link"):
        Series("Good", "good", (1,), links=("ftp://example.org",))


def test_a_chart_needs_one_value_per_category() -> None:
    figures = Table("Figures", (Column("Section"),), ())
    with pytest.raises(ValueError, match="1 values for 2 categories"):
        Chart("Grades", "", ChartKind.BARS, ("a", "b"), (Series("Good", "good", (1,)),), figures)


@pytest.mark.parametrize(
    ("cases", "words"), [(None, ""), (0, "0 cases"), (1, "1 case"), (9, "9 cases"), (HIDDEN, "c cases")]
)
def test_counts_of_cases_in_words(cases: int | None, words: str) -> None:
    assert FindingItem("Seen alone", cases).cases_text == words


@pytest.mark.parametrize(("number", "words"), [(1, "1 agency"), (2, "2 agencies"), (HIDDEN, "c agencies")])
def test_counts_of_something_else_in_words(number: int, words: str) -> None:
    assert FindingItem("Seen alone", number, unit=("agency", "agencies")).cases_text == words


def test_details_leave_out_what_is_not_known() -> None:
    terms = [fact.term for fact in report().details]

    assert terms == ["Period covered", "Reference", "Date", "Version", "Status"]
    assert report().details[2].text == "4 November 2025"


def test_rows_give_full_cells() -> None:
    row = TableRow(("a", Cell("b", "/b")))

    assert row.full_cells == (Cell("a"), Cell("b", "/b"))
    assert (row.texts, row.links) == (("a", "b"), (None, "/b"))
