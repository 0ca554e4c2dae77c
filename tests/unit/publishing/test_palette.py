"""Colours are told apart from paper and from the text on them."""

from itertools import pairwise

import pytest

from qa.publishing import palette
from qa.publishing.palette import BAR_COLOURS, BarColour, scale_colours


def luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_the_measure_is_right() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("colour", BAR_COLOURS.values(), ids=BAR_COLOURS)
def test_bars_stand_out_and_carry_their_label(colour: BarColour) -> None:
    assert contrast(colour.fill, palette.PAPER) >= 3
    assert contrast(colour.fill, colour.text) >= 4.5


@pytest.mark.parametrize(
    ("text", "ground"),
    [
        (palette.INK, palette.PAPER),
        (palette.INK, palette.TINT),
        (palette.SOFT_INK, palette.PAPER),
        (palette.SOFT_INK, palette.STRENGTH_TINT),
        (palette.SOFT_INK, palette.IMPROVEMENT_TINT),
        (palette.BRAND, palette.TINT),
        (palette.STRENGTH, palette.STRENGTH_TINT),
        (palette.IMPROVEMENT, palette.IMPROVEMENT_TINT),
        (palette.PAPER, palette.BRAND),
    ],
)
def test_text_can_be_read(text: str, ground: str) -> None:
    assert contrast(text, ground) >= 4.5


@pytest.mark.parametrize("grades", range(1, 10))
def test_neighbouring_grades_differ(grades: int) -> None:
    colours = scale_colours(grades)

    assert len(colours) == grades
    assert all(one != other for one, other in pairwise(colours))
    assert all(palette.is_colour_token(colour) for colour in colours)
