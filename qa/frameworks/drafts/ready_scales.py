"""Scales in use in the field, ready to put into a draft. Wording is ours. Pure."""

from collections.abc import Mapping
from typing import Any

from qa.frameworks.drafts.elements import Document
from qa.frameworks.vocabulary import Colour


def _grade(key: str, label: str, score: int, colour: Colour, meets: bool, words: str) -> dict[str, Any]:
    return {
        "key": key,
        "label": label,
        "score": score,
        "colour": colour.value,
        "meets_standard": meets,
        "descriptor": words,
    }


OFSTED = {
    "name": "Ofsted's four grades",
    "grades": [
        _grade(
            "outstanding",
            "Outstanding",
            4,
            Colour.GREEN,
            True,
            "Practice goes well beyond what is expected, is sustained, and has plainly changed things for "
            "the child.",
        ),
        _grade(
            "good",
            "Good",
            3,
            Colour.TURQUOISE,
            True,
            "Practice is what a child should be able to count on. There are small gaps that did not matter "
            "to the child.",
        ),
        _grade(
            "requires_improvement",
            "Requires improvement to be good",
            2,
            Colour.ORANGE,
            False,
            "The child is safe and some of the work is sound, but it is late, uneven or makes less "
            "difference than it should.",
        ),
        _grade(
            "inadequate",
            "Inadequate",
            1,
            Colour.RED,
            False,
            "Practice leaves the child at risk, or without the help needed. Ask whether a concern must be "
            "raised now.",
        ),
    ],
}
RAG = {
    "name": "Red, amber, green",
    "grades": [
        _grade("green", "Green", 3, Colour.GREEN, True, "In place and working; the evidence shows it."),
        _grade(
            "amber",
            "Amber",
            2,
            Colour.ORANGE,
            False,
            "Partly in place, or in place without proof that it works. What is left to do is known.",
        ),
        _grade("red", "Red", 1, Colour.RED, False, "Not in place, or in place and not working."),
    ],
}
MET = {
    "name": "Met, partly met, not met",
    "grades": [
        _grade("met", "Met", 3, Colour.GREEN, True, "All of it was done, and in time."),
        _grade(
            "partly_met",
            "Partly met",
            2,
            Colour.YELLOW,
            False,
            "Some of it was done, or all of it but late.",
        ),
        _grade("not_met", "Not met", 1, Colour.RED, False, "It was not done, or nothing shows that it was."),
    ],
}
NOUGHT_TO_THREE = {
    "name": "0 to 3",
    "grades": [
        _grade("three", "3", 3, Colour.GREEN, True, "Fully in place, checked, and improving what we do."),
        _grade("two", "2", 2, Colour.TURQUOISE, True, "In place, with evidence; some of it can be better."),
        _grade("one", "1", 1, Colour.ORANGE, False, "Begun: there is a plan, and part of it has been done."),
        _grade("nought", "0", 0, Colour.RED, False, "Not begun."),
    ],
}
STRENGTH = {
    "name": "Strong, some good practice, emerging",
    "grades": [
        _grade(
            "strong",
            "Strong",
            3,
            Colour.GREEN,
            True,
            "The record shows it clearly, throughout, and in detail that could be about no other child.",
        ),
        _grade(
            "some_good_practice",
            "Some good practice",
            2,
            Colour.BLUE,
            True,
            "The record shows it more than once, though not throughout or not in depth.",
        ),
        _grade(
            "emerging",
            "Emerging",
            1,
            Colour.YELLOW,
            False,
            "There are first signs of it; a reader has to search and fill in gaps.",
        ),
    ],
}

READY_SCALES: Mapping[str, Document] = {
    "ofsted": OFSTED,
    "rag": RAG,
    "met": MET,
    "nought_to_three": NOUGHT_TO_THREE,
    "strength": STRENGTH,
}
"""By a key that names the scale in a draft too, where it is free."""
