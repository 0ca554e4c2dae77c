"""What reports put on the home page."""

from flask import url_for

from qa.accounts.access import current_person, may
from qa.accounts.permissions import Permission, Role
from qa.reports.queries import issued_reports
from qa.web.cards import Card


def cards() -> list[Card]:
    """Issued reports, for those who come to read them."""
    person = current_person()
    if not may(Permission.REPORTS_READ) or person.has_role(Role.QA_LEAD):
        return []
    total = issued_reports(person, 1).total
    if not total:
        return []
    words = "Issued report to read" if total == 1 else "Issued reports to read"
    return [Card(total, words, url_for("reports.index"))]
