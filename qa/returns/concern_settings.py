"""What the installation's settings say about concerns: their clock, and where their pages are."""

from datetime import date

from flask import current_app

from qa.config import Settings
from qa.frameworks.bank_holidays import bank_holidays
from qa.web.addresses import public_address


def hours_to_acknowledge() -> int:
    """Working hours within which somebody must acknowledge a concern."""
    settings: Settings = current_app.extensions["settings"]
    return settings.concern_hours


def concern_address(concern_id: int) -> str:
    """Where a message says the concern is."""
    return public_address("returns.concern", concern_id=concern_id)


def is_working_day(day: date) -> bool:
    """Whether the clock of a concern runs on that day: a weekday that is no bank holiday in England."""
    return day.weekday() < 5 and day not in bank_holidays(day.year)
