"""The trail's page and file, for administrators."""

import csv
import io
from collections.abc import Iterator
from datetime import UTC, date

from flask import Response, render_template, request, stream_with_context

from qa.accounts import trail_reading
from qa.accounts.access import current_person, requires
from qa.accounts.arguments import row_number
from qa.accounts.blueprint import blueprint
from qa.accounts.people_queries import people_choices
from qa.accounts.permissions import Permission
from qa.accounts.trail_reading import TrailFilter, TrailRow
from qa.trail.recording import record_reading
from qa.web.spreadsheets import safe_cell

HEADINGS = (
    *("Number", "Moment (UTC)", "Person number", "Person", "Event"),
    *("Record", "Record number", "About", "Area", "Fields"),
)
BYTE_ORDER_MARK = "\ufeff"  # tells Excel that the file is UTF-8


@blueprint.get("/trail")
@requires(Permission.TRAIL_READ)
def trail() -> str:
    """Who did and read what, newest first."""
    wanted, errors = _wanted()
    page = trail_reading.trail_page(wanted, before=row_number("before"), after=row_number("after"))
    kept = {name: text for name, text in request.args.items() if name not in {"before", "after"} and text}
    return render_template(
        "accounts/trail.html",
        page=page,
        wanted=wanted,
        errors=errors,
        kept=kept,
        people=[("0", "Nobody signed in"), *people_choices()],
        kinds=[(kind, in_words(kind)) for kind in trail_reading.kinds()],
        events=[(event, event_in_words(event)) for event in trail_reading.events()],
        in_words=in_words,
        event_in_words=event_in_words,
    )


@blueprint.get("/trail.csv")
@requires(Permission.TRAIL_READ)
def trail_file() -> Response:
    """The entries that fit the filter, as a file. Taking it away is noted in the trail itself."""
    wanted, _ = _wanted()
    record_reading(current_person().id, "trail", None, part="file")
    answer = Response(stream_with_context(_lines(wanted)), mimetype="text/csv")
    answer.headers["Content-Disposition"] = 'attachment; filename="trail.csv"'
    return answer


def in_words(name: str) -> str:
    """A name of the code as people read it: sign_ins_ended is Sign ins ended."""
    return name.replace("_", " ").capitalize()


def event_in_words(event: str) -> str:
    """returns.submitted is Returns: submitted."""
    capability, _, deed = event.partition(".")
    return f"{in_words(capability)}: {deed.replace('_', ' ')}"


def _wanted() -> tuple[TrailFilter, dict[str, str]]:
    """The filter that the address asks for, and what is wrong with its dates."""
    errors: dict[str, str] = {}
    days: dict[str, date | None] = {}
    for name, label in (("from", "From"), ("to", "To")):
        text = request.args.get(name, "").strip()
        try:
            days[name] = date.fromisoformat(text) if text else None
        except ValueError:
            days[name] = None
        if text and (days[name] is None or not 1900 <= days[name].year <= 2100):  # type: ignore[union-attr]
            days[name] = None
            errors[name] = f"{label} must be a real date, such as 2026-03-27"
    since, until = days["from"], days["to"]
    if since and until and until < since:
        errors["to"] = "To must be the same day as From, or later"
    wanted = TrailFilter(
        person_id=row_number("person"),
        kind=request.args.get("record", "")[:40],
        record_id=row_number("number"),
        event=request.args.get("event", "")[:60],
        since=since,
        until=until,
    )
    return wanted, errors


def _lines(wanted: TrailFilter) -> Iterator[str]:
    text = io.StringIO()
    writer = csv.writer(text)
    text.write(BYTE_ORDER_MARK)
    writer.writerow(HEADINGS)
    for row in trail_reading.every_entry(wanted):
        writer.writerow([safe_cell(cell) for cell in _cells(row)])
        if text.tell() > 64 * 1024:
            yield text.getvalue()
            text.seek(0)
            text.truncate()
    yield text.getvalue()


def _cells(row: TrailRow) -> tuple[str, ...]:
    return (
        str(row.number),
        row.at.astimezone(UTC).isoformat(timespec="seconds").removesuffix("+00:00") + "Z",
        str(row.person_id or ""),
        row.person or "",
        row.event,
        row.kind,
        str(row.record_id if row.record_id is not None else ""),
        row.subject or "",
        row.area or "",
        row.fields,
    )
