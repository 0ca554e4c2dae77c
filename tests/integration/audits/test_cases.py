"""Adding, reading, changing and removing cases, by the pages."""

from collections.abc import Callable, Sequence
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from qa.accounts.permissions import Role
from qa.audits.lifecycle import ReturnState, Stage
from qa.audits.models import Audit, Case, CaseProfileValue, Return
from qa.audits.queries import case_profile
from qa.db import db, now, writing
from qa.frameworks.editions import EditionTree
from qa.returns.models import Concern
from qa.trail.models import TrailEntry
from tests.integration.audits.conftest import Place
from tests.support.factories import Maker
from tests.support.pages import Browser

Entries = Callable[[str], Sequence[TrailEntry]]


@pytest.fixture
def audit(place: Place, make: Maker) -> Audit:
    """An audit in planning by police and health."""
    made: Audit = make.audit(place.area, place.edition, (place.police, place.health), stage=Stage.PLANNING)
    return made


def count(app: Flask, table: type) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(table)) or 0


def test_a_case_is_added_with_its_profile(
    app: Flask, place: Place, audit: Audit, lead: Browser, entries: Entries
) -> None:
    page = lead.submit(
        f"/audits/{audit.id}/cases/new",
        {"profile-pathway": "child_protection", "profile-interpreter": "not_known", "profile-referrals": "3"},
        holding="reference",
    )
    assert page.heading == "Case C001"
    assert "Pathway Child protection Interpreter needed Not known Referrals in 12 months 3" in page.text
    with app.app_context():
        case = db.session.scalars(select(Case)).one()
        expected = {"pathway": "child_protection", "interpreter": "not_known", "referrals": "3"}
        assert case_profile(case.id, place.edition) == expected
        kept = db.session.scalars(select(CaseProfileValue.number).where(CaseProfileValue.number.is_not(None)))
        assert list(kept) == [Decimal(3)]
    (entry,) = entries("audits.case_added")
    assert (entry.record, entry.record_id) == ("case", case.id)
    assert entry.fields == "interpreter,pathway,reference,referrals"


def test_one_case_after_another_gets_the_next_reference(audit: Audit, lead: Browser) -> None:
    new = f"/audits/{audit.id}/cases/new"
    page = lead.submit(
        new, {"reference": "HP-09", "profile-pathway": "early_help", "another": "yes"}, holding="reference"
    )
    assert page.heading == "Add a case"
    assert "Case HP-09 is added" in page.text
    assert page.form("reference")["reference"] == "HP-10"
    lead.submit(new, {"reference": "hp-10", "profile-pathway": "early_help"}, holding="reference")
    lead.submit(new, {"reference": "HP-09b", "profile-pathway": "early_help"}, holding="reference")
    assert lead.get(new).form("reference")["reference"] == "HP-09b-2"


@pytest.mark.parametrize(
    ("reference", "words"),
    [
        ("", "Enter a reference"),
        ("943 476 5919", "looks like an NHS number"),
        ("14/02/2015", "looks like a date of birth"),
        ("RM10 7XX", "looks like a postcode"),
        ("a@example.org", "looks like an e-mail address"),
        ("07700 900123", "looks like a telephone number"),
        ("John Smith", "looks like a person’s name"),
        ("=SUM(A1)", "must not start with ="),
        ("<script>", "must begin with a letter or number"),
        ("c001", "is a case of this audit already"),
    ],
)
def test_a_reference_that_tells_too_much_is_refused_and_kept_in_its_box(
    app: Flask, audit: Audit, make: Maker, lead: Browser, reference: str, words: str
) -> None:
    make.case(audit, "C001")
    page = lead.submit(
        f"/audits/{audit.id}/cases/new",
        {"reference": reference, "profile-pathway": "early_help"},
        holding="reference",
    )
    assert words in page.field_error("reference")
    assert page.form("reference")["reference"] == reference
    assert page.form("reference")["profile-pathway"] == "early_help"
    assert count(app, Case) == 1


def test_the_profile_is_checked(app: Flask, audit: Audit, lead: Browser) -> None:
    new = f"/audits/{audit.id}/cases/new"
    page = lead.submit(new, {"profile-referrals": "many"}, holding="reference")
    assert page.field_error("profile-pathway") == "Choose an answer for “Pathway”"
    page = lead.submit(
        new, {"profile-pathway": "early_help", "profile-referrals": "many"}, holding="reference"
    )
    assert page.field_error("profile-referrals").endswith("must be a whole number from 0 to 99,999")
    page = lead.post(new, {"reference": "C1", "profile-pathway": "adoption"})
    assert "There is a problem" in page.text
    assert count(app, Case) == 0


def test_reading_a_case_is_noted_in_the_trail(
    place: Place, audit: Audit, make: Maker, lead: Browser, entries: Entries
) -> None:
    case = make.case(audit)
    make.case_return(case, place.police, place.ann, state=ReturnState.IN_PROGRESS)
    page = lead.get(f"/audits/{audit.id}/cases/{case.id}")
    assert "Police Ann Auditor" in page.text
    assert "In progress" in page.text
    assert "The profile is not complete: Pathway." in page.text
    assert page.statements <= 12
    (entry,) = entries("case.read")
    assert (entry.person_id, entry.record_id, entry.area_id) == (place.lead.id, case.id, place.area.id)


def test_a_case_is_put_right(
    app: Flask, place: Place, audit: Audit, make: Maker, lead: Browser, entries: Entries
) -> None:
    case = make.case(audit, "C001")
    make.profile_value(case, place.edition, "pathway", "early_help")
    edit = f"/audits/{audit.id}/cases/{case.id}/edit"
    page = lead.submit(edit, {"reference": "C01", "profile-pathway": "child_protection"}, holding="reference")
    assert page.heading == "Case C01"
    assert "Child protection" in page.text
    assert entries("audits.case_edited")[0].fields == "pathway,reference"
    lead.submit(edit, {}, holding="reference")  # nothing changed
    assert len(entries("audits.case_edited")) == 1


def test_two_people_on_one_case_see_both_versions(
    app: Flask, place: Place, audit: Audit, make: Maker, lead: Browser
) -> None:
    case = make.case(audit, "C001")
    make.profile_value(case, place.edition, "pathway", "early_help")
    edit = f"/audits/{audit.id}/cases/{case.id}/edit"
    mine = lead.get(edit).form("reference")
    lead.submit(edit, {"profile-pathway": "child_protection"}, holding="reference")
    page = lead.post(edit, {**mine, "profile-interpreter": "yes"}, status=409)
    assert "Pathway Early help Child protection" in page.text
    assert "Interpreter needed (optional) Yes (empty)" in page.text
    lead.post(edit, page.form("profile-pathway"))
    with app.app_context():
        assert case_profile(case.id, place.edition) == {"pathway": "early_help", "interpreter": "yes"}


def test_a_case_without_answers_is_removed_with_its_returns(
    app: Flask, place: Place, audit: Audit, make: Maker, lead: Browser, entries: Entries
) -> None:
    case = make.case(audit, "C001")
    make.profile_value(case, place.edition, "pathway", "early_help")
    make.case_return(case, place.police)
    page = lead.get(f"/audits/{audit.id}/cases/{case.id}/remove")
    assert "the 1 return allocated on it will be deleted" in page.text
    page = lead.post(f"/audits/{audit.id}/cases/{case.id}/remove")
    assert "Case C001 is removed" in page.text
    assert [count(app, table) for table in (Case, Return, CaseProfileValue)] == [0, 0, 0]
    assert entries("audits.case_removed")[0].record_id == case.id


def test_a_case_with_answers_or_a_concern_stays(
    app: Flask, place: Place, audit: Audit, make: Maker, lead: Browser
) -> None:
    begun, worried = make.case(audit, "C001"), make.case(audit, "C002")
    make.case_return(begun, place.police, state=ReturnState.IN_PROGRESS)
    make.add(
        Concern(
            audit_id=audit.id,
            area_id=place.area.id,
            case_id=worried.id,
            agency_id=place.police.id,
            raised_by_id=place.ann.id,
            raised_at=now(),
            text="The child is not safe.",
        )
    )
    lead.get(f"/audits/{audit.id}/cases/{begun.id}/remove", status=404)
    page = lead.post(f"/audits/{audit.id}/cases/{begun.id}/remove")
    assert page.errors == ["Case C001 has answers, so it cannot be removed"]
    page = lead.post(f"/audits/{audit.id}/cases/{worried.id}/remove")
    assert "C002 has a concern, a finding or an answer on record" in page.errors[0]
    assert count(app, Case) == 2


@pytest.mark.parametrize("stage", [Stage.PANEL, Stage.REPORTED, Stage.CLOSED])
def test_cases_are_added_only_while_planning_or_in_fieldwork(
    app: Flask, place: Place, make: Maker, lead: Browser, stage: Stage
) -> None:
    audit = make.audit(place.area, place.edition, (place.police,), stage=stage)
    case = make.case(audit, "C001")
    assert "Cases can be added while the audit is planned" in lead.get(f"/audits/{audit.id}/cases/new").text
    form = {"reference": "C002", "profile-pathway": "early_help"}
    page = lead.post(f"/audits/{audit.id}/cases/new", form)
    assert "its cases and returns cannot change" in page.errors[0]
    page = lead.post(f"/audits/{audit.id}/cases/{case.id}/remove")
    assert "its cases and returns cannot change" in page.errors[0]
    assert count(app, Case) == 1
    page = lead.post(f"/audits/{audit.id}/cases/{case.id}/edit", {**form, "version": "1"})
    assert ("cannot change any more" in page.text) == (stage is not Stage.PANEL)


def test_the_list_is_searched_filtered_and_sorted(
    app: Flask, place: Place, audit: Audit, make: Maker, lead: Browser
) -> None:
    specimens = {
        "Z-none": [],
        "Y-some": [ReturnState.SUBMITTED, ReturnState.IN_PROGRESS],
        "X-all": [ReturnState.SUBMITTED, ReturnState.NOT_INVOLVED],
    }
    for reference, states in specimens.items():
        case = make.case(audit, reference)
        pathway = "early_help" if reference == "X-all" else "child_protection"
        make.profile_value(case, place.edition, "pathway", pathway)
        for agency, state in zip((place.police, place.health), states, strict=False):
            make.case_return(case, agency, state=state)
    opened = make.case(audit, "W-opened")
    with app.app_context(), writing() as session:
        session.execute(update(Case).where(Case.id == opened.id).values(panel_opened_at=now()))

    def listed(query: str = "") -> list[str]:
        page = lead.get(f"/audits/{audit.id}/cases?{query}")
        return [text for text in page.links if text in {*specimens, "W-opened"}]

    assert listed() == ["Z-none", "Y-some", "X-all", "W-opened"]
    assert listed("order=reference") == ["W-opened", "X-all", "Y-some", "Z-none"]
    assert listed("order=newest") == ["W-opened", "X-all", "Y-some", "Z-none"]
    assert listed("text=y-s") == ["Y-some"]
    assert listed("pathway=early_help") == ["X-all"]
    assert listed("state=no_returns") == ["Z-none"]
    assert listed("state=outstanding") == ["Y-some"]
    assert listed("state=ready") == ["X-all"]
    assert listed("state=opened") == ["W-opened"]
    assert listed("text=%25") == []
    page = lead.get(f"/audits/{audit.id}/cases")
    assert "Y-some Child protection 1 of 2 Returns outstanding" in page.text
    assert "W-opened Not entered None Open to the panel" in page.text


def test_in_a_self_assessment_agencies_become_cases(
    app: Flask, place: Place, section_11: EditionTree, make: Maker, lead: Browser, entries: Entries
) -> None:
    audit = make.audit(place.area, section_11, (place.police, place.health), stage=Stage.PLANNING)
    cases = f"/audits/{audit.id}/cases"
    page = lead.get(cases)
    assert page.heading == "Agencies"
    assert "Add all 2" in page.text
    page = lead.post(f"{cases}/agencies", {"agency": str(place.police.id)})
    assert "1 agency is added" in page.text
    assert "Police" in page.links
    page = lead.post(f"{cases}/agencies")
    assert "1 agency is added" in page.text
    page = lead.post(f"{cases}/agencies")
    assert "Every agency was there already" in page.text
    assert count(app, Case) == 2
    assert len(entries("audits.cases_added")) == 2
    assert lead.get(f"{cases}/new").heading == "Agencies"
    assert lead.get(f"{cases}/import").heading == "Agencies"
    stranger = make.agency("Stranger", areas=(place.area,))
    lead.post(f"{cases}/agencies", {"agency": str(stranger.id)}, status=404)
    page = lead.get(lead.get(cases).links["Police"])
    assert page.heading == "Police"
    page = lead.submit(
        page.links["Complete the profile"],
        {
            "profile-agency_type": "police",
            "profile-workforce_size": section_11.content.profile_field("workforce_size").options[0].key,
            "profile-children_directly": "yes",
            "profile-commissions_services": "no",
        },
        holding="profile-children_directly",
    )
    assert page.errors == []
    assert "The agency’s profile is changed" in page.text


def test_agencies_are_no_cases_in_a_case_audit(app: Flask, audit: Audit, lead: Browser) -> None:
    page = lead.post(f"/audits/{audit.id}/cases/agencies")
    assert page.errors == ["Agencies are added to a self-assessment only"]
    assert count(app, Case) == 0


def test_partnership_members_see_no_case(
    place: Place, audit: Audit, make: Maker, browser: Callable[[str], Browser]
) -> None:
    case = make.case(audit)
    member = browser(make.person(Role.PARTNERSHIP_MEMBER, area=place.area).email)
    member.get(f"/audits/{audit.id}/cases/{case.id}", status=403)
