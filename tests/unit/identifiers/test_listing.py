"""Reading a pasted list of names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.identifiers.finding import identifiers_in
from qa.identifiers.listing import MOST_LINES, read_names
from qa.identifiers.names import names_from


def names(text: str, *, word_by_word: bool = False) -> list[str]:
    pasted = read_names(text, word_by_word=word_by_word)
    assert pasted.problems == ()
    return [name for name, _ in pasted.names]


def test_each_line_is_a_name_once() -> None:
    text = "Jayden  Okafor\r\n\n  zoë Brontë\nJAYDEN OKAFOR\nO’Neil\nONeil"
    assert names(text) == ["Jayden Okafor", "zoë Brontë", "O’Neil"]


def test_words_are_listed_too_but_for_everyday_ones_and_particles() -> None:
    text = "Jayden Okafor\nWill van der Young\nLi Wu"
    assert names(text, word_by_word=True) == [
        "Jayden Okafor",
        "Will van der Young",
        "Li Wu",
        "Jayden",
        "Okafor",
    ]
    assert read_names(text, word_by_word=True).left == ("will", "young")


def test_an_everyday_word_is_listed_when_it_stands_on_a_line_of_its_own() -> None:
    assert names("May\nMay Okafor", word_by_word=True) == ["May", "May Okafor", "Okafor"]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("Jayden 943 476 5919", "without numbers"),
        ("j@example.org", "without numbers or addresses"),
        ("one two three four five six seven", "one name on each line"),
        ("x" * 121, "one name on each line"),
        ("J", "two letters or more"),
        ("---", "two letters or more"),
    ],
)
def test_a_line_that_is_no_name_is_named_by_its_number(line: str, words: str) -> None:
    pasted = read_names(f"Jayden Okafor\n\n{line}", word_by_word=True)
    assert pasted.names == ()
    (problem,) = pasted.problems
    assert problem.startswith("Line 3: ")
    assert words in problem


def test_many_bad_lines_are_not_all_named() -> None:
    pasted = read_names("\n".join(["1"] * 25), word_by_word=False)
    assert len(pasted.problems) == 11
    assert pasted.problems[-1] == "And 15 more lines like these"


def test_too_many_lines_are_refused() -> None:
    assert (
        "5,000 names at a time"
        in read_names("\n".join(["Tolu"] * (MOST_LINES + 1)), word_by_word=True).problems[0]
    )


WORDS = st.sampled_from(["Jayden", "Okafor", "Will", "May", "van", "O’Neil", "Zoë", "Ng", "Smith-Jones"])


@given(st.lists(WORDS, min_size=1, max_size=3).map(" ".join))
def test_a_name_of_the_list_is_found_in_a_text(name: str) -> None:
    listed = names_from(names(name, word_by_word=True))
    assert identifiers_in(f"seen with {name.upper()} today", listed)
