"""People: lists, invitations, roles, deactivation, sessions."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from qa.accounts import managing
from qa.accounts.models import OneTimeLink, Person, PersonRole, SignIn
from qa.accounts.permissions import CurrentPerson, Grant, Role
from qa.db import db, now, writing
from qa.problems import NotAllowed, Refused
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


def roles_of(app: Flask, person_id: int) -> set[Grant]:
    with app.app_context():
        query = select(PersonRole.role, PersonRole.area_id, PersonRole.agency_id)
        return {Grant(*row) for row in db.session.execute(query.where(PersonRole.person_id == person_id))}


def test_an_invited_person_chooses_a_password_and_signs_in(
    app: Flask, make: Maker, admin: Browser, outbox: Outbox
) -> None:
    area = make.area("Northside")
    agency = make.agency("Rom Valley Trust", areas=(area,))
    typed = {
        "name": "Ada Quill",
        "email": " Ada.Quill@Example.org ",
        "roles": ["qa_lead", "auditor"],
        "qa_lead_areas": [str(area.id)],
        "auditor_agencies": [str(agency.id)],
    }
    page = admin.submit("/people/invite", typed)
    person_id = int(page.response.request.path.rpartition("/")[2])
    assert page.heading == "Ada Quill"
    assert "Ada Quill is invited." in page.text
    assert "QA lead, Northside" in page.text
    assert "Auditor, Rom Valley Trust" in page.text
    assert "The invitation works until" in page.text
    (message,) = outbox()
    assert (message["To"], message["Subject"]) == (
        "ada.quill@example.org",
        "Set up your Audit Together account",
    )
    assert "Marisol Fenwick has set up an Audit Together account for you" in text_of(message)
    visitor = Browser(app, None)
    page = visitor.submit(link_in(message), {"new_password": PASSWORD, "repeat": PASSWORD})
    assert "Your password is set" in page.text
    page = visitor.submit("/sign-in", {"email": "ada.quill@example.org", "password": PASSWORD})
    assert page.heading == "Hello, Ada Quill"
    assert visitor.get(link_in(message), status=404).heading == "This link no longer works"
    assert ("accounts.person_invited", person_id, "email,name,roles") in trail_of(app)


def test_the_first_page_says_that_mail_goes_to_files_when_there_is_no_server(admin: Browser) -> None:
    assert "No mail server is set up here" in admin.get("/people").text
    assert "No mail server is set up here" in admin.get("/people/invite").text


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"name": ""}, "name", "Enter the person's full name"),
        ({"email": "not an address"}, "email", "Enter an e-mail address in the correct format"),
        ({"email": "MARISOL@example.org"}, "email", "Somebody with this e-mail address is here already"),
        ({"roles": []}, "roles", "Choose at least one role"),
        ({"roles": ["qa_lead"]}, "qa_lead_areas", "Choose the areas for which the person is QA lead"),
        ({"roles": ["auditor"]}, "auditor_agencies", "Choose the agency for which the person audits"),
        ({"roles": ["agency_lead"]}, "agency_lead_agencies", "Choose the agency of which the person is lead"),
        ({"roles": ["partnership_member"]}, "member_areas", "Choose the areas for which the person is a"),
    ],
)
def test_a_wrong_invitation_is_refused_next_to_its_field(
    app: Flask,
    make: Maker,
    admin: Browser,
    outbox: Outbox,
    changes: dict[str, object],
    field: str,
    message: str,
) -> None:
    make.agency(areas=(make.area(),))
    typed = {"name": "Ada Quill", "email": "ada@example.org", "roles": ["administrator"], **changes}
    page = admin.submit("/people/invite", typed)
    assert page.field_error(field).startswith(message)
    form = page.form("name")
    assert (form["name"], form["email"]) == (typed["name"], str(typed["email"]).lower())
    assert outbox() == []
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Person)) == 1


def test_an_agency_that_is_not_offered_is_refused(make: Maker, admin: Browser) -> None:
    agency = make.agency(areas=(make.area(),))
    admin.post(f"/agencies/{agency.id}/deactivate")
    typed = {
        "name": "A",
        "email": "a@example.org",
        "roles": ["auditor"],
        "auditor_agencies": [str(agency.id)],
    }
    page = admin.post("/people/invite", typed)
    assert page.heading == "Invite a person"
    assert page.errors


def test_a_new_invitation_replaces_the_old(app: Flask, make: Maker, admin: Browser, outbox: Outbox) -> None:
    typed = {"name": "Ada Quill", "email": "ada@example.org", "roles": ["administrator"]}
    page = admin.submit("/people/invite", typed)
    person = page.response.request.path
    page = admin.post(f"{person}/invite-again")
    assert "A new invitation is made" in page.text
    first, second = outbox()
    visitor = Browser(app, None)
    visitor.get(link_in(first), status=404)
    visitor.submit(link_in(second), {"new_password": PASSWORD, "repeat": PASSWORD})
    page = admin.post(f"{person}/invite-again", status=403)
    assert "Ada Quill has chosen a password already" in page.text
    assert "Send a new invitation" not in admin.get(person).text


def test_an_invitation_runs_out_after_fourteen_days(app: Flask, admin: Browser, outbox: Outbox) -> None:
    typed = {"name": "Ada Quill", "email": "ada@example.org", "roles": ["administrator"]}
    page = admin.submit("/people/invite", typed)
    with app.app_context():
        lasts = db.session.scalars(select(OneTimeLink.expires_at)).one() - now()
        assert 13.99 < lasts.total_seconds() / 86400 < 14
        with writing() as session:
            session.execute(update(OneTimeLink).values(expires_at=now()))
    Browser(app, None).get(link_in(outbox()[0]), status=404)
    assert "The invitation has run out" in admin.get(page.response.request.path).text


def test_people_are_found_by_name_address_role_area_agency_and_state(make: Maker, admin: Browser) -> None:
    north, south = make.area("Northside"), make.area("Southside")
    trust = make.agency("Rom Valley Trust", areas=(north,))
    make.person(Role.QA_LEAD, area=south, name="Ada Quill", email="ada@example.org")
    both = make.person(Role.AUDITOR, agency=trust, name="Ben Marsh", email="ben@example.org")
    make.grant(both, Role.PARTNERSHIP_MEMBER, area=south)
    make.person(Role.PARTNERSHIP_MEMBER, name="Cora Stone", email="cora_s@example.org")
    make.person(name="Dev Hale", email="dev@example.org")
    names = ("Ada Quill", "Ben Marsh", "Cora Stone", "Dev Hale", "Marisol Fenwick")

    def listed(query: str) -> str:
        text = admin.get(f"/people{query}").text
        return "".join(name[0] for name in names if name in text)

    assert listed("") == "ABCDM"
    assert listed("?q=QUILL") == "A"
    assert listed("?q=ben@") == "B"
    assert listed("?q=_") == "C"
    assert listed("?q=%25") == ""
    assert listed("?role=partnership_member") == "BC"
    assert listed(f"?area={north.id}") == "BC"
    assert listed(f"?area={south.id}") == "ABC"
    assert listed(f"?agency={trust.id}") == "B"
    # The role and the area must be of one grant: Ben is a member in the south, auditor in the north.
    assert listed(f"?role=partnership_member&area={north.id}") == "C"
    assert listed("?state=invited") == "ABCDM"
    assert listed("?state=active") == ""
    assert listed("?state=nonsense&role=king&area=99999999999999999999") == "ABCDM"
    assert "Nobody fits" in admin.get("/people?q=zebra").text


def test_a_long_list_of_people_has_pages_and_costs_the_same(make: Maker, admin: Browser) -> None:
    area = make.area()
    few = admin.get("/people").statements
    for number in range(54):
        make.person(Role.QA_LEAD, area=area, name=f"Someone {number:02}")
    page = admin.get("/people?q=someone")
    assert "Showing 1 to 50 of 54 people" in page.text
    assert page.statements <= few + 1
    assert page.statements <= 8
    page = admin.get(page.links["Next page"])
    assert "Someone 53" in page.text
    assert "Showing 51 to 54 of 54 people" in page.text


def test_roles_are_changed_and_take_effect_at_once(
    app: Flask, make: Maker, admin: Browser, browser: Callable[[str], Browser]
) -> None:
    north, south = make.area("Northside"), make.area("Southside")
    trust = make.agency("Rom Valley Trust", areas=(north,))
    ada = make.person(Role.AUDITOR, agency=trust, name="Ada Quill")
    hers = browser(ada.email)
    hers.get("/people", status=403)
    page = admin.get(f"/people/{ada.id}/roles")
    assert page.form("roles")["auditor_agencies"] == str(trust.id)
    changes = {
        "roles": ["administrator", "qa_lead", "partnership_member"],
        "qa_lead_areas": [str(north.id), str(south.id)],
        "qa_lead_agency": str(trust.id),
        "member_areas": ["all"],
    }
    page = admin.post(f"/people/{ada.id}/roles", {**page.form("roles"), **changes})
    assert "The roles of Ada Quill are changed." in page.text
    assert "QA lead, Northside, works for Rom Valley Trust" in page.text
    assert "Partnership member, all areas" in page.text
    assert roles_of(app, ada.id) == {
        Grant(Role.ADMINISTRATOR),
        Grant(Role.QA_LEAD, north.id, trust.id),
        Grant(Role.QA_LEAD, south.id, trust.id),
        Grant(Role.PARTNERSHIP_MEMBER),
    }
    hers.get("/people")
    page = admin.get(f"/people/{ada.id}/roles")
    assert page.form("roles")["qa_lead_agency"] == str(trust.id)
    admin.submit(f"/people/{ada.id}/roles", {})
    assert [entry for entry in trail_of(app) if entry[0] == "accounts.roles_changed"] == [
        ("accounts.roles_changed", ada.id, "roles")
    ]


def test_a_role_in_a_deactivated_agency_may_be_kept(app: Flask, make: Maker, admin: Browser) -> None:
    area = make.area()
    trust = make.agency("Rom Valley Trust", areas=(area,))
    ada = make.person(Role.AUDITOR, agency=trust)
    admin.post(f"/agencies/{trust.id}/deactivate")
    changes = {"roles": ["auditor", "qa_lead"], "qa_lead_areas": ["all"]}
    admin.submit(f"/people/{ada.id}/roles", changes)
    assert roles_of(app, ada.id) == {Grant(Role.AUDITOR, None, trust.id), Grant(Role.QA_LEAD)}


def test_two_who_change_roles_see_both_versions(
    make: Maker, admin: Browser, browser: Callable[[str], Browser], app: Flask
) -> None:
    area = make.area("Northside")
    ada = make.person(Role.QA_LEAD, area=area)
    address = f"/people/{ada.id}/roles"
    opened = admin.get(address).form("roles")
    other = browser(make.person(Role.ADMINISTRATOR, name="Tess Rook").email)
    other.submit(address, {"roles": ["partnership_member"], "member_areas": ["all"]})
    page = admin.post(address, {**opened, "qa_lead_areas": ["all"]}, status=409)
    assert "Tess Rook saved this person's roles" in page.text
    rows = [["".join(cell.itertext()) for cell in row] for row in page.all("tr")]
    assert ["Roles", "QA lead", "Partnership member"] in rows
    admin.post(address, page.form("roles"))
    assert roles_of(app, ada.id) == {Grant(Role.QA_LEAD)}


def test_name_and_address_are_changed(
    app: Flask, make: Maker, admin: Browser, outbox: Outbox, browser: Callable[[str], Browser]
) -> None:
    page = admin.submit(
        "/people/invite", {"name": "Ada Quil", "email": "ada@example.org", "roles": ["administrator"]}
    )
    person = page.response.request.path
    page = admin.submit(f"{person}/details", {"email": "marisol@example.org"})
    assert page.field_error("email") == "Somebody else signs in with this e-mail address"
    opened = admin.get(f"{person}/details").form("email")
    page = admin.submit(f"{person}/details", {"name": "Ada Quill", "email": "ada.quill@example.org"})
    assert "The details are changed." in page.text
    assert page.heading == "Ada Quill"
    # The link that went to the old address works no more.
    Browser(app, None).get(link_in(outbox()[0]), status=404)
    page = admin.post(f"{person}/details", {**opened, "name": "Ada Kestrel"}, status=409)
    assert "Ada Kestrel" in page.text
    assert "Ada Quill" in page.text


def test_a_deactivated_person_is_signed_out_and_cannot_come_back(
    app: Flask, make: Maker, admin: Browser, browser: Callable[[str], Browser]
) -> None:
    ada = make.person(Role.QA_LEAD, area=make.area(), name="Ada Quill")
    give_password(app, ada)
    hers = browser(ada.email)
    assert "In 1 browser" in admin.get(f"/people/{ada.id}").text
    page = admin.post(f"/people/{ada.id}/deactivate")
    assert "Ada Quill is deactivated and signed out everywhere." in page.text
    assert hers.get("/").heading == "Sign in"
    page = hers.submit("/sign-in", {"email": ada.email, "password": PASSWORD})
    assert "not right" in page.errors[0]
    page = admin.post(f"/people/{ada.id}/invite-again", status=403)
    assert "is deactivated" in page.text
    page = admin.post(f"/people/{ada.id}/reactivate")
    assert "Ada Quill is active again." in page.text
    page = hers.submit("/sign-in", {"email": ada.email, "password": PASSWORD})
    assert page.heading == "Hello, Ada Quill"
    assert [entry[0] for entry in trail_of(app) if entry[1] == ada.id and entry[2]] == [
        "accounts.person_deactivated",
        "accounts.person_reactivated",
    ]


def test_an_administrator_ends_somebodys_sessions(
    app: Flask, make: Maker, admin: Browser, browser: Callable[[str], Browser]
) -> None:
    ada = make.person(Role.QA_LEAD, area=make.area(), name="Ada Quill")
    laptop, phone = browser(ada.email), browser(ada.email)
    page = admin.post(f"/people/{ada.id}/end-sign-ins")
    assert "Ada Quill is signed out everywhere." in page.text
    assert [hers.get("/").heading for hers in (laptop, phone)] == ["Sign in", "Sign in"]
    with app.app_context():
        assert db.session.scalar(select(func.count()).where(SignIn.ended_at.is_(None))) == 1


def test_nobody_deactivates_themselves(admin: Browser, administrator: CurrentPerson) -> None:
    assert "Deactivate" not in admin.get(f"/people/{administrator.id}").text
    page = admin.post(f"/people/{administrator.id}/deactivate", status=403)
    assert "You cannot deactivate yourself" in page.text


def test_the_last_administrator_keeps_the_role(
    app: Flask, make: Maker, admin: Browser, administrator: CurrentPerson
) -> None:
    make.area()
    address = f"/people/{administrator.id}/roles"
    page = admin.submit(address, {"roles": ["qa_lead"], "qa_lead_areas": ["all"]})
    assert page.field_error("roles").startswith("This is the last administrator who can sign in")
    # Somebody who was invited but has never come is no help.
    invited = make.person(Role.ADMINISTRATOR)
    page = admin.submit(address, {"roles": ["qa_lead"], "qa_lead_areas": ["all"]})
    assert page.field_error("roles").startswith("This is the last administrator who can sign in")
    give_password(app, invited)
    page = admin.submit(address, {"roles": ["qa_lead"], "qa_lead_areas": ["all"]}, status=403)
    assert page.heading == "You cannot do this"
    assert roles_of(app, administrator.id) == {Grant(Role.QA_LEAD)}


def test_the_rules_hold_for_commands_too(app: Flask, make: Maker, administrator: CurrentPerson) -> None:
    area = make.area()
    lead = make.person(Role.QA_LEAD, area=area)
    with app.app_context():
        with pytest.raises(NotAllowed):
            managing.change_roles(lead, lead.id, 1, [Grant(Role.ADMINISTRATOR)])
        with pytest.raises(NotAllowed):
            managing.deactivate(lead._replace(grants=()), administrator.id)
        for wrong in (
            Grant(Role.AUDITOR, area.id),
            Grant(Role.ADMINISTRATOR, area.id),
            Grant(Role.QA_LEAD, 99),
        ):
            with pytest.raises(Refused):
                managing.change_roles(administrator, lead.id, 1, [wrong])
    assert roles_of(app, lead.id) == {Grant(Role.QA_LEAD, area.id)}


def test_names_are_shown_as_typed(make: Maker, admin: Browser) -> None:
    ada = make.person(Role.QA_LEAD, name="<img src=x onerror=alert(1)>")
    assert "<img src=x onerror=alert(1)>" in admin.get("/people").text
    assert admin.get(f"/people/{ada.id}").heading == "<img src=x onerror=alert(1)>"


def test_one_persons_page_is_cheap(make: Maker, admin: Browser) -> None:
    ada = make.person(Role.QA_LEAD, area=make.area())
    for address in (f"/people/{ada.id}", f"/people/{ada.id}/roles", f"/people/{ada.id}/details"):
        assert admin.get(address).statements <= 8


def test_who_is_not_there_is_not_found(admin: Browser) -> None:
    for address in ("/people/999", "/people/999/roles", "/people/999/details"):
        admin.get(address, status=404)
    for deed in ("deactivate", "reactivate", "invite-again", "end-sign-ins"):
        admin.post(f"/people/999/{deed}", status=404)
