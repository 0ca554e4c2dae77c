"""What reports put on the home page."""

from flask import url_for

from qa.accounts.access import current_person, may
from qa.accounts.permissions import Permission
from qa.reports.queries import number_of_reports
from qa.web.cards import Card


def cards() -> list[Card]:
    """Issued reports, for those who come to read them: those who write them go by their audits."""
    if not may(Permission.REPORTS_READ) or may(Permission.REPORTS_WRITE):
        return []
    total = number_of_reports(current_person())
    if not total:
        return []
    words = "issued report to read" if total == 1 else "issued reports to read"
    return [Card(total, words, url_for("reports.index"))]
