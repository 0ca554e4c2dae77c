"""The form of a meeting of the panel: its day, chair and minutes, and a row for each of its people."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import request

from qa.moderation.attending import MOST_LETTERS, MOST_PEOPLE, Attended, Attendee
from qa.moderation.meeting_commands import Typed, in_lines
from qa.web.forms import Form, day_field, long_text_field, radio_field, select_field, text_field, tick_field

SPARE_ROWS = 3
NO_AGENCY = ("", "No agency taking part")


class MeetingForm(Form):
    """A meeting; `meeting_form` adds the rows of people. rows: how many of them there are."""

    rows = 0
    held_on = day_field("Date of the meeting", required="Enter the date of the meeting")
    chair = text_field("Chair", required="Enter who chaired the meeting", limit=MOST_LETTERS)
    minutes = long_text_field(
        "Minutes (optional)",
        hint="What was discussed and agreed beyond the grades. Leave out names and anything else that could "
        "identify a child",
    )
    shared = tick_field("Agencies taking part in the audit can read this meeting and its minutes")

    @property
    def people(self) -> list[Attendee]:
        """The rows as they were typed, empty ones too."""
        return [self._row(number) for number in range(self.rows)]

    @property
    def typed_meeting(self) -> Typed:
        """Everything that was typed; the day must have been given."""
        held_on = self.held_on.data
        if held_on is None:
            raise ValueError("the form was not checked before it was read")
        return Typed(
            held_on,
            self.chair.data or "",
            self.minutes.data or "",
            bool(self.shared.data),
            self.people,
        )

    def typed(self) -> dict[str, str]:
        """As for every form, the rows of people as one text."""
        parts = {f"{part}_{number}" for part in ROW for number in range(self.rows)}
        fields = {name: text for name, text in super().typed().items() if name not in parts}
        return {**fields, "People": in_lines([row for row in self.people if not row.empty])}

    def _row(self, number: int) -> Attendee:
        values = {part: str(self[f"{part}_{number}"].data or "") for part in ROW}
        agency, attended = values["agency"], values["attended"]
        return Attendee(
            values["name"],
            values["role"],
            int(agency) if agency.isdecimal() else None,
            Attended(attended) if attended in set(Attended) else Attended.PRESENT,
        )


ROW = ("name", "role", "agency", "attended")


def meeting_form(
    agencies: Mapping[int, str],
    people: Sequence[Attendee] = (),
    data: Mapping[str, Any] | None = None,
    *,
    more: bool = False,
) -> MeetingForm:
    """A form with a row for each of the people and some to spare; one that was sent keeps its rows.

    agencies: those taking part, number to name. more: rows were asked for.
    """
    rows = _rows_sent() or len(people) + SPARE_ROWS
    if more:
        rows = min(rows + SPARE_ROWS, MOST_PEOPLE)
    fields: dict[str, Any] = {"rows": rows}
    values = dict(data or {})
    for number in range(rows):
        fields |= {
            f"name_{number}": text_field("Name", limit=MOST_LETTERS),
            f"role_{number}": text_field("Role (optional)", limit=MOST_LETTERS),
            f"agency_{number}": select_field(
                "Agency", [NO_AGENCY, *((str(key), name) for key, name in agencies.items())]
            ),
            f"attended_{number}": radio_field("Was there", [(one.value, one.label) for one in Attended]),
        }
        row = people[number] if number < len(people) else Attendee()
        values |= {
            f"name_{number}": row.name,
            f"role_{number}": row.role,
            f"agency_{number}": str(row.agency_id or ""),
            f"attended_{number}": row.attended.value,
        }
    form: MeetingForm = type("MeetingFormWithRows", (MeetingForm,), fields)(data=values)
    return form


def _rows_sent() -> int:
    sent = request.form.get("rows", "")
    return min(int(sent), MOST_PEOPLE) if sent.isdecimal() and len(sent) < 4 else 0
