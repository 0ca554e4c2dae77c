"""The reads that later capabilities rest on: who sees which audit and case, and what a profile says."""

from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select, update

from qa.accounts.permissions import CurrentPerson, Permission, Role, can
from qa.audits.lifecycle import Stage
from qa.audits.models import Audit, AuditPerson, Case, CaseProfileValue
from qa.audits.queries import (
    agencies_of,
    audit_facts,
    audit_profiles,
    case_profile,
    case_profiles,
    get_audit,
    get_case,
    visible_audits,
)
from qa.db import db, now, writing
from qa.problems import NotFound
from tests.support.factories import Maker
from tests.support.pages import counting

PERMISSIONS = (
    Permission.AUDITS_READ,
    Permission.AUDITS_MANAGE,
    Permission.RETURNS_READ,
    Permission.FINDINGS_READ,
    Permission.ANALYSIS_READ,
    Permission.REPORTS_READ,
)


def test_the_filter_of_lists_and_the_single_decision_agree(app: Flask, make: Maker) -> None:
    here, there = make.area(), make.area()
    police, health = make.agency("Police", areas=(here, there)), make.agency("Health", areas=(here,))
    edition = make.edition()
    people = [
        make.person(Role.ADMINISTRATOR),
        make.person(Role.QA_LEAD, area=here),
        make.person(Role.QA_LEAD),
        make.person(Role.QA_LEAD, area=there),
        make.person(Role.AUDITOR, agency=police),
        make.person(Role.AGENCY_LEAD, agency=health),
        make.person(Role.PARTNERSHIP_MEMBER, area=here),
        make.grant(make.person(Role.QA_LEAD, area=there), Role.PARTNERSHIP_MEMBER, area=here),
        make.person(),
    ]
    for area in (here, there):
        for stage in (Stage.FIELDWORK, Stage.REPORTED):
            for agencies in ((police,), (health,), (police, health)):
                make.audit(area, edition, agencies, stage=stage)
                secret = make.audit(area, edition, agencies, stage=stage, confidential=True)
                for person in people[::2]:
                    make.add(AuditPerson(audit_id=secret.id, person_id=person.id))
    with app.app_context():
        ids = list(db.session.scalars(select(Audit.id)))
        seen = 0
        for person in people:
            for permission in PERMISSIONS:
                listed = set(db.session.scalars(select(Audit.id).where(visible_audits(person, permission))))
                opened = {number for number in ids if may_open(person, number, permission)}
                assert listed == opened, (person, permission)
                seen += len(listed)
        assert seen > 50


def may_open(person: CurrentPerson, audit_id: int, permission: Permission) -> bool:
    try:
        return get_audit(person, audit_id, permission).id == audit_id
    except NotFound:
        return False


def test_an_audit_comes_with_its_area_edition_and_agencies_in_one_statement(app: Flask, make: Maker) -> None:
    area = make.area("Havering")
    agencies = tuple(make.agency(name) for name in ("Zeal", "Acorn"))
    audit = make.audit(area, make.edition(), agencies)
    lead = make.person(Role.QA_LEAD, area=area)
    with app.app_context():
        with counting() as statements:
            found = get_audit(lead, audit.id)
            assert (found.area.name, found.edition.name) == ("Havering", "Small framework")
            assert [agency.name for agency in found.agencies] == ["Acorn", "Zeal"]
        assert len(statements) == 1
        assert [agency.name for agency in agencies_of(audit.id)] == ["Acorn", "Zeal"]


def test_a_case_is_for_qa_leads_and_for_a_panel_once_it_is_open(app: Flask, make: Maker) -> None:
    area = make.area()
    police, health, school = make.agency(), make.agency(), make.agency()
    audit = make.audit(area, make.edition(), (police, health, school))
    closed, opened = make.case(audit), make.case(audit)
    with app.app_context(), writing() as session:
        session.execute(update(Case).where(Case.id == opened.id).values(panel_opened_at=now()))
    for case in (closed, opened):
        make.case_return(case, police)
        make.case_return(case, health)
    lead = make.person(Role.QA_LEAD, area=area)
    auditor = make.person(Role.AUDITOR, agency=police)
    outsider = make.person(Role.AUDITOR, agency=school)
    elsewhere = make.audit(area, make.edition(), (police,))
    with app.app_context():
        case = get_case(lead, audit.id, closed.id)
        assert [row.agency_id for row in case.returns] == [police.id, health.id]
        assert case.returns[0].agency.name == police.name
        assert case.returns[0].auditor is None
        assert get_case(auditor, audit.id, opened.id, Permission.PANEL_READ).id == opened.id
        for person, number, permission in (
            (auditor, opened.id, Permission.CASES_READ),
            (auditor, closed.id, Permission.PANEL_READ),
            (outsider, opened.id, Permission.PANEL_READ),
        ):
            with pytest.raises(NotFound):
                get_case(person, audit.id, number, permission)
        with pytest.raises(NotFound):
            get_case(lead, elsewhere.id, closed.id)


def test_profiles_come_as_keys_and_digits(app: Flask, make: Maker) -> None:
    edition = make.edition()
    audit = make.audit(make.area(), edition)
    full, part, bare = make.case(audit), make.case(audit), make.case(audit)
    make.profile_value(full, edition, "pathway", "child_protection")
    make.profile_value(full, edition, "interpreter", "not_known")
    make.profile_value(part, edition, "pathway", "early_help")
    field_id = edition.ids.fields["referrals"]
    make.add(CaseProfileValue(case_id=full.id, field_id=field_id, number=Decimal("3")))
    with app.app_context():
        expected = {"pathway": "child_protection", "interpreter": "not_known", "referrals": "3"}
        assert case_profile(full.id, edition) == expected
        assert case_profile(bare.id, edition) == {}
        both = {full.id: expected, part.id: {"pathway": "early_help"}}
        assert case_profiles([full.id, part.id, bare.id], edition) == both
        assert audit_profiles(audit.id, edition) == both
        only = audit_profiles(audit.id, edition, ["pathway"])
        assert only == {full.id: {"pathway": "child_protection"}, part.id: {"pathway": "early_help"}}


def test_facts_of_a_return_in_a_confidential_audit_name_the_people(app: Flask, make: Maker) -> None:
    area = make.area()
    police = make.agency()
    audit = make.audit(area, make.edition(), (police,), confidential=True)
    named, other = (make.person(Role.AUDITOR, agency=police) for _ in range(2))
    make.add(AuditPerson(audit_id=audit.id, person_id=named.id))
    with app.app_context():
        facts = audit_facts(audit, [police.id], allocated_to=None, submitted=False)
        assert can(named, Permission.RETURNS_COMPLETE, facts)
        assert not can(other, Permission.RETURNS_COMPLETE, facts)
