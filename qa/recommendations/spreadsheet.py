"""The tracker as CSV that a spreadsheet opens as text: nothing typed by a person can become a formula."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from io import StringIO
from typing import Any

from qa.web.spreadsheets import safe_cell

TRACKER_HEADING = (
    "Area",
    "Audit",
    "Audit title",
    "Number",
    "Recommendation",
    "Level",
    "Priority",
    "Measure of success",
    "Recommendation state",
    "Agency",
    "Action",
    "Lead",
    "Due date",
    "Action state",
    "Days overdue",
)


def tracker_file(rows: Iterable[Mapping[str, Any]]) -> bytes:
    """The tracker's lines (`tracking.every_line`) as CSV; days as 2026-03-27, which spreadsheets sort."""
    return _as_csv(
        TRACKER_HEADING,
        (
            (
                row["area"],
                row["audit_reference"],
                row["audit_title"],
                row["number"],
                row["text"],
                row["level"].label,
                row["priority"].label,
                row["measure_of_success"],
                row["state"].label,
                row["agency"],
                row["action"],
                row["lead"],
                row["action_due_on"],
                row["action_state"].label if row["action_state"] else None,
                row["days_overdue"] or None,
            )
            for row in rows
        ),
    )


def _as_csv(heading: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """A CSV file in UTF-8, with the mark by which Excel knows it."""
    written = StringIO(newline="")
    writer = csv.writer(written, quoting=csv.QUOTE_MINIMAL, lineterminator="\r\n")
    writer.writerow(heading)
    writer.writerows([safe_cell("" if value is None else str(value)) for value in row] for row in rows)
    return b"\xef\xbb\xbf" + written.getvalue().encode("utf-8")
