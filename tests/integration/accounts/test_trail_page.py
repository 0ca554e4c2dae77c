"""The trail's page and file: filters, pages, names, and nothing that slows with length."""

import csv
import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection, event, insert, text
from sqlalchemy.engine import Engine

from qa.accounts.permissions import CurrentPerson, Role
from qa.db import db, writing
from qa.trail.models import TrailEntry
from qa.trail.recording import record, record_reading
from tests.support.factories import Maker
from tests.support.pages import Browser, Page


def entries(page: Page) -> list[list[str]]:
    """The cells of the table's rows."""
    return [[" ".join(" ".join(cell.itertext()).split()) for cell in row] for row in page.all("tr")[1:]]


def numbers(page: Page) -> list[int]:
    return [int(row[0].replace(",", "")) for row in entries(page)]


def add(app: Flask, count: int, person_id: int | None = None, deed: str = "audits.created") -> None:
    with app.app_context():
        for number in range(count):
            with writing() as session:
                record(
                    session, person_id, deed, deed.split("s.", maxsplit=1)[0], number + 1, fields=["title"]
                )


def test_the_newest_entry_comes_first_with_names_of_people(
    app: Flask, make: Maker, admin: Browser, administrator: CurrentPerson
) -> None:
    area = make.area("Northside")
    ada = make.person(Role.QA_LEAD, area=area, name="Ada Quill")
    with app.app_context():
        record_reading(ada.id, "return", 31, area_id=area.id, part="front_door")
    admin.post(f"/people/{ada.id}/deactivate")
    page = admin.get("/trail")
    newest, before = entries(page)[:2]
    assert newest[2:] == [
        "Marisol Fenwick",
        "Accounts: person deactivated",
        f"Person {ada.id} Ada Quill",
        "active",
    ]
    assert before[2:] == ["Ada Quill", "Return: read", "Return 31 Northside", "front door"]
    assert page.statements <= 8


def test_an_installation_without_other_entries_shows_the_own_sign_in(admin: Browser) -> None:
    assert [row[3] for row in entries(admin.get("/trail"))] == ["Accounts: signed in"]


def test_entries_are_filtered(app: Flask, make: Maker, admin: Browser, administrator: CurrentPerson) -> None:
    ada = make.person(Role.QA_LEAD, name="Ada Quill")
    add(app, 3, ada.id)
    add(app, 2, None, "reports.issued")
    with app.app_context():
        record_reading(ada.id, "report", 2)
    assert numbers(admin.get(f"/trail?person={ada.id}")) == [7, 4, 3, 2]
    assert numbers(admin.get("/trail?person=0")) == [6, 5]
    assert numbers(admin.get("/trail?event=reports.issued")) == [6, 5]
    assert numbers(admin.get("/trail?record=report")) == [7, 6, 5]
    assert numbers(admin.get("/trail?record=report&number=2")) == [7, 6]
    assert numbers(admin.get(f"/trail?record=report&person={ada.id}")) == [7]
    assert "No entry fits" in admin.get("/trail?event=nothing").text
    assert numbers(admin.get("/trail?person=x&number=-1&record=&event=")) == list(range(7, 0, -1))
    page = admin.get(f"/trail?person={ada.id}")
    assert "Reports: issued" in page.text
    assert page.links["Report 2"] == "/trail?record=report&number=2"


def test_days_are_days_in_england(app: Flask, admin: Browser) -> None:
    """A day in British Summer Time begins at 11pm of the day before in UTC."""
    moments = [
        datetime(2026, 6, 30, 22, 59, tzinfo=UTC),
        datetime(2026, 6, 30, 23, 0, tzinfo=UTC),
        datetime(2026, 7, 1, 22, 59, tzinfo=UTC),
        datetime(2026, 7, 1, 23, 0, tzinfo=UTC),
    ]
    with app.app_context(), writing() as session:
        for number, at in enumerate(moments, 100):
            values = {"number": number, "at": at, "event": "a.b", "record": "a", "fields": "", "seal": "x"}
            session.execute(insert(TrailEntry).values(**values))
    assert numbers(admin.get("/trail?from=2026-07-01&to=2026-07-01")) == [102, 101]
    assert numbers(admin.get("/trail?to=2026-06-30")) == [100]
    assert numbers(admin.get("/trail?from=2026-07-02&event=a.b")) == [103]
    assert "No entry fits" in admin.get("/trail?to=1999-01-01").text


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("from=yesterday", "From must be a real date, such as 2026-03-27"),
        ("to=2026-02-30", "To must be a real date, such as 2026-03-27"),
        ("to=0001-01-01", "To must be a real date, such as 2026-03-27"),
        ("from=2026-03-02&to=2026-03-01", "To must be the same day as From, or later"),
    ],
)
def test_a_date_that_is_none_is_named(admin: Browser, query: str, message: str) -> None:
    page = admin.get(f"/trail?{query}")
    assert page.errors == [message]
    assert f"Error: {message}" in page.text


def test_pages_go_by_entry_number_both_ways_and_keep_the_filter(
    app: Flask, make: Maker, admin: Browser
) -> None:
    ada = make.person(Role.QA_LEAD)
    add(app, 120, ada.id)
    first = admin.get(f"/trail?person={ada.id}")
    assert numbers(first) == list(range(121, 71, -1))
    assert "Newer entries" not in first.links
    second = admin.get(first.links["Older entries"])
    assert numbers(second) == list(range(71, 21, -1))
    third = admin.get(second.links["Older entries"])
    assert numbers(third) == list(range(21, 1, -1))
    assert "Older entries" not in third.links
    back = admin.get(third.links["Newer entries"])
    assert numbers(back) == numbers(second)
    again = admin.get(back.links["Newer entries"])
    assert numbers(again) == numbers(first)
    assert numbers(admin.get(f"/trail?person={ada.id}&after=121")) == numbers(first)


def test_the_file_holds_every_entry_that_fits_and_its_taking_is_noted(
    app: Flask, make: Maker, admin: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qa.accounts.trail_reading.PIECE", 7)
    ada = make.person(Role.QA_LEAD, name="Ada Quill")
    add(app, 60, ada.id)
    page = admin.get(f"/trail?person={ada.id}")
    answer = admin.get(page.links["Download these entries (CSV)"]).response
    assert answer.mimetype == "text/csv"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="trail.csv"'
    rows = list(csv.reader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff"))))
    assert rows[0][:5] == ["Number", "Moment (UTC)", "Person number", "Person", "Event"]
    assert [int(row[0]) for row in rows[1:]] == list(range(61, 1, -1))
    assert rows[1][2:6] == [str(ada.id), "Ada Quill", "audits.created", "audit"]
    assert datetime.fromisoformat(rows[1][1]) - datetime.now(UTC) < timedelta(minutes=1)
    newest = entries(admin.get("/trail"))[0]
    assert newest[2:] == ["Marisol Fenwick", "Trail: read", "Trail", "file"]


@pytest.mark.parametrize("name", ["=HYPERLINK(1)", "+44", "-1", "@SUM(A1)", "\tx"])
def test_the_file_holds_nothing_a_spreadsheet_would_run(
    app: Flask, make: Maker, admin: Browser, name: str
) -> None:
    ada = make.person(Role.QA_LEAD, name="Ada")
    with app.app_context(), db.engine.begin() as connection:
        statement = text("UPDATE person SET name = :name WHERE id = :id")
        connection.execute(statement, {"name": name, "id": ada.id})
    add(app, 1, ada.id)
    written = admin.get(f"/trail.csv?person={ada.id}").response.get_data(as_text=True)
    row = list(csv.reader(io.StringIO(written.removeprefix("\ufeff"))))[1]
    assert row[3] == f"'{name}"


def test_entries_of_people_who_are_gone_keep_their_number(app: Flask, make: Maker, admin: Browser) -> None:
    add(app, 1, 4711)
    assert entries(admin.get("/trail"))[0][2] == "Person 4711"


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_only_administrators_read_the_trail(
    make: Maker, browser: Callable[[str], Browser], role: Role
) -> None:
    visitor = browser(make.person(role).email)
    visitor.get("/trail", status=403)
    visitor.get("/trail.csv", status=403)


def test_names_are_shown_as_typed(app: Flask, make: Maker, admin: Browser) -> None:
    ada = make.person(Role.QA_LEAD, name="<script>alert(1)</script>")
    add(app, 1, ada.id, "<b>bolds.made")
    page = admin.get("/trail")
    assert "<script>alert(1)</script>" in page.text
    assert "<b>bolds: made" in page.text


def test_the_number_of_statements_does_not_grow(app: Flask, make: Maker, admin: Browser) -> None:
    add(app, 1)
    few = admin.get("/trail").statements
    for _ in range(10):
        add(app, 10, make.person(Role.QA_LEAD).id)
    assert admin.get("/trail").statements == few


FILTERS = (
    "",
    "person=7",
    "person=0",
    "record=audit",
    "record=audit&number=5",
    "event=audits.seldom",
    "event=audits.often",
    "from=2026-01-02&to=2026-01-02",
    "to=2026-01-01",
    "person=0&event=audits.seldom",
    "before=900",
    "after=100&person=7",
)


def lengthen(app: Flask, first: int, last: int) -> None:
    """Entries by raw SQL, one a minute from 1 January 2026: every hundredth is a seldom one."""
    statement = """
        WITH RECURSIVE n(number) AS (SELECT :first UNION ALL SELECT number + 1 FROM n WHERE number < :last)
        INSERT INTO trail_entry (number, at, person_id, event, record, record_id, area_id, fields, seal)
        SELECT number, datetime('2026-01-01', '+' || number || ' minutes'), NULLIF(number % 20, 0),
               CASE WHEN number % 100 THEN 'audits.often' ELSE 'audits.seldom' END,
               CASE WHEN number % 2 THEN 'audit' ELSE 'case' END, number % 50, NULL, '', '' FROM n"""
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(text(statement), {"first": first, "last": last})


class steps_taken:  # noqa: N801 used as a word: `with steps_taken() as steps:`
    """Counts, in hundreds, the instructions that SQLite carries out inside the block."""

    def __enter__(self) -> list[int]:
        self.hundreds: list[int] = []
        event.listen(Engine, "before_cursor_execute", self._watch)
        return self.hundreds

    def __exit__(self, *_exc: object) -> None:
        event.remove(Engine, "before_cursor_execute", self._watch)

    def _watch(self, connection: Connection, *_rest: object) -> None:
        raw: Any = connection.connection.dbapi_connection
        raw.set_progress_handler(self._count, 100)

    def _count(self) -> int:
        self.hundreds.append(1)
        return 0  # anything else would stop the statement


@pytest.mark.sqlite
def test_a_page_costs_the_same_however_long_the_trail_is(app: Flask, admin: Browser) -> None:
    def costs() -> dict[str, int]:
        found = {}
        for query in FILTERS:
            with steps_taken() as steps:
                assert admin.get(f"/trail?{query}").status == 200
            found[query] = len(steps)
        return found

    lengthen(app, 2, 5_000)
    short = costs()
    lengthen(app, 5_001, 50_000)
    long = costs()
    assert {query: long[query] for query in FILTERS if long[query] > 1.25 * short[query] + 5} == {}, short
