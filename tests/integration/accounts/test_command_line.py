"""`flask --app app people invite`: the first administrator, and others, with errors that help."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import func, select

from qa.accounts.models import Person, PersonRole
from qa.accounts.permissions import Grant, Role
from qa.db import db
from qa.factory import create_app
from tests.integration.accounts.conftest import PASSWORD, Outbox, give_password, link_in, trail_of
from tests.support.application import NewDatabase
from tests.support.application import test_settings as settings_for
from tests.support.factories import Maker
from tests.support.pages import Browser

Run = Callable[..., tuple[int, str]]


@pytest.fixture
def invite(app: Flask) -> Run:
    """Runs `people invite`; gives its exit code and everything it printed."""

    def run(*arguments: str) -> tuple[int, str]:
        done = app.test_cli_runner().invoke(args=["people", "invite", *arguments])
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return done.exit_code, done.output

    return run


def grants(app: Flask, email: str) -> set[Grant]:
    with app.app_context():
        query = select(PersonRole.role, PersonRole.area_id, PersonRole.agency_id).join(Person)
        return {Grant(*row) for row in db.session.execute(query.where(Person.email == email))}


def test_the_first_administrator_sets_a_password_and_is_led(app: Flask, invite: Run, outbox: Outbox) -> None:
    code, said = invite("Ada.Quill@Example.org", "--administrator")
    assert code == 0
    (line,) = [line.strip() for line in said.splitlines() if "/set-password/" in line]
    assert line.startswith("http://127.0.0.1:5000/set-password/")
    assert "PUBLIC_URL is not set" in said
    (message,) = outbox()
    assert message["To"] == "ada.quill@example.org"
    assert link_in(message) == line
    visitor = Browser(app, None)
    page = visitor.submit(
        line.removeprefix("http://127.0.0.1:5000"), {"new_password": PASSWORD, "repeat": PASSWORD}
    )
    page = visitor.submit("/sign-in", {"email": "ada.quill@example.org", "password": PASSWORD})
    assert page.heading == "Hello, Ada Quill"
    assert "Add the areas" in page.text
    assert trail_of(app)[0][0] == "accounts.person_invited"


def test_the_link_carries_the_public_address(
    app: Flask, invite: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed = replace(app.extensions["settings"], public_url="https://audit.example.org")
    monkeypatch.setitem(app.extensions, "settings", changed)
    code, said = invite("ada@example.org", "--administrator", "--name", "Ada Quill")
    assert code == 0
    assert "  https://audit.example.org/set-password/" in said
    assert "PUBLIC_URL" not in said
    with app.app_context():
        assert db.session.scalars(select(Person.name)).one() == "Ada Quill"


def test_other_roles_name_their_place(app: Flask, make: Maker, invite: Run) -> None:
    area = make.area("Barking and Dagenham")
    trust = make.agency("Rom Valley Trust", areas=(area,))
    assert invite("lead@example.org", "--role", "qa_lead", "--area", "barking-and-dagenham")[0] == 0
    assert invite("all@example.org", "--role", "partnership_member", "--area", "ALL")[0] == 0
    assert invite("aud@example.org", "--role", "auditor", "--agency", "rom valley trust")[0] == 0
    assert grants(app, "lead@example.org") == {Grant(Role.QA_LEAD, area.id)}
    assert grants(app, "all@example.org") == {Grant(Role.PARTNERSHIP_MEMBER)}
    assert grants(app, "aud@example.org") == {Grant(Role.AUDITOR, None, trust.id)}


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["ada@example.org"], "Say which role: --administrator, or --role"),
        (["ada@example.org", "--administrator", "--role", "auditor"], "Say which role"),
        (["ada", "--administrator"], "'ada' is not an e-mail address"),
        (["ada@example.org", "--role", "qa_lead"], "needs --area: an area's name, or all"),
        (["ada@example.org", "--role", "auditor"], "needs --agency: an agency's name"),
        (["ada@example.org", "--role", "auditor", "--agency", "Rom"], "There is no agency yet"),
        (["ada@example.org", "--role", "qa_lead", "--area", "X"], "no area called 'X'. Here are: Northside"),
        (["ada@example.org", "--administrator", "--area", "Northside"], "is not held for an area"),
        (["ada@example.org", "--role", "king"], "'king' is not one of"),
    ],
)
def test_what_is_wrong_is_said_with_the_remedy(
    app: Flask, make: Maker, invite: Run, outbox: Outbox, arguments: list[str], sentence: str
) -> None:
    make.area("Northside")
    code, said = invite(*arguments)
    assert code != 0
    assert sentence in said
    assert outbox() == []
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Person)) == 0


def test_a_demonstration_is_no_place_for_real_people(make: Maker, invite: Run) -> None:
    make.demonstration()
    code, said = invite("ada@example.org", "--administrator")
    assert code == 1
    assert "This is a demonstration database" in said


def test_who_never_chose_a_password_gets_a_new_link(app: Flask, invite: Run, outbox: Outbox) -> None:
    invite("ada@example.org", "--administrator")
    code, said = invite("ada@example.org", "--administrator")
    assert code == 0
    assert "Open this new link" in said
    first, second = (link_in(message).removeprefix("http://127.0.0.1:5000") for message in outbox())
    Browser(app, None).get(first, status=404)
    Browser(app, None).get(second)


def test_who_is_here_with_a_password_only_gains_the_role(
    app: Flask, make: Maker, invite: Run, outbox: Outbox
) -> None:
    area = make.area()
    ada = make.person(Role.QA_LEAD, area=area, email="ada@example.org")
    give_password(app, ada)
    code, said = invite("ada@example.org", "--administrator")
    assert code == 0
    assert "now hold the role: Administrator" in said
    assert "They sign in with the password they have" in said
    assert grants(app, ada.email) == {Grant(Role.QA_LEAD, area.id), Grant(Role.ADMINISTRATOR)}
    assert outbox() == []


def test_a_deactivated_person_is_not_invited(make: Maker, invite: Run, admin: Browser) -> None:
    ada = make.person(Role.QA_LEAD, email="ada@example.org")
    admin.post(f"/people/{ada.id}/deactivate")
    code, said = invite("ada@example.org", "--administrator")
    assert code == 1
    assert "is deactivated. An administrator can reactivate them under People." in said


def test_a_database_without_tables_is_told(
    new_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with new_database() as url:
        empty = create_app(settings_for(url, tmp_path_factory.mktemp("empty")))
        done = empty.test_cli_runner().invoke(args=["people", "invite", "ada@example.org", "--administrator"])
        with empty.app_context():
            db.session.remove()
            db.engine.dispose()
    assert done.exit_code == 1
    assert "flask --app app db upgrade" in done.output
