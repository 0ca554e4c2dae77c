"""Importing cases from CSV files, by the page."""

import io
from collections.abc import Callable, Sequence

import pytest
from flask import Flask
from sqlalchemy import select

from qa.audits.lifecycle import Stage
from qa.audits.models import Audit, Case, CaseProfileValue
from qa.audits.queries import audit_profiles
from qa.db import db
from qa.trail.models import TrailEntry
from tests.integration.audits.conftest import Place
from tests.support.factories import Maker
from tests.support.pages import Browser, Page

HEAD = "Case reference,Pathway,Interpreter needed,Referrals in 12 months\n"


@pytest.fixture
def audit(place: Place, make: Maker) -> Audit:
    """An audit in planning."""
    made: Audit = make.audit(
        place.area, place.edition, (place.police,), stage=Stage.PLANNING, reference="HAV 1/2"
    )
    return made


def send(lead: Browser, audit: Audit, content: str | bytes, name: str = "cases.csv") -> Page:
    """Choose a file and send it."""
    data = content.encode() if isinstance(content, str) else content
    return lead.post(f"/audits/{audit.id}/cases/import", {"file": (io.BytesIO(data), name)})


def references(app: Flask) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(select(Case.reference).order_by(Case.number)))


def test_the_template_filled_in_is_imported(
    app: Flask, place: Place, audit: Audit, lead: Browser, entries: Callable[[str], Sequence[TrailEntry]]
) -> None:
    page = lead.get(f"/audits/{audit.id}/cases/import")
    answer = lead.client.get(page.links["Download the template"])
    assert answer.headers["Content-Disposition"] == 'attachment; filename="cases-HAV-1-2.csv"'
    template = answer.data
    assert template.decode("utf-8-sig") == HEAD.replace("\n", "\r\n")
    assert "Pathway or: pathway Yes Early help Child protection Early help" in page.text
    filled = template + b"C001,Early help,Yes,4\r\nC002,child_protection,,\r\n"
    page = send(lead, audit, filled)
    assert "2 cases are imported" in page.text
    assert page.heading == "Cases"
    assert references(app) == ["C001", "C002"]
    with app.app_context():
        profiles = audit_profiles(audit.id, place.edition)
        assert sorted(profiles.values(), key=len) == [
            {"pathway": "child_protection"},
            {"pathway": "early_help", "interpreter": "yes", "referrals": "4"},
        ]
    (entry,) = entries("audits.cases_imported")
    assert (entry.record, entry.record_id) == ("audit", audit.id)


def test_one_bad_row_keeps_every_row_out_and_is_named(
    app: Flask, audit: Audit, make: Maker, lead: Browser
) -> None:
    make.case(audit, "C009")
    page = send(
        lead,
        audit,
        HEAD
        + "C001,Early help,Yes,4\nJohn Smith,Adoption,,\nc009,Early help,,x\n=cmd|'/c calc'!A0,Early help,,\n"
        + "<b>C5</b>,Early help,,\nC001,Early help,,\n",
    )
    assert "5 rows need putting right. Nothing was imported" in page.field_error("file")
    for text in (
        "3 Case reference The reference looks like a person’s name",
        "3 Pathway “Pathway” must be one of: Early help, Child protection",
        "4 Case reference c009 is a case of this audit already",
        "4 Referrals in 12 months “Referrals in 12 months” must be a whole number",
        "5 Case reference The reference must not start with =",
        "6 Case reference The reference must begin with a letter or number",
        "7 Case reference C001 stands on line 2 of this file too",
    ):
        assert text in page.text
    assert "<b>C5" not in page.html
    assert references(app) == ["C009"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("Case reference,Colour\nC1,red\n", "“Colour” is not a heading of this framework"),
        ("", "Choose a CSV file"),
        ("Case reference,Pathway\n", "headings but no cases"),
        (b"PK\x03\x04", "a spreadsheet, not a CSV file"),
        (b"a" * (4 * 1024 * 1024 + 1), "larger than 4 MB"),
    ],
)
def test_a_file_that_is_no_list_of_cases_says_what_to_do(
    app: Flask, audit: Audit, lead: Browser, content: str | bytes, words: str
) -> None:
    page = send(lead, audit, content) if content else lead.post(f"/audits/{audit.id}/cases/import")
    assert words in page.field_error("file")
    assert references(app) == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_what_spreadsheets_save_is_understood(
    app: Flask, audit: Audit, lead: Browser, encoding: str, mark: str
) -> None:
    content = f"REFERENCE{mark}pathway\r\nC001{mark}Early help\r\n".encode(encoding)
    assert "1 case is imported" in send(lead, audit, content).text
    assert references(app) == ["C001"]


def test_a_list_of_problems_that_is_too_long_is_cut(audit: Audit, lead: Browser) -> None:
    page = send(lead, audit, HEAD + "".join(f"C{number},nonsense,,\n" for number in range(250)))
    assert "250 rows need putting right" in page.field_error("file")
    assert "And 50 more" in page.text


def test_cases_are_imported_only_while_planning_or_in_fieldwork(
    app: Flask, place: Place, make: Maker, lead: Browser
) -> None:
    audit = make.audit(place.area, place.edition, stage=Stage.PANEL)
    assert "Cases can be added while" in lead.get(f"/audits/{audit.id}/cases/import").text
    page = send(lead, audit, HEAD + "C001,Early help,,\n")
    assert "its cases and returns cannot change" in page.errors[0]
    assert references(app) == []


def test_many_cases_take_as_many_statements_as_few(
    app: Flask, place: Place, make: Maker, lead: Browser
) -> None:
    counted = []
    for size in (2, 1_000):
        audit = make.audit(place.area, place.edition, (place.police,), stage=Stage.PLANNING)
        rows = "".join(f"C{number:05},Early help,no,{number % 9}\n" for number in range(size))
        data = {"file": (io.BytesIO((HEAD + rows).encode()), "cases.csv")}
        page = lead.post(f"/audits/{audit.id}/cases/import", data, status=302, follow=False)
        counted.append(page.statements)
        with app.app_context():
            cases = select(Case.id).where(Case.audit_id == audit.id)
            assert len(db.session.scalars(cases).all()) == size
            values = select(CaseProfileValue.field_id).where(CaseProfileValue.case_id.in_(cases))
            assert len(db.session.scalars(values).all()) == size * 3
    assert counted[0] == counted[1] <= 12
