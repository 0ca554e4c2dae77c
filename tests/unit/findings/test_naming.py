"""Keys made from the names of themes."""

import re

from hypothesis import given
from hypothesis import strategies as st

from qa.findings.naming import LONGEST, same_name, theme_key


def test_a_key_is_the_name_in_plain_letters() -> None:
    assert theme_key("Fathers & wider family", set()) == "fathers_wider_family"
    assert theme_key("Siân’s café: 2nd visit", set()) == "sians_cafe_2nd_visit"


def test_a_key_that_is_taken_gets_a_number() -> None:
    assert theme_key("Drift", {"drift", "drift_2"}) == "drift_3"


@given(st.text(max_size=200), st.sets(st.sampled_from(["theme", "theme_2", "drift"])))
def test_every_name_gives_a_key_that_fits_and_is_free(name: str, taken: set[str]) -> None:
    key = theme_key(name, taken)
    assert re.fullmatch(r"[a-z][a-z0-9_]*", key)
    assert len(key) <= LONGEST
    assert key not in taken


def test_names_are_the_same_whatever_their_capitals_and_spaces() -> None:
    assert same_name("Voice of the  child", " voice of THE child")
    assert not same_name("Voice of the child", "Voice of the children")
