"""The form of giving returns out automatically: a row for each auditor, drawn by its page."""

from collections.abc import Collection, Sequence
from random import randrange

from werkzeug.datastructures import MultiDict
from wtforms import Field

from qa.audits.allotting import Ask, Typed
from qa.audits.doubling import LARGEST_SEED
from qa.audits.forms import numbers
from qa.audits.queries.allotting import Auditor
from qa.web.forms import Form, checkboxes_field, clean, radio_field, text_field, tick_field, whole_number

WITHOUT, NOT_STARTED = "without", "not_started"


class AllotForm(Form):
    """How returns are given out. The auditors' rows are not WTForms': see `typed_rows`."""

    agencies = checkboxes_field("Agencies", required="Choose at least one agency")
    which = radio_field(
        "Which returns are given out?",
        [
            (WITHOUT, "Those without an auditor"),
            (NOT_STARTED, "Those, and all that their auditor has not started"),
        ],
        required="Choose which returns",
    )
    elsewhere = tick_field("Count what auditors hold in other open audits")
    share = text_field(
        "Cases to audit twice",
        hint="A number, like 3, or a share of the cases, like 10%. Leave it empty for none",
        limit=10,
    )
    seed = text_field(
        "Seed of the draw",
        hint="The same cases and seed give the same draw. It is kept with the audit",
        limit=6,
    )

    def validate_seed(self, field: Field) -> None:
        """A number, as the draw is remembered by it."""
        whole_number(0, LARGEST_SEED)(self, field)

    def ask(self, rows: Sequence[Typed]) -> Ask:
        """What was asked for."""
        digits = self.seed.data or ""
        return Ask(
            numbers(self.agencies.data),
            rows,
            not_started=self.which.data == NOT_STARTED,
            elsewhere=bool(self.elsewhere.data),
            share=self.share.data or "",
            seed=int(digits) if digits.isdecimal() else 0,
        )


def fresh_seed() -> str:
    """A seed nobody chose."""
    return str(randrange(LARGEST_SEED + 1))  # noqa: S311 recorded, so that the draw can be repeated


def typed_rows(form: MultiDict[str, str]) -> list[Typed]:
    """What was typed of each auditor on the page."""
    ticked = numbers(form.getlist("auditors"))
    return [
        Typed(
            number,
            number in ticked,
            clean(form.get(f"team-{number}")),
            clean(form.get(f"most-{number}")),
            clean(form.get(f"own-{number}")),
        )
        for number in sorted(numbers(form.getlist("listed")))
    ]


def rows_of(auditors: Collection[Auditor]) -> list[Typed]:
    """The rows as they were last said, for a page nobody has typed into."""
    return [
        Typed(one.id, not one.left_out, one.team, "" if one.most is None else str(one.most), one.own_cases)
        for one in auditors
    ]
