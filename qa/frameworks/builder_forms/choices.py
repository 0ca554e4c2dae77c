"""Rows of answers to choose from: an answer keeps its key for ever, whatever its words become."""

import re
from collections.abc import Sequence
from typing import Any

from qa.frameworks.builder_forms.base import Row, RowsField, on_one_line
from qa.frameworks.drafts.elements import Document, new_key

KEY = re.compile(r"[a-z][a-z0-9_]{0,59}")
LONGEST_LABEL = 200
MOST_OPTIONS = 60


def filled(rows: Sequence[Row], name: str = "label") -> list[Row]:
    """The rows in which something was typed."""
    return [row for row in rows if row.text(name)]


def keyed(rows: Sequence[Row], fallback: str) -> list[tuple[str, Row]]:
    """Each filled row with its key: the one it has, or one made of its words."""
    kept = [row.text("key") for row in rows]
    taken = {key for key in kept if KEY.fullmatch(key)}
    used: set[str] = set()
    found = []
    for row, old in zip(rows, kept, strict=True):
        key = old if KEY.fullmatch(old) and old not in used else new_key(row.text("label"), taken, fallback)
        taken.add(key)
        used.add(key)
        found.append((key, row))
    return found


def options_of(field: RowsField) -> list[dict[str, Any]]:
    """The options in the document's shape."""
    return [
        {"key": key, "label": on_one_line(row.text("label"))}
        for key, row in keyed(filled(field.rows), "option")
    ]


def options_from(labels: Sequence[str]) -> list[dict[str, Any]]:
    """New options with those words."""
    taken: set[str] = set()
    found = []
    for label in labels:
        key = new_key(label, taken, "option")
        taken.add(key)
        found.append({"key": key, "label": label})
    return found


def check_options(field: RowsField) -> None:
    """Labels are short enough and differ; there are not too many."""
    rows = filled(field.rows)
    if len(rows) > MOST_OPTIONS:
        field.error("", f"Keep to {MOST_OPTIONS} answers at most")
    check_labels(field, rows, LONGEST_LABEL, "Answer")


def check_labels(field: RowsField, rows: Sequence[Row], longest: int, noun: str) -> None:
    """No label is too long or stands twice."""
    seen: set[str] = set()
    for row in rows:
        label, name = on_one_line(row.text("label")), row.name.removeprefix(f"{field.name}-")
        if len(label) > longest:
            field.error(f"{name}-label", f"{noun} {row.number} must be {longest} characters or fewer")
        elif label in seen:
            field.error(f"{name}-label", f"“{label}” stands twice: change one of them")
        seen.add(label)


def option_rows(part: Document, spare: int = 0) -> dict[str, list[str]]:
    """What a form shows of a part's options, with empty rows for as many more."""
    options = list(part.get("options") or ())
    wanted = set(part.get("evidence_required_for") or ())
    data: dict[str, list[str]] = {}
    for number, option in enumerate(options):
        data[f"{number}-key"] = [str(option.get("key", ""))]
        data[f"{number}-label"] = [str(option.get("label", ""))]
        data[f"{number}-evidence"] = ["1"] if option.get("key") in wanted else []
    for number in range(len(options), max(len(options), spare)):
        data[f"{number}-label"] = [""]
    return data
