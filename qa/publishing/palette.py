"""Colours of reports and charts, by name.

Every colour of a bar stands out from white at 3:1 or more (WCAG 1.4.11) and carries its label at 4.5:1 or
more (WCAG 1.4.3). Colour never stands alone: bars have their label and number beside or on them.
"""

from typing import NamedTuple

INK = "#1b2528"
SOFT_INK = "#4a565a"
BRAND = "#0b3c49"
LINK_RULE = "#7b9aa2"
RULE = "#c2cbce"
STRONG_RULE = "#5a686d"
TINT = "#eef3f4"
PAPER = "#ffffff"
STRENGTH = "#1b6b4a"
STRENGTH_TINT = "#edf5f0"
IMPROVEMENT = "#a34a00"
IMPROVEMENT_TINT = "#fcf3ea"


class BarColour(NamedTuple):
    """The fill of a bar and the colour of text on it."""

    fill: str
    text: str


BAR_COLOURS: dict[str, BarColour] = {
    # The colours that frameworks give to grades, by their names there.
    "green": BarColour("#14593a", PAPER),
    "turquoise": BarColour("#229090", "#000000"),
    "blue": BarColour("#1d5f9e", PAPER),
    "yellow": BarColour("#b58b00", "#000000"),
    "orange": BarColour("#c8641b", "#000000"),
    "red": BarColour("#9b1c1c", PAPER),
    "grey": BarColour("#6b747c", PAPER),
    "purple": BarColour("#5f3d8f", PAPER),
    # Grades by how good they are, best first; told apart without seeing red and green.
    "outstanding": BarColour("#0b3c49", PAPER),
    "good": BarColour("#2b7a9b", PAPER),
    "requires_improvement": BarColour("#d07a00", "#000000"),
    "inadequate": BarColour("#8c1d40", PAPER),
    "not_graded": BarColour("#6b747c", PAPER),
    # What else reports count.
    "strength": BarColour(STRENGTH, PAPER),
    "improvement": BarColour(IMPROVEMENT, PAPER),
    "series_1": BarColour("#155f70", PAPER),
    "series_2": BarColour("#1d8a80", "#000000"),
    "series_3": BarColour("#801650", PAPER),
    "series_4": BarColour("#c9500c", PAPER),
    "series_5": BarColour("#3d3d3d", PAPER),
    "series_6": BarColour("#7f62b8", PAPER),
}

_SCALES: dict[int, tuple[str, ...]] = {
    1: ("good",),
    2: ("good", "inadequate"),
    3: ("good", "requires_improvement", "inadequate"),
    4: ("outstanding", "good", "requires_improvement", "inadequate"),
}


def is_colour_token(name: str) -> bool:
    """Say whether `name` is the name of a bar colour."""
    return name in BAR_COLOURS


def scale_colours(grades: int) -> tuple[str, ...]:
    """Return a colour token for each of `grades` grades, best first.

    Scales of more than four grades take the plain series colours in turn, so that neighbours differ.
    """
    if grades in _SCALES:
        return _SCALES[grades]
    return tuple(f"series_{number % 6 + 1}" for number in range(max(grades, 0)))
