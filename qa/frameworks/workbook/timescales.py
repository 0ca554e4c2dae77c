"""Timescales in words that a workbook's cell holds, such as 15 working days from “When was it?”. Pure.

As for conditions, the key stands there in brackets where the words would not lead back to the question.
"""

import re
from typing import Any

from qa.frameworks.content import Timescale
from qa.frameworks.file_problems import quoted
from qa.frameworks.vocabulary import DayKind
from qa.frameworks.workbook.conditions import ConditionWords, Fault
from qa.frameworks.workbook.words import tidy

_EXAMPLE = "Write it as in: 15 working days from 1.2."
_TIMESCALE = re.compile(
    r"(?:(?:at most|within|up to)\s+)?([0-9]{1,6})\s+(working|calendar)\s+days?\s+"
    r"(?:from|of|after)\s+(\S.*)\Z",
    re.IGNORECASE | re.DOTALL,
)


def write_timescale(timescale: Timescale | None, names: ConditionWords) -> str:
    """The timescale in words; "" for none. names: knows every question."""
    if timescale is None:
        return ""
    return f"{timescale.limit.replace(',', '')} from {names.name_of(timescale.start)}"


def read_timescale(said: str, names: ConditionWords) -> tuple[dict[str, Any] | None, Fault | None]:
    """The timescale in a document's shape, or None and what is wrong with it."""
    found = _TIMESCALE.match(tidy(said))
    if not found:
        return None, Fault(f"This timescale is not understood: {quoted(said)}.", _EXAMPLE)
    start = names.question(found.group(3).strip())
    if isinstance(start, Fault):
        return None, start
    return {"from": start, "days": int(found.group(1)), "kind": DayKind(found.group(2).lower()).value}, None
