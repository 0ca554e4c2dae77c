"""What a page carries of a file and gets back, when it was made by hand."""

import pytest

from qa.returns.offline.differing import chosen


@pytest.mark.parametrize(
    "text", ["", "null", "{}", "[" * 100_000, '{"form": "x", "entries": []}', '{"form": {}, "entries": 7}']
)
def test_nonsense_is_none(text: str) -> None:
    assert chosen(text, None) is None
