"""Forgotten passwords: the same answer for everybody, one link at a time, and our own address in it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from qa.accounts.inviting import RESET_AGAIN_AFTER, RESET_LASTS
from qa.accounts.models import OneTimeLink, SignIn
from qa.accounts.permissions import CurrentPerson, Role
from qa.db import db, now, writing
from tests.integration.accounts.conftest import (
    PASSWORD,
    Outbox,
    give_password,
    link_in,
    text_of,
    trail_of,
)
from tests.support.factories import Maker
from tests.support.pages import Browser

NEW = "another-three-words"


@pytest.fixture
def known(app: Flask, make: Maker) -> CurrentPerson:
    """A QA lead with a password."""
    person = make.person(Role.QA_LEAD, area=make.area(), name="Ada Quill", email="ada@example.org")
    give_password(app, person)
    return person


def ask(app: Flask, email: str) -> str:
    """Ask for a link; gives what the page says."""
    return Browser(app, None).submit("/forgotten-password", {"email": email}).text


def later(app: Flask, by: timedelta) -> None:
    """Make every link as old as if so much time had gone by."""
    with app.app_context():
        for link in db.session.scalars(select(OneTimeLink)).all():
            with writing() as session:
                older = link.expires_at - by
                session.execute(update(OneTimeLink).where(OneTimeLink.id == link.id).values(expires_at=older))


def test_a_forgotten_password_is_replaced_by_a_link(
    app: Flask, known: CurrentPerson, outbox: Outbox, browser: Callable[[str], Browser]
) -> None:
    elsewhere = browser(known.email)
    assert "a link to set a new password is on its way" in ask(app, " ADA@example.org ")
    (message,) = outbox()
    assert message["Subject"] == "Choose a new Audit Together password"
    assert "Hello Ada Quill," in text_of(message)
    visitor = Browser(app, None)
    page = visitor.get(link_in(message))
    assert "For Ada Quill, who signs in as ada@example.org." in page.text
    visitor.submit(link_in(message), {"new_password": NEW, "repeat": NEW})
    assert elsewhere.get("/account").heading == "Sign in"
    page = visitor.submit("/sign-in", {"email": known.email, "password": PASSWORD})
    assert "not right" in page.errors[0]
    page = visitor.submit("/sign-in", {"email": known.email, "password": NEW})
    assert page.heading == "Hello, Ada Quill"
    events = [event for event, _, _ in trail_of(app)]
    assert events[:2] == ["accounts.reset_asked", "accounts.password_set"]


def test_known_unknown_and_deactivated_addresses_get_the_same_answer(
    app: Flask, make: Maker, known: CurrentPerson, admin: Browser, outbox: Outbox
) -> None:
    gone = make.person(Role.QA_LEAD, email="gone@example.org")
    admin.post(f"/people/{gone.id}/deactivate")
    answers = {ask(app, email) for email in (known.email, "nobody@example.org", gone.email)}
    assert len(answers) == 1
    assert [message["To"] for message in outbox()] == [known.email]
    assert [entry for entry in trail_of(app) if entry[0] == "accounts.reset_asked"] == [
        ("accounts.reset_asked", known.id, ""),
        ("accounts.reset_asked", None, ""),
        ("accounts.reset_asked", None, ""),
    ]


def test_both_ways_do_the_same_work_but_for_the_letter(app: Flask, known: CurrentPerson) -> None:
    ask(app, "anybody@example.org")  # the first entry of a trail costs more
    counts = []
    for email in (known.email, "nobody@example.org"):
        visitor = Browser(app, None)
        form = visitor.get("/forgotten-password").form("email")
        counts.append(visitor.post("/forgotten-password", {**form, "email": email}).statements)
    # Whether one was asked for lately, the link, the letter. Delivery comes after the answer.
    assert counts[0] - counts[1] == 3


def test_no_second_link_within_five_minutes(app: Flask, known: CurrentPerson, outbox: Outbox) -> None:
    first = ask(app, known.email)
    assert ask(app, known.email) == first
    assert len(outbox()) == 1
    later(app, RESET_AGAIN_AFTER - timedelta(seconds=5))
    ask(app, known.email)
    assert len(outbox()) == 1
    later(app, timedelta(seconds=10))
    ask(app, known.email)
    assert len(outbox()) == 2


def test_a_link_works_for_an_hour_and_once(app: Flask, known: CurrentPerson, outbox: Outbox) -> None:
    ask(app, known.email)
    later(app, RESET_AGAIN_AFTER + timedelta(minutes=1))
    ask(app, known.email)
    first, second = (link_in(message) for message in outbox())
    visitor = Browser(app, None)
    visitor.get(first)
    visitor.submit(second, {"new_password": NEW, "repeat": NEW})
    for link in (first, second):
        page = visitor.get(link, status=404)
        assert "It has been used already, or it is too old." in page.text
        visitor.post(link, {"new_password": PASSWORD, "repeat": PASSWORD}, status=404)
    later(app, RESET_AGAIN_AFTER)
    ask(app, known.email)
    third = link_in(outbox()[-1])
    visitor.get(third)
    later(app, RESET_LASTS)
    visitor.get(third, status=404)


@pytest.mark.parametrize(
    ("password", "repeat", "field", "message"),
    [
        ("", "", "new_password", "Enter a new password"),
        ("short", "short", "new_password", "Password must be 12 characters or more"),
        (NEW, PASSWORD, "repeat", "The two passwords are not the same"),
    ],
)
def test_a_password_that_will_not_do_leaves_the_link_usable(
    app: Flask, known: CurrentPerson, outbox: Outbox, password: str, repeat: str, field: str, message: str
) -> None:
    ask(app, known.email)
    link, visitor = link_in(outbox()[0]), Browser(app, None)
    page = visitor.submit(link, {"new_password": password, "repeat": repeat})
    assert page.field_error(field).startswith(message)
    assert password == "" or password not in page.html
    visitor.submit(link, {"new_password": NEW, "repeat": NEW})


def test_links_carry_the_public_address_whatever_host_was_asked(
    app: Flask, known: CurrentPerson, outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed = replace(app.extensions["settings"], public_url="https://audit.example.org")
    monkeypatch.setitem(app.extensions, "settings", changed)
    client = app.test_client()
    with client.session_transaction() as session:
        session["csrf_token"] = "x"
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    with client.post(
        "/forgotten-password", data={"email": known.email}, headers={"Host": "evil.example"}
    ) as answer:
        assert answer.status_code == 200
    (message,) = outbox()
    assert link_in(message).startswith("https://audit.example.org/set-password/")
    assert "evil" not in text_of(message)


def test_only_a_hash_of_the_token_is_kept(app: Flask, known: CurrentPerson, outbox: Outbox) -> None:
    ask(app, known.email)
    token = link_in(outbox()[0]).rpartition("/")[2]
    with app.app_context():
        kept = db.session.scalars(select(OneTimeLink.token_hash)).one()
    assert len(kept) == 64
    assert token not in kept


def test_a_password_set_by_link_opens_a_locked_address(
    app: Flask, known: CurrentPerson, outbox: Outbox
) -> None:
    visitor = Browser(app, None)
    for _ in range(5):
        visitor.submit("/sign-in", {"email": known.email, "password": "wrong password"})
    page = visitor.submit("/sign-in", {"email": known.email, "password": PASSWORD})
    assert "Too many failed tries" in page.errors[0]
    ask(app, known.email)
    visitor.submit(link_in(outbox()[0]), {"new_password": NEW, "repeat": NEW})
    page = visitor.submit("/sign-in", {"email": known.email, "password": NEW})
    assert page.heading == "Hello, Ada Quill"


def test_changing_ones_password_ends_other_sessions_and_links(
    app: Flask, known: CurrentPerson, outbox: Outbox, browser: Callable[[str], Browser]
) -> None:
    ask(app, known.email)
    mine, other = browser(known.email), browser(known.email)
    page = mine.submit(
        "/account", {"current_password": "wrong", "new_password": NEW, "repeat": NEW}, holding="repeat"
    )
    assert page.field_error("current_password") == "Your present password is not right"
    page = mine.submit(
        "/account", {"current_password": PASSWORD, "new_password": NEW, "repeat": NEW}, holding="repeat"
    )
    assert "Your password is changed" in page.text
    assert other.get("/account").heading == "Sign in"
    Browser(app, None).get(link_in(outbox()[0]), status=404)
    with app.app_context():
        live = select(func.count()).where(SignIn.ended_at.is_(None), SignIn.expires_at > now())
        assert db.session.scalar(live) == 1
