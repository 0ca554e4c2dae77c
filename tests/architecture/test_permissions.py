"""Who gets an answer where: every route declares it, and every role is sent to every route.

What is expected stands in tests/support/routes.py, read from the design; the code's own rules are not asked.
"""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from werkzeug.routing import Rule

from qa.accounts.models import SignIn
from qa.accounts.permissions import CurrentPerson, Permission
from qa.accounts.signing_in import _start
from qa.db import db, writing
from qa.factory import BLUEPRINTS, create_app
from tests.support.application import Database, NewDatabase
from tests.support.application import test_settings as settings_for
from tests.support.factories import Maker
from tests.support.plugin import chosen_database
from tests.support.routes import EVERYBODY, GUESTS, NAMED, PUBLIC, ROUTES, SIGNED_IN, Visit
from tests.support.world import VISITOR, Exercise, World

# What somebody who may gets: a page, a file, a way on, or a form in which something is wrong.
ANSWERED = frozenset({200, 302, 303, 400, 409, 422})
NO_SUCH_THING, NOT_ALLOWED = 404, 403
COOKIE = "audit_together"


class Standing:
    """The world, and everybody's browser. Anything changed by a visit is put back before the next."""

    def __init__(self, database: Database) -> None:
        self.database, self.app = database, database.app
        self.world = World(Maker(self.app))
        self.clients = {name: self._signed_in(person) for name, person in self.world.people.items()}
        self.clients[VISITOR] = self.app.test_client()
        database.keep()

    def _signed_in(self, person: CurrentPerson) -> FlaskClient:
        with self.app.app_context():
            token = _start(person.id, "")
            with writing() as session:
                session.execute(
                    update(SignIn)
                    .where(SignIn.person_id == person.id)
                    .values(guest_return_id=person.guest_of)
                )
            db.session.remove()
        client = self.app.test_client()
        with client.session_transaction() as session:
            session["sign_in"] = token
        return client

    def status(self, who: str, method: str, address: str, form: Mapping[str, str]) -> int:
        """The status of the answer; what a POST changed is put back."""
        client = self.clients[who]
        kept = client.get_cookie(COOKIE)
        with client.open(address, method=method, data=form if method == "POST" else None) as answer:
            status = answer.status_code
        if method == "POST" and status in {302, 303} and who != VISITOR:
            self.database.reset()
        client.delete_cookie(COOKIE)
        if kept:
            client.set_cookie(COOKIE, kept.value)
        return status


@pytest.fixture(scope="module")
def standing(new_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Standing]:
    """The world, made once for all tests here."""
    with ExitStack() as stack:
        database = Database(stack, new_database, tmp_path_factory.mktemp("permissions"))
        database.app.config["WTF_CSRF_ENABLED"] = False  # tokens have tests of their own
        yield Standing(database)


@pytest.fixture(scope="module")
def mapped(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """An application whose map is looked at; its database is never opened."""
    folder = tmp_path_factory.mktemp("map")
    return create_app(settings_for(f"sqlite:///{folder / 'map.sqlite'}", folder))


def rules(app: Flask) -> dict[str, Rule]:
    """Every endpoint but static files, with its rule."""
    return {rule.endpoint: rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"}


def test_every_route_declares_its_permission_or_that_it_is_public(mapped: Flask) -> None:
    for endpoint in rules(mapped):
        view = mapped.view_functions[endpoint]
        permission, public = getattr(view, "permission", None), getattr(view, "public", False)
        declared = isinstance(permission, Permission) != bool(public)
        assert declared, f"{endpoint}: put @requires(Permission.…) or @public on it, and not both"


def test_the_public_routes_are_these_and_no_other(mapped: Flask) -> None:
    public = {name for name in rules(mapped) if getattr(mapped.view_functions[name], "public", False)}
    assert public == PUBLIC.keys()


def test_every_route_is_in_the_table(mapped: Flask) -> None:
    missing = sorted(rules(mapped).keys() - ROUTES.keys())
    assert not missing, f"say in tests/support/routes.py who may visit {', '.join(missing)}, and with what"
    assert not ROUTES.keys() - rules(mapped).keys(), "the table names routes that are not there"


def test_every_capability_with_pages_is_looked_at() -> None:
    assert {name.partition(".")[0] for name in ROUTES} == {blueprint.name for blueprint in BLUEPRINTS}


def kind_of(name: str) -> str:
    """The role in a person's name: "QA lead of all areas" is a QA lead."""
    for role in ("QA lead", "auditor", "agency lead", "member"):
        if name.startswith(role):
            return role
    return name


def exercises(standing: Standing, visit: Visit) -> Iterator[tuple[str, dict[str, object], frozenset[str]]]:
    """Where a visit goes: its note, the arguments, and who may."""
    if visit.here is not None:
        yield visit.note, visit.here(standing.world), visit.may
    if visit.of is not None:
        world = standing.world
        places: tuple[tuple[str, Exercise, frozenset[str]], ...] = (
            (visit.note, world.plain, visit.may),
            (f"confidential {visit.note}", world.secret, visit.may & NAMED),
        )
        for note, exercise, may in places:
            yield note, visit.of(exercise), may


def faults(standing: Standing, rule: Rule, method: str, visit: Visit) -> Iterator[str]:
    """Everybody whose answer is not the table's. Those who may not come first: they change nothing."""
    for note, arguments, may in exercises(standing, visit):
        with standing.app.test_request_context():
            address = standing.app.url_map.bind("localhost").build(rule.endpoint, arguments, method=method)
        roles = {kind_of(name) for name in may}
        # Who may not come is decided by the same rules on every database: they are sent away on one.
        sent = EVERYBODY if chosen_database() == "sqlite" else may
        for who in sorted(sent, key=lambda name: name in may):
            status = standing.status(who, method, address, visit.form)
            if who in may:
                right = status in ANSWERED
            elif who == VISITOR:
                # Sent to sign in; a form is answered with what was typed.
                right = status == (302 if method == "GET" else 401)
            elif kind_of(who) in roles and who not in visit.sees:
                right = status == NO_SUCH_THING
            else:
                right = status in {NO_SUCH_THING, NOT_ALLOWED}
            if not right:
                yield f"{who}: {status} for {method} {address} ({note}), {'may' if who in may else 'may not'}"


@pytest.mark.parametrize("endpoint", ROUTES)
def test_everybody_gets_the_answer_that_the_design_gives_them(standing: Standing, endpoint: str) -> None:
    rule = rules(standing.app)[endpoint]
    methods = sorted({"GET", "POST"} & (rule.methods or set()))
    assert methods
    wrong = [
        fault
        for method in methods
        for visit in ROUTES[endpoint]
        if visit.only in {"", method}
        for fault in faults(standing, rule, method, visit)
    ]
    assert not wrong, "\n".join(wrong)


def test_the_table_sends_everybody() -> None:
    assert SIGNED_IN | GUESTS | {VISITOR} == EVERYBODY
    assert all(
        visit.may <= EVERYBODY and visit.sees <= EVERYBODY for visits in ROUTES.values() for visit in visits
    )
