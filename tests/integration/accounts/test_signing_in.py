"""Signing in and out, lock-out, one-time links."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from qa.accounts import passwords
from qa.accounts.models import FailedTry, Person, SignIn
from qa.accounts.permissions import Role
from qa.db import db, writing
from qa.trail.models import TrailEntry
from tests.support.factories import Maker
from tests.support.pages import Browser

PASSWORD = "three-random-words"


@pytest.fixture
def known(app: Flask, make: Maker) -> str:
    """The address of a QA lead with a password."""
    person = make.person(Role.QA_LEAD, area=make.area(), name="Ada Quill")
    with app.app_context(), writing() as session:
        session.execute(
            update(Person).where(Person.id == person.id).values(password_hash=passwords.hashed(PASSWORD))
        )
    return person.email


def sign_in(app: Flask, email: str, password: str, address: str = "/sign-in") -> tuple[Browser, str, str]:
    """Send the sign-in form; gives the browser, the heading reached and the errors shown."""
    visitor = Browser(app, None)
    page = visitor.submit(address, {"email": email, "password": password})
    return visitor, page.heading, "; ".join(page.errors)


def test_the_right_password_leads_home(app: Flask, known: str) -> None:
    visitor, heading, errors = sign_in(app, known.upper(), PASSWORD)
    assert (heading, errors) == ("Hello, Ada Quill", "")
    assert visitor.get("/account").heading == "Your account"


def test_a_wrong_password_and_an_unknown_address_look_the_same(app: Flask, known: str) -> None:
    _, _, wrong = sign_in(app, known, "not the password")
    _, _, unknown = sign_in(app, "nobody@example.org", "not the password")
    assert wrong == unknown
    assert "not right" in wrong


def test_sign_in_goes_on_to_the_page_asked_for_but_never_to_another_site(app: Flask, known: str) -> None:
    assert sign_in(app, known, PASSWORD, "/sign-in?next=/account")[1] == "Your account"
    for bad in ("https://evil.example", "//evil.example", "/\\evil.example"):
        assert sign_in(app, known, PASSWORD, f"/sign-in?next={bad}")[1] == "Hello, Ada Quill"


def test_failed_tries_lock_the_address_for_longer_and_longer(app: Flask, known: str) -> None:
    for _ in range(5):
        sign_in(app, known, "not the password")
    _, _, errors = sign_in(app, known, PASSWORD)
    assert errors == "Too many failed tries. Wait 1 minute, then try again, or reset your password"
    with app.app_context():
        row = db.session.scalars(select(FailedTry)).one()
        assert row.failures == 5
        assert row.locked_until is not None


def test_signing_out_ends_the_session_on_the_server(
    app: Flask, known: str, browser: Callable[[str], Browser]
) -> None:
    visitor = browser(known)
    with visitor.client.session_transaction() as session:
        token = session["sign_in"]
    visitor.post("/sign-out")
    with visitor.client.session_transaction() as session:
        session["sign_in"] = token
    assert visitor.get("/account").heading == "Sign in"
    with app.app_context():
        assert db.session.scalar(select(func.count()).where(SignIn.ended_at.is_(None))) == 0


def test_the_trail_says_who_signed_in_and_holds_no_address(app: Flask, known: str) -> None:
    sign_in(app, known, "not the password")
    sign_in(app, known, PASSWORD)
    with app.app_context():
        entries = db.session.scalars(select(TrailEntry).order_by(TrailEntry.number)).all()
        assert [entry.event for entry in entries] == ["accounts.sign_in_failed", "accounts.signed_in"]
        assert not any("@" in str(vars(entry)) for entry in entries)


def test_a_page_needs_somebody_to_be_signed_in(app: Flask, make: Maker) -> None:
    visitor = Browser(app, None)
    assert visitor.get("/account").heading == "Sign in"


def test_a_demonstration_answers_this_machine_only(app: Flask, make: Maker) -> None:
    make.demonstration()
    client = app.test_client()
    assert client.get("/sign-in").status_code == 200
    for changes in (
        {"environ_base": {"REMOTE_ADDR": "10.1.2.3"}},
        {"headers": {"Host": "audit.example.org"}},
        {"headers": {"X-Forwarded-For": "10.1.2.3"}},
    ):
        answer = client.get("/sign-in", **changes)
        assert answer.status_code == 403
        assert "this machine only" in answer.get_data(as_text=True)


def test_what_concerns_the_whole_form_stands_in_the_summary_without_a_link(app: Flask, known: str) -> None:
    page = Browser(app, None).submit("/sign-in", {"email": known, "password": "not the password"})
    assert page.errors == ["The e-mail address or the password is not right. Check both and try again"]
    assert 'href="#"' not in page.html
