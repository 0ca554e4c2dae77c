"""A draft's document as the text that the database keeps, and back."""

import json
from decimal import Decimal
from typing import Any

from qa.frameworks.drafts.elements import Document, questions_of, sections_of


def as_text(document: Document) -> str:
    """The document as JSON. Decimal numbers keep their places."""
    return json.dumps(document, ensure_ascii=False, default=_decimal, separators=(",", ":"))


def from_text(text: str) -> dict[str, Any]:
    """The document that `as_text` gave: mappings, lists, str, int, Decimal, bool."""
    document: dict[str, Any] = json.loads(text, parse_float=Decimal, object_hook=_revived)
    return document


def _decimal(value: object) -> dict[str, str]:
    if isinstance(value, Decimal):
        return {"decimal": format(value, "f")}
    raise TypeError(f"a draft's document holds no {type(value).__name__}")


def _revived(value: dict[str, Any]) -> Any:
    return Decimal(value["decimal"]) if value.keys() == {"decimal"} else value


def counts(document: Document) -> tuple[int, int]:
    """How many sections and how many questions there are."""
    sections = sections_of(document)
    return len(sections), sum(len(questions_of(section)) for section in sections)
