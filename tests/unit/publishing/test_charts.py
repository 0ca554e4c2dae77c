"""Charts: what they draw, and the SVG of the page."""

import re
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reportlab.graphics.shapes import Drawing, Group, Rect, String
from reportlab.lib.colors import HexColor

from qa.publishing.charts import LinkedGroup, chart_drawings
from qa.publishing.document import HIDDEN, Chart, ChartKind, Column, Figure, Series, Table
from qa.publishing.palette import BAR_COLOURS
from qa.publishing.svg import svg
from tests.unit.publishing.examples import grades_chart

FIGURES = Table("Figures", (Column("Theme"),), ())
SVG = "{http://www.w3.org/2000/svg}"


def bars(*values: Figure, names: tuple[str, ...] = ()) -> Chart:
    categories = names or tuple(f"Theme {number}" for number in range(len(values)))
    return Chart(
        "Themes", "By number.", ChartKind.BARS, categories, (Series("Cases", "series_1", values),), FIGURES
    )


def shapes(group: Group) -> list[Rect | String | LinkedGroup]:
    found: list[Rect | String | LinkedGroup] = []
    for shape in group.contents:
        if isinstance(shape, (Rect, String, LinkedGroup)):
            found.append(shape)
        if isinstance(shape, Group):
            found += shapes(shape)
    return found


def words(drawing: Drawing) -> list[str]:
    return [shape.text for shape in shapes(drawing) if isinstance(shape, String)]


def filled(drawing: Drawing, colour: str) -> list[Rect]:
    fill = HexColor(BAR_COLOURS[colour].fill)
    return [one for one in shapes(drawing) if isinstance(one, Rect) and one.fillColor == fill]


def test_bars_are_as_long_as_their_numbers() -> None:
    (drawing,) = chart_drawings(bars(10, 40, 20), 400)
    ten, forty, twenty = (rect.width for rect in filled(drawing, "series_1"))

    assert forty == pytest.approx(4 * ten)
    assert twenty == pytest.approx(2 * ten)
    assert {"10", "40", "20"} <= set(words(drawing))


def test_zero_and_hidden_numbers_have_a_label_and_no_bar() -> None:
    (drawing,) = chart_drawings(bars(9, 0, HIDDEN), 400)

    assert len(filled(drawing, "series_1")) == 1
    assert {"9", "0", "c"} <= set(words(drawing))


def test_every_stacked_number_is_told_with_the_name_of_its_grade() -> None:
    (drawing,) = chart_drawings(grades_chart(), 471)
    text = " · ".join(words(drawing)).split(" · ")

    assert {"O 4", "G 22", "RI 18", "I 1", "O 1", "G 14"} <= set(text)
    assert {"Outstanding (O)", "Requires improvement to be good (RI)"} <= set(text)
    assert "RI 0" not in text


def test_a_stack_of_nothing_says_0() -> None:
    series = tuple(Series(name, "good", (0, 5)) for name in ("Met", "Not met"))
    (drawing,) = chart_drawings(Chart("t", "", ChartKind.STACKED, ("a", "b"), series, FIGURES), 400)

    assert "0" in words(drawing)


def test_several_series_side_by_side_are_named() -> None:
    series = (Series("Agency", "series_1", (3,)), Series("Panel", "series_2", (5,)))
    (drawing,) = chart_drawings(Chart("t", "", ChartKind.BARS, ("Planning",), series, FIGURES), 400)

    assert {"Agency 3", "Panel 5", "Agency", "Panel"} <= set(words(drawing))


@pytest.mark.parametrize(
    ("labels", "names"),
    [
        (("Good", "Requires improvement to be good"), ("Good", "RIG")),
        (("Not started", "Not involved", "In progress"), ("NS", "NI", "IP")),
        (("Met in full", "Mostly in force"), ("Met in full", "Mostly in force")),
        (("Partly (some)", "!!!!!!!!"), ("PS", "!!!!!!!!")),
    ],
    ids=["grades", "states", "clash", "signs"],
)
def test_long_labels_go_by_their_initials_on_bars(labels: tuple[str, ...], names: tuple[str, ...]) -> None:
    series = tuple(Series(label, "good", (5,)) for label in labels)
    (drawing,) = chart_drawings(Chart("t", "", ChartKind.STACKED, ("Planning",), series, FIGURES), 600)
    shown = " · ".join(words(drawing)).split(" · ")

    assert {f"{name} 5" for name in names} <= set(shown)
    for label, name in zip(labels, names, strict=True):
        assert label in shown or f"{label} ({name})" in shown


def test_long_names_wrap() -> None:
    (drawing,) = chart_drawings(
        bars(3, names=("Engagement of fathers and the wider family in assessment",)), 400
    )
    lines = [text for text in words(drawing) if text != "3"]

    assert len(lines) > 1
    assert " ".join(lines) == "Engagement of fathers and the wider family in assessment"


def test_many_categories_make_it_higher_or_part_it() -> None:
    chart = bars(*range(100))
    (high,) = chart_drawings(chart, 400)
    parts = chart_drawings(chart, 400, 500)

    assert high.height > 2_000
    assert len(parts) > 3
    assert all(part.height <= 500 for part in parts)
    assert sorted(word for part in parts for word in words(part)) == sorted(words(high))


def test_no_categories() -> None:
    (drawing,) = chart_drawings(bars(), 400)

    assert words(drawing) == ["There are no figures to show."]


FIGURE = st.one_of(st.integers(0, 10**6), st.just(HIDDEN))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.lists(FIGURE, min_size=3, max_size=3), max_size=8),
    st.sampled_from(ChartKind),
    st.text(max_size=40),
)
def test_everything_stays_inside(rows: list[list[Figure]], kind: ChartKind, name: str) -> None:
    series = tuple(
        Series(f"{name} {at}", "good", tuple(row[at] for row in rows), f"S{at}") for at in range(3)
    )
    chart = Chart("t", "", kind, tuple(f"{name} {at}" for at in range(len(rows))), series, FIGURES)
    (drawing,) = chart_drawings(chart, 471)

    for shape in shapes(drawing):
        x1, y1, x2, y2 = shape.getBounds()
        assert x1 >= -0.01
        assert x2 <= 471 + 6
        assert y1 >= -3
        assert y2 <= drawing.height + 3


def as_svg(chart: Chart) -> ElementTree.Element:
    (drawing,) = chart_drawings(chart, 480)
    markup = svg(drawing, chart.title, chart.description, "report-1")
    return ElementTree.fromstring(markup)  # noqa: S314  (our own output)


def test_svg_has_a_name_and_a_description() -> None:
    root = as_svg(grades_chart())
    title, description = root.find(f"{SVG}title"), root.find(f"{SVG}desc")

    assert title is not None
    assert description is not None
    assert (root.get("role"), title.text, description.text) == ("img", "Grades", "Most sections are good.")
    assert root.get("aria-labelledby") == title.get("id") == "report-1-title"
    assert root.get("aria-describedby") == description.get("id") == "report-1-description"


def test_svg_links_are_named_and_reachable() -> None:
    root = as_svg(grades_chart(linked=True))
    links = {link.get("href"): link for link in root.iter(f"{SVG}a")}

    assert root.get("role") == "group"
    assert len(links) == 6
    assert links["/cases?section=0&grade=1"].get("aria-label") == "G 22: Early help, Good"
    for link in links.values():
        shown = "".join(link.itertext())
        assert (link.get("aria-label") or "").startswith(shown)


def test_svg_needs_no_styles() -> None:
    (drawing,) = chart_drawings(grades_chart(linked=True), 480)
    markup = svg(drawing, "Grades", "", "x")

    assert "style=" not in markup
    assert not re.search(r"\son\w+=", markup)
    assert markup.count("<rect") == 4 + 6


def test_svg_stands_the_right_way_up() -> None:
    root = as_svg(bars(5, 3))
    first, second = (float(rect.get("y", "0")) for rect in root.iter(f"{SVG}rect"))
    height = float((root.get("viewBox") or "").split()[3])

    assert 0 <= first < second < height
