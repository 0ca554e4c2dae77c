"""What a list's address asks for (?area=3&role=auditor); nonsense is as good as nothing."""

from collections.abc import Sequence

from flask import request

LARGEST = 2**31 - 1


def row_number(name: str) -> int | None:
    """The number of a row."""
    text = request.args.get(name, "")
    return (
        int(text) if text.isascii() and text.isdigit() and len(text) < 11 and int(text) <= LARGEST else None
    )


def one_of(name: str, allowed: Sequence[str]) -> str | None:
    """One of the words allowed."""
    text = request.args.get(name, "")
    return text if text in allowed else None
