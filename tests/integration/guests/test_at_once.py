"""Guests and those who send links, at the same moment: guesses are counted, one link works."""

from __future__ import annotations

from functools import partial

from sqlalchemy import func, select

from qa.accounts.models import SignIn
from qa.db import db
from qa.guests import codes, opening, sending
from qa.guests.models import ReturnLink
from qa.problems import NotFound, Refused, Stale
from tests.integration.accounts.test_at_once import at_once, of_kind
from tests.integration.guests.conftest import Exercise
from tests.support.pages import Browser


def link_address(token: str) -> str:
    return f"http://localhost/link/{token}"


def test_guesses_sent_at_once_do_not_outrun_the_lock(exercise: Exercise) -> None:
    exercise.send()
    token = exercise.link().rsplit("/", 1)[1]
    Browser(exercise.app, None).post(f"{exercise.link()}/ask")
    right = exercise.code()
    wrong = [f"{(int(right) + step) % 10**6:06}" for step in range(1, 13)]
    found = at_once(exercise.app, *(partial(opening.open_return, token, code) for code in wrong))
    assert of_kind(found, Refused) == len(wrong)
    (row,) = exercise.links()
    assert row.failures == row.code_tries == codes.TRIES
    assert row.code_hash == ""
    assert row.locked_until is not None


def test_a_code_opens_one_session_however_often_it_is_sent(exercise: Exercise) -> None:
    exercise.send()
    token = exercise.link().rsplit("/", 1)[1]
    Browser(exercise.app, None).post(f"{exercise.link()}/ask")
    found = at_once(exercise.app, *[partial(opening.open_return, token, exercise.code())] * 4)
    assert of_kind(found, tuple) == 1
    assert of_kind(found, Refused) == 3
    with exercise.app.app_context():
        started = select(func.count(SignIn.id)).where(SignIn.guest_return_id == exercise.row.id)
        assert db.session.scalar(started) == 1


def test_codes_asked_for_at_once_are_one_message(exercise: Exercise) -> None:
    exercise.send()
    token = exercise.link().rsplit("/", 1)[1]
    at_once(exercise.app, *[partial(opening.ask_code, token)] * 4)
    (row,) = exercise.links()
    assert row.codes == 1


def test_of_links_sent_at_once_one_works(exercise: Exercise) -> None:
    version = exercise.return_row().version
    found = at_once(
        exercise.app,
        *(
            partial(
                sending.send_link,
                person,
                exercise.row.id,
                "Somebody",
                f"{person.id}@school.example.org",
                version,
                link_address,
            )
            for person in (exercise.qa_lead, exercise.head)
        ),
    )
    assert of_kind(found, str) == 1
    assert of_kind(found, Stale) == 1
    assert [row.revoked_at for row in exercise.links()] == [None]


def test_revoking_while_the_guest_comes_in_leaves_nobody_in(exercise: Exercise) -> None:
    for _ in range(3):
        exercise.send()
        token, row = exercise.link().rsplit("/", 1)[1], exercise.links()[-1]
        Browser(exercise.app, None).post(f"{exercise.link()}/ask")
        found = at_once(
            exercise.app,
            partial(opening.open_return, token, exercise.code()),
            partial(sending.revoke, exercise.qa_lead, row.id),
        )
        assert isinstance(found[0], tuple | NotFound), found
        assert isinstance(found[1], sending.Revoked), found
        with exercise.app.app_context():
            live = select(func.count(SignIn.id)).where(
                SignIn.guest_return_id == exercise.row.id, SignIn.ended_at.is_(None)
            )
            assert db.session.scalar(live) == 0
            assert db.session.get_one(ReturnLink, row.id).revoked_at is not None
