"""Opening a link: codes, wrong ones, locks; what ends it; and that looking at it uses nothing up."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from qa.accounts.models import Person, SignIn
from qa.audits.lifecycle import ReturnState, Stage
from qa.audits.models import Audit, Return
from qa.db import db, now, today, writing
from qa.guests import codes
from qa.guests.models import ReturnLink
from qa.trail.models import TrailEntry
from tests.integration.guests.conftest import ADDRESS, NAME, Exercise
from tests.support.pages import Browser, Page


def visitor(exercise: Exercise) -> Browser:
    return Browser(exercise.app, None)


def later(exercise: Exercise, by: timedelta) -> None:
    """As if so much time had gone by for every link."""
    moments = ("code_asked_at", "code_until", "codes_since", "failed_at", "locked_until")
    for row in exercise.links():
        values = {name: moment - by for name in moments if (moment := getattr(row, name)) is not None}
        with exercise.app.app_context(), writing() as session:
            session.execute(update(ReturnLink).where(ReturnLink.id == row.id).values(**values))


def wrong_code(exercise: Exercise) -> str:
    return f"{(int(exercise.code()) + 1) % 10**6:06}"


def test_the_page_of_a_link_says_nothing_of_whom_it_went_to(exercise: Exercise) -> None:
    exercise.send()
    page = visitor(exercise).get(exercise.link())
    assert page.heading == "Open your return"
    for hidden in (ADDRESS, NAME, "Neglect", exercise.case.reference, exercise.school.name):
        assert hidden not in page.html
    code_page = visitor(exercise).post(f"{exercise.link()}/ask")
    assert ADDRESS not in code_page.html
    assert "the address that your link was sent to" in code_page.text


def test_a_scanner_that_opens_the_link_uses_nothing_up(exercise: Exercise) -> None:
    exercise.send()
    before = exercise.links()[0].__dict__
    scanner = visitor(exercise)
    for _ in range(20):
        scanner.get(exercise.link())
        scanner.get(f"{exercise.link()}/code")
    after = exercise.links()[0].__dict__
    assert {k: v for k, v in before.items() if k[0] != "_"} == {k: v for k, v in after.items() if k[0] != "_"}
    assert len(exercise.messages()) == 1
    exercise.arrive()


def test_the_code_opens_the_return_and_works_once(exercise: Exercise) -> None:
    exercise.send()
    exercise.arrive()
    assert exercise.trail()[-2:] == ["guests.return_opened", "trail.read"] or (
        "guests.return_opened" in exercise.trail()
    )
    page = visitor(exercise).post(f"{exercise.link()}/code", {"code": exercise.code()})
    assert page.field_error("code") == "This code has run out. Ask for a new one"


def test_a_code_runs_out(exercise: Exercise) -> None:
    exercise.send()
    browser = visitor(exercise)
    browser.post(f"{exercise.link()}/ask")
    later(exercise, codes.LASTS)
    page = browser.post(f"{exercise.link()}/code", {"code": exercise.code()})
    assert page.field_error("code") == "This code has run out. Ask for a new one"


def test_no_second_code_within_a_minute_and_the_newest_alone_works(exercise: Exercise) -> None:
    exercise.send()
    browser = visitor(exercise)
    browser.post(f"{exercise.link()}/ask")
    browser.post(f"{exercise.link()}/ask")
    assert len(exercise.messages()) == 2
    first = exercise.code()
    later(exercise, codes.AGAIN_AFTER)
    browser.post(f"{exercise.link()}/ask")
    assert len(exercise.messages()) == 3
    if first != exercise.code():
        assert browser.post(f"{exercise.link()}/code", {"code": first}).errors
    exercise_page = browser.post(f"{exercise.link()}/code", {"code": exercise.code()})
    assert exercise_page.heading == "Return of The School"


def test_there_are_only_so_many_codes_in_an_hour(exercise: Exercise) -> None:
    exercise.send()
    browser, page = visitor(exercise), None
    for _ in range(codes.MOST_IN_WINDOW + 1):
        page = browser.post(f"{exercise.link()}/ask")
        # Only the minute between two codes goes by, not the hour.
        with exercise.app.app_context(), writing() as session:
            session.execute(update(ReturnLink).values(code_asked_at=now() - codes.AGAIN_AFTER))
    assert page is not None
    assert "Too many codes have been sent. Wait" in page.field_error("code")
    assert len(exercise.messages()) == 1 + codes.MOST_IN_WINDOW
    later(exercise, codes.WINDOW + timedelta(minutes=1))
    browser.post(f"{exercise.link()}/ask")
    assert len(exercise.messages()) == 2 + codes.MOST_IN_WINDOW


def test_wrong_codes_use_the_code_up_and_lock_the_link(exercise: Exercise) -> None:
    exercise.send()
    browser = visitor(exercise)
    browser.post(f"{exercise.link()}/ask")
    wrong = wrong_code(exercise)

    def try_it(code: str) -> Page:
        return browser.post(f"{exercise.link()}/code", {"code": code})

    for _ in range(codes.TRIES):
        assert try_it(wrong).field_error("code").startswith("That is not the code")
    # Even the right one is refused, and no new one is sent until the lock is over.
    assert "Too many wrong codes. Wait 1 minute" in try_it(exercise.code()).field_error("code")
    assert "Too many wrong codes" in browser.post(f"{exercise.link()}/ask").field_error("code")
    later(exercise, timedelta(minutes=2))
    assert try_it(exercise.code()).field_error("code") == "This code has run out. Ask for a new one"
    browser.post(f"{exercise.link()}/ask")
    try_it(wrong_code(exercise))
    assert "Wait 2 minutes" in try_it(exercise.code()).field_error("code")  # locked for longer each time
    later(exercise, timedelta(minutes=3))
    browser.post(f"{exercise.link()}/ask")
    assert try_it(exercise.code()).heading == "Return of The School"
    assert exercise.trail().count("guests.code_failed") == codes.TRIES + 1


def test_nothing_kept_or_logged_gives_a_code_away(
    exercise: Exercise, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    exercise.send()
    exercise.arrive()
    code, secret = exercise.code(), exercise.link().rsplit("/", 1)[1]
    assert code not in caplog.text
    with exercise.app.app_context():
        entries = db.session.scalars(select(TrailEntry)).all()
        kept = repr([entry.__dict__ for entry in entries]) + repr([row.__dict__ for row in exercise.links()])
        signed_in = db.session.scalars(select(SignIn)).all()
    assert f"'{code}'" not in kept
    assert secret not in kept
    assert secret not in repr([row.__dict__ for row in signed_in])


def test_an_unknown_link_and_a_wrong_one_look_the_same(exercise: Exercise) -> None:
    page = visitor(exercise).get("/link/nothing", status=404)
    assert page.heading == "This link does not work"
    visitor(exercise).get("/link/nothing/code", status=404)
    visitor(exercise).post("/link/nothing/ask", status=404)
    visitor(exercise).post("/link/nothing/code", {"code": "123456"}, status=404)


@pytest.mark.parametrize(
    ("what", "values", "heading", "words"),
    [
        (
            Return,
            {"due_on": today() - timedelta(days=1)},
            "This link has ended",
            "the link ended with that day",
        ),
        (Return, {"state": ReturnState.SUBMITTED}, "This return is in", "Thank you"),
        (Return, {"state": ReturnState.NOT_INVOLVED}, "This return is in", "Thank you"),
        (Return, {"auditor_id": None}, "This link has ended", "given to somebody else"),
        (Audit, {"stage": Stage.PANEL}, "This link has ended", "cannot be changed now"),
        (Person, {"guest": False}, "This link has ended", "given to somebody else"),
    ],
)
def test_a_link_that_has_ended_says_why_and_sends_no_code(
    exercise: Exercise, what: type, values: dict[str, object], heading: str, words: str
) -> None:
    exercise.send()
    browser = visitor(exercise)
    browser.post(f"{exercise.link()}/ask")
    exercise.change(what, **values)
    for page in (
        browser.get(exercise.link(), status=410),
        browser.post(f"{exercise.link()}/ask", status=410),
        browser.post(f"{exercise.link()}/code", {"code": exercise.code()}, status=410),
    ):
        assert page.heading == heading
        assert words in page.text
    assert len(exercise.messages()) == 2


def test_a_date_that_is_extended_extends_the_link(exercise: Exercise) -> None:
    exercise.send()
    exercise.change(Return, due_on=today() - timedelta(days=1))
    visitor(exercise).get(exercise.link(), status=410)
    exercise.change(Return, due_on=today() + timedelta(days=7))
    exercise.arrive()


def test_the_session_ends_with_the_day_the_return_is_due(exercise: Exercise) -> None:
    exercise.send()
    exercise.change(Return, due_on=today())
    exercise.arrive()
    with exercise.app.app_context():
        row = db.session.scalars(select(SignIn).where(SignIn.guest_return_id.is_not(None))).one()
        assert row.expires_at <= now() + timedelta(days=1)
        assert row.guest_return_id == exercise.row.id


def test_signed_out_in_the_middle_the_link_leads_back_to_the_same_page(exercise: Exercise) -> None:
    exercise.send()
    browser = exercise.arrive()
    section = f"/returns/{exercise.row.id}/sections/front_door"
    page = browser.get(section)
    form = next(form for form in page.all("form") if form.get("id") == "form")
    assert form.get("data-sign-in") == exercise.link()
    later(exercise, codes.AGAIN_AFTER)
    exercise.change(SignIn, ended_at=now())
    page = browser.get(section)
    assert page.heading == "Open your return"
    # What was typed is on the page, with the way back.
    typed = browser.post(section, {"e-threshold": "A long text about the threshold."}, status=401)
    assert "A long text about the threshold." in typed.text
    assert exercise.link() in typed.html
    address = next(form.get("action") for form in page.all("form") if "/ask" in (form.get("action") or ""))
    page = browser.post(str(address))
    address = next(form.get("action") for form in page.all("form") if "/code" in (form.get("action") or ""))
    assert browser.post(str(address), {"code": exercise.code()}).heading == "Front door and threshold"


@pytest.mark.parametrize(
    "address",
    ["https://example.org/", "//example.org", "/returns/999999", "/people", "/returns/1\\@example.org"],
)
def test_the_way_back_leads_nowhere_else(exercise: Exercise, address: str) -> None:
    exercise.send()
    browser = visitor(exercise)
    browser.post(f"{exercise.link()}/ask")
    page = browser.post(
        f"{exercise.link()}/code?next={address}", {"code": exercise.code()}, follow=False, status=302
    )
    assert page.response.headers["Location"] == f"/returns/{exercise.row.id}"
