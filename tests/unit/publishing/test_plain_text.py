"""What a reader is shown of typed text."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.publishing.plain_text import is_safe_link, one_line, slug, visible

ANY_TEXT = st.text(st.characters(exclude_categories=()))


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Plain words, (brackets) & <b>markup</b>", "Plain words, (brackets) & <b>markup</b>"),
        ("one\r\ntwo\rthree\u2028four", "one\ntwo\nthree\nfour"),
        ("a\tb\u2003c", "a b c"),
        ("50\u00a0cases", "50\u00a0cases"),
        ("null\x00bell\x07", "null[U+0000]bell[U+0007]"),
        ("safe\u202egpj.exe", "safe[U+202E]gpj.exe"),
        ("zero\u200bwidth\ufeff", "zero[U+200B]width[U+FEFF]"),
        ("half a pair \ud800", "half a pair [U+D800]"),
        ("not a character \uffff", "not a character [U+FFFF]"),
        ("filler\u3164", "filler[U+3164]"),
        ("hidden\u200djoiner", "hidden[U+200D]joiner"),
    ],
)
def test_hidden_characters_are_shown_by_number(typed: str, shown: str) -> None:
    assert visible(typed) == shown


@pytest.mark.parametrize("typed", ["می‌خواهم", "👩‍⚕️", "👨‍👩‍👧", "क्‍ष"])
def test_joiners_stay_where_a_script_is_spelt_with_them(typed: str) -> None:
    assert visible(typed) == typed


@settings(deadline=None)
@given(ANY_TEXT)
def test_nothing_shown_is_invisible_by_itself(typed: str) -> None:
    kept = set(visible(typed)) - {"\n", " ", "\u00a0", "\u200c", "\u200d"}

    assert {unicodedata.category(character) for character in kept}.isdisjoint(
        {"Cc", "Cf", "Cs", "Co", "Zs", "Zl"}
    )


@settings(deadline=None)
@given(ANY_TEXT)
def test_what_is_visible_stays_as_it_is(typed: str) -> None:
    assert visible(visible(typed)) == visible(typed)


def test_one_line_has_no_breaks() -> None:
    assert one_line("  Help\n and\t\u00a0protection ") == "Help and protection"


@pytest.mark.parametrize(
    ("text", "anchor"),
    [("Section 47 enquiries", "section-47-enquiries"), ("Été & hiver", "ete-hiver"), ("مرحبا", "section")],
)
def test_anchors(text: str, anchor: str) -> None:
    assert slug(text) == anchor


@pytest.mark.parametrize(
    "link",
    ["/cases?grade=1&section=2", "#findings", "https://example.org/a", "mailto:lead@example.org", "/"],
)
def test_links_that_may_be_followed(link: str) -> None:
    assert is_safe_link(link)


@pytest.mark.parametrize(
    "link",
    ["javascript:alert(1)", "JAVASCRIPT:x", "//example.org", "/\\example.org", "data:text/html,x", "",
     "cases", "file:///etc/passwd", " /cases", "/a\nb", "https://", "/a b"],
)  # fmt: skip
def test_links_that_may_not(link: str) -> None:
    assert not is_safe_link(link)
