"""England's bank holidays: by the library `holidays`, which is loaded when they are first asked for."""

from datetime import date
from functools import cache
from importlib import import_module
from typing import Any

FIRST_YEAR, LAST_YEAR = 1978, 2100
"""The years for which the library knows them. From 1978 they are as today (early May was added then); those
still to come follow the Banking and Financial Dealings Act 1971, and days proclaimed later come with a newer
release of the library.
"""


@cache
def bank_holidays(year: int) -> tuple[date, ...]:
    """The bank holidays of a year from Monday to Friday, days in place of a weekend's among them, in order.

    Raises ValueError outside the years that are known.
    """
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"bank holidays are not known for {year}")
    # The library takes 6 MB: most pages never need it.
    library: Any = import_module("holidays")
    days = library.country_holidays("GB", subdiv="ENG", years=year)
    return tuple(sorted(day for day in days if day.year == year and day.weekday() < 5))
