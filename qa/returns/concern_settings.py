"""What the installation's settings say about concerns: their clock, and where their pages are."""

from datetime import date

from flask import current_app, has_request_context, request, url_for

from qa.config import Settings
from qa.frameworks.bank_holidays import bank_holidays

LOCAL = "http://127.0.0.1:5000"


def hours_to_acknowledge() -> int:
    """Working hours within which somebody must acknowledge a concern."""
    settings: Settings = current_app.extensions["settings"]
    return settings.concern_hours


def concern_address(concern_id: int) -> str:
    """Where a message says the concern is: under PUBLIC_URL, or under the host that the request came to.

    From the command line, without PUBLIC_URL, it is where `python app.py` serves.
    """
    settings: Settings = current_app.extensions["settings"]
    if has_request_context():
        base = settings.public_url or request.url_root.rstrip("/")
        path = url_for("returns.concern", concern_id=concern_id).removeprefix(request.script_root)
        return base + path
    with current_app.test_request_context(base_url=settings.public_url or LOCAL):
        return url_for("returns.concern", concern_id=concern_id, _external=True)


def is_working_day(day: date) -> bool:
    """Whether the clock of a concern runs on that day: a weekday that is no bank holiday in England."""
    return day.weekday() < 5 and day not in bank_holidays(day.year)
