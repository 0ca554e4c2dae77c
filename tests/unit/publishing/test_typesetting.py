"""Breaking text into lines, and finding a glyph for every character."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.publishing.document import Run
from qa.publishing.typesetting import fonts
from qa.publishing.typesetting.text import Lines, TextStyle, natural_widths, set_text
from tests.unit.publishing.examples import squeezed

STYLE = TextStyle(10, 14)
BIG = TextStyle(30, 36)


def texts(lines: Lines) -> list[str]:
    return ["".join(segment.text for segment in line.segments) for line in lines.lines]


def test_lines_fill_the_width() -> None:
    lines = set_text("one two three four five six seven eight nine ten", STYLE, 100)

    assert len(lines.lines) > 1
    assert " ".join(texts(lines)) == "one two three four five six seven eight nine ten"
    assert lines.height == len(lines.lines) * 14


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=())), st.integers(20, 300))
def test_no_line_is_wider_than_its_room(text: str, width: int) -> None:
    lines = set_text(text, STYLE, width)

    for line, words in zip(lines.lines, texts(lines), strict=True):
        assert line.width <= width + 0.01 or len(words) == 1


@settings(deadline=None)
@given(st.text(st.characters(min_codepoint=33, max_codepoint=126)), st.integers(20, 300))
def test_breaking_loses_nothing(text: str, width: int) -> None:
    assert squeezed("".join(texts(set_text(text, STYLE, width)))) == text


def test_a_text_set_before_is_set_anew_for_other_room_and_other_style() -> None:
    text = "one two three four five six"

    assert [len(set_text(text, STYLE, width).lines) for width in (300, 60, 300)] == [1, 3, 1]
    assert [len(set_text(text, STYLE, 60, most).lines) for most in (None, 2, None)] == [3, 2, 3]
    right = STYLE.but(align="right", colour="#ff0000", bold=True)
    assert [set_text(text, style, 300).style for style in (STYLE, right)] == [STYLE, right]
    assert natural_widths(text, right)[1] > natural_widths(text, STYLE)[1]


def test_a_long_word_is_broken() -> None:
    lines = set_text("x" * 300, STYLE, 100)

    assert len(lines.lines) > 10
    assert "".join(texts(lines)) == "x" * 300


def test_an_address_is_broken_after_a_sign() -> None:
    lines = set_text("https://example.org/audits/help-and-protection/reports/thematic", STYLE, 160)

    assert all(text[-1] in "/-." for text in texts(lines)[:-1])


def test_hyphens_part_words_in_text_but_not_in_titles() -> None:
    assert texts(set_text("the multi-agency", STYLE, natural_widths("the multi-", STYLE)[1] + 1)) == [
        "the multi-", "agency",
    ]  # fmt: skip
    assert texts(set_text("the multi-agency", BIG, natural_widths("the multi-", BIG)[1] + 1))[0] == "the"


def test_line_breaks_are_kept() -> None:
    assert texts(set_text("one\n\ntwo", STYLE, 100)) == ["one", "", "two"]
    assert set_text(" \n ", STYLE, 100).lines == ()


def test_too_many_lines_end_in_an_ellipsis() -> None:
    lines = set_text("word " * 100, STYLE, 100, 2)

    assert len(lines.lines) == 2
    assert texts(lines)[1].endswith("…")
    assert lines.widest <= 100


def test_runs_that_touch_stay_one_word() -> None:
    lines = set_text((Run("un"), Run("safe", bold=True), Run(" child")), STYLE, 500)

    assert texts(lines) == ["unsafe child"]
    assert [segment.font for segment in lines.lines[0].segments] == [
        "NotoSans", "NotoSans-Bold", "NotoSans",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "font"),
    [
        ("Łódź", "NotoSans"),
        ("Διεθνής", "NotoSans"),
        ("Україна", "NotoSans"),
        ("Nguyễn", "NotoSans"),
        ("→", "DejaVuSans"),
        ("✓", "DejaVuSans"),
        ("שלום", "DejaVuSans"),
        ("مرحبا", "DejaVuSans"),
        ("😀", "DejaVuSans"),
    ],
)
def test_every_script_finds_its_font(text: str, font: str) -> None:
    assert {part.font for part in fonts.parts_of(text)} == {font}


@pytest.mark.parametrize("bold", [False, True])
@pytest.mark.parametrize("italic", [False, True])
@settings(deadline=None)
@given(text=st.text(st.characters(codec="utf-8")))
def test_no_character_is_set_without_a_glyph(text: str, bold: bool, italic: bool) -> None:
    for part in fonts.parts_of(text, bold, italic):
        if not part.text.isascii():
            assert set(part.text) <= fonts.coverage(part.font)


def test_a_glyph_that_only_the_second_font_has_is_used() -> None:
    missing = fonts.coverage("DejaVuSans") - fonts.coverage("NotoSans")

    assert len(missing) > 2_000
    for character in sorted(missing):
        shown = "".join(part.text for part in fonts.parts_of(f"a{character}"))
        assert "\ufffd" not in shown


def test_what_no_font_has_is_shown_as_missing() -> None:
    assert fonts.parts_of("ক") == (fonts.Part("NotoSans", "\ufffd"),)


def test_accents_typed_apart_are_set_as_one_letter() -> None:
    assert fonts.parts_of("cafe\u0301") == (fonts.Part("NotoSans", "café"),)
