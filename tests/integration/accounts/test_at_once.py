"""What two people do at the same moment: one of them is told, and nothing is lost or done twice."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import func, select

from qa.accounts import inviting, managing, organising, signing_in
from qa.accounts.models import FailedTry, OneTimeLink, PersonRole
from qa.accounts.permissions import CurrentPerson, Grant, Role
from qa.accounts.sessions import new_token, token_hash
from qa.db import db, now, writing
from qa.mail.outbox import deliver_waiting, queue
from qa.problems import NotFound, Problem, Refused
from tests.integration.accounts.conftest import PASSWORD, Outbox, give_password
from tests.integration.accounts.smtp_server import Behaviour, serving
from tests.integration.trail.tampering import verify
from tests.support.factories import Maker

LEAD = Grant(Role.QA_LEAD)


def at_once(app: Flask, *deeds: Callable[[], object]) -> list[object]:
    """Do everything at the same moment, each in a thread of its own; gives results, or refusals, in order."""
    together = threading.Barrier(len(deeds))
    found: list[object] = [None] * len(deeds)

    def run(place: int, deed: Callable[[], object]) -> None:
        with app.app_context():
            together.wait(30)
            try:
                found[place] = deed()
            except Problem as refusal:
                found[place] = refusal

    threads = [threading.Thread(target=run, args=each) for each in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return found


def of_kind(found: Sequence[object], kind: type[object]) -> int:
    return sum(isinstance(each, kind) for each in found)


def test_two_administrators_cannot_remove_each_other(app: Flask, make: Maker) -> None:
    for _ in range(5):
        pair = [make.person(Role.ADMINISTRATOR) for _ in range(2)]
        for person in pair:
            give_password(app, person)
        one, other = pair
        found = at_once(
            app,
            partial(managing.change_roles, one, other.id, None, [LEAD]),
            partial(managing.change_roles, other, one.id, None, [LEAD]),
        )
        assert of_kind(found, Refused) == 1, found
        with app.app_context():
            left = db.session.scalars(
                select(PersonRole.person_id).where(PersonRole.role == Role.ADMINISTRATOR)
            ).one()
        # The next pair starts with nobody else.
        make.add(PersonRole(person_id=left, role=Role.QA_LEAD))
        with app.app_context(), writing() as session:
            session.delete(
                session.scalars(select(PersonRole).where(PersonRole.role == Role.ADMINISTRATOR)).one()
            )


def test_a_link_sent_twice_at_once_sets_one_password(app: Flask, make: Maker) -> None:
    person, token = make.person(Role.QA_LEAD), new_token()
    make.add(
        OneTimeLink(
            token_hash=token_hash(token),
            person_id=person.id,
            purpose="reset",
            expires_at=now().replace(year=now().year + 1),
        )
    )
    found = at_once(
        app, *[partial(signing_in.set_password_by_link, token, f"{PASSWORD} {n}") for n in range(4)]
    )
    assert of_kind(found, NotFound) == 3


def test_several_who_ask_for_a_reset_at_once_get_one_link(app: Flask, make: Maker, outbox: Outbox) -> None:
    person = make.person(Role.QA_LEAD)
    at_once(app, *[lambda: inviting.ask_reset(person.email, lambda token: f"http://x/{token}")] * 6)
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(OneTimeLink)) == 1
        deliver_waiting()
    assert len(outbox()) == 1


def test_one_address_is_invited_once(app: Flask, administrator: CurrentPerson) -> None:
    deed = partial(inviting.invite, administrator, "Ada", "ada@example.org", [LEAD], str)
    found = at_once(app, *[deed] * 4)
    assert (of_kind(found, Refused), of_kind(found, tuple)) == (3, 1)
    found = at_once(app, *[lambda: organising.add_area(administrator, "Northside")] * 4)
    assert (of_kind(found, Refused), of_kind(found, int)) == (3, 1)
    assert verify(app)[0] == 0


def test_guesses_sent_at_once_are_all_counted(app: Flask, make: Maker) -> None:
    person = make.person(Role.QA_LEAD)
    give_password(app, person)
    found = at_once(app, *[lambda: signing_in.sign_in(person.email, "wrong password")] * 6)
    assert of_kind(found, Refused) == 6
    with app.app_context():
        row = db.session.scalars(select(FailedTry)).one()
        assert row.failures == 6
        assert row.locked_until is not None


def test_a_message_is_delivered_once_however_many_deliver(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context(), writing() as session:
        for number in range(12):
            queue(session, f"person{number}@example.org", "A subject", "A text")
    server = Behaviour()
    with serving(server) as port:
        changed = replace(app.extensions["settings"], smtp_url=f"smtp://127.0.0.1:{port}")
        monkeypatch.setitem(app.extensions, "settings", changed)
        at_once(app, *[deliver_waiting] * 4)
        with app.app_context():
            deliver_waiting()
    assert sorted(message["To"] for message in server.taken) == sorted(
        f"person{number}@example.org" for number in range(12)
    )
