"""Since when a question is worded as it is."""

from datetime import date

from qa.frameworks.wording import EditionWords, wordings

MARCH = date(2026, 3, 1)


def editions(*texts: dict[str, str]) -> list[EditionWords]:
    """Editions published in March of one year after the other."""
    return [
        EditionWords(number, MARCH.replace(year=2023 + number), words)
        for number, words in enumerate(texts, start=1)
    ]


def said(*texts: dict[str, str]) -> str:
    return wordings(editions(*texts))["a"].said


def test_a_question_that_never_changed_says_nothing() -> None:
    assert said({"a": "Was it done?"}) == ""
    assert said({"a": "Was it done?"}, {"a": "Was it done?"}) == ""


def test_a_reworded_question_says_the_edition_that_worded_it_so() -> None:
    assert said({"a": "Old"}, {"a": "New"}) == "Worded this way since edition 2 (March 2025)"
    assert said({"a": "Old"}, {"a": "New"}, {"a": "New"}) == "Worded this way since edition 2 (March 2025)"
    back = said({"a": "One"}, {"a": "Two"}, {"a": "One"})
    assert back == "Worded this way since edition 3 (March 2026)"


def test_a_new_question_says_that_it_is_new_and_one_that_comes_back_says_so() -> None:
    assert said({}, {"a": "New"}) == "New in edition 2 (March 2025)"
    assert said({"a": "Same"}, {}, {"a": "Same"}) == "Asked again since edition 3 (March 2026)"
    assert said({"a": "Old"}, {}, {"a": "New"}) == "Worded this way since edition 3 (March 2026)"


def test_without_a_day_or_an_edition_there_is_still_an_answer() -> None:
    undated = [one._replace(published_on=None) for one in editions({"a": "Old"}, {"a": "New"})]
    assert wordings(undated)["a"].said == "Worded this way since edition 2"
    assert wordings([]) == {}
