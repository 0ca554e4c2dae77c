"""How long after an earlier date a date may be: "at most 15 working days after the strategy discussion"."""

import re
from collections.abc import Mapping
from typing import Any

from qa.frameworks.builder_forms.adding import AskingForm
from qa.frameworks.builder_forms.base import number_field, number_of
from qa.frameworks.content import days_in_words
from qa.frameworks.drafts.elements import Document
from qa.frameworks.drafts.subjects import dates_before
from qa.frameworks.naming import key_words
from qa.frameworks.vocabulary import DayKind, QuestionType
from qa.web.forms import radio_field, select_field

MOST_DAYS = 3650  # as the schema of framework files has it


class TimescaleForm(AskingForm):
    """Base of the form on a question: the timescale of a date."""

    timescale_from = select_field("Counted from (optional)", hint="An earlier question that asks for a date")
    timescale_days = number_field("Most days", 0, MOST_DAYS, "The day of the earlier date is day 0")
    timescale_kind = radio_field(
        "Days that count",
        [
            (DayKind.WORKING.value, "Working days: Monday to Friday without England’s bank holidays"),
            (DayKind.CALENDAR.value, "Every day of the calendar"),
        ],
    )

    def offer_dates(self, document: Document, key: str) -> None:
        """Let the earlier dates be chosen from. What it counts from although it may not stays to be seen."""
        dates = dates_before(document, key)
        chosen = self.timescale_from.data
        if chosen and chosen not in dates:
            dates[chosen] = f"{key_words(chosen)} (that comes later, is no date, or is gone)"
        self.timescale_from.choices = [("", "No timescale"), *dates.items()]

    def check(self) -> None:
        """A timescale has its days."""
        super().check()
        if self._has_timescale and not self.timescale_days.data and not self.timescale_days.errors:
            self.timescale_days.errors = ["Enter how many days there may be at most"]

    @property
    def _has_timescale(self) -> bool:
        return self.kind is QuestionType.DATE and bool(self.timescale_from.data)

    @property
    def timescale_words(self) -> str:
        """The timescale in short, also of what was not checked yet."""
        found = self.timescale() if re.fullmatch(r"[0-9]{1,4}", self.timescale_days.data or "") else None
        return days_in_words(found["days"], DayKind(found["kind"])) if found else "none"

    def timescale(self) -> dict[str, Any] | None:
        """The timescale in the document's shape; None when there is none."""
        days = number_of(self.timescale_days.data)
        if not self._has_timescale or days is None:
            return None
        kind = self.timescale_kind.data or DayKind.WORKING.value
        return {"from": self.timescale_from.data, "days": days, "kind": kind}


def timescale_data(part: Document) -> Mapping[str, str]:
    """What a form shows of a question's timescale."""
    found = part.get("timescale") or {}
    days = found.get("days")
    return {
        "timescale_from": str(found.get("from", "")),
        "timescale_days": "" if days is None else str(days),
        "timescale_kind": str(found.get("kind", DayKind.WORKING.value)),
    }
