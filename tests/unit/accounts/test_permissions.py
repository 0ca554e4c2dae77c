"""The rules of who may do what, and the filter of lists that must say the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.accounts.permissions import RULES, CurrentPerson, Facts, Grant, Permission, Role, can, holds, reach

# Few numbers, so that they meet.
AREAS = st.none() | st.integers(1, 3)
AGENCIES = st.none() | st.integers(1, 3)
GRANTS = st.builds(Grant, st.sampled_from(Role), AREAS, AGENCIES)
PEOPLE = st.builds(
    CurrentPerson,
    id=st.integers(1, 3),
    name=st.just("Person"),
    email=st.just("person@example.org"),
    grants=st.lists(GRANTS, max_size=4).map(tuple),
    guest_of=st.none(),
)
FACTS = st.builds(
    Facts,
    area_id=AREAS,
    agency_ids=st.frozensets(st.integers(1, 3)),
    allocated_to=st.none() | st.integers(1, 3),
    submitted=st.booleans(),
    panel_open=st.booleans(),
    reported=st.booleans(),
    named=st.none() | st.frozensets(st.integers(1, 3)),
    return_id=st.none(),
)
ANY = st.sampled_from(Permission)
EVERYBODYS = [Permission.SESSION_USE, Permission.HOME_SEE]


def person(role: Role, area_id: int | None = None, agency_id: int | None = None) -> CurrentPerson:
    return CurrentPerson(1, "Ada Quill", "ada@example.org", (Grant(role, area_id, agency_id),))


@given(PEOPLE, ANY, FACTS)
def test_the_decision_and_the_filter_of_lists_never_disagree(
    asking: CurrentPerson, permission: Permission, facts: Facts
) -> None:
    reached = reach(
        asking,
        permission,
        submitted=facts.submitted,
        panel_open=facts.panel_open,
        reported=facts.reported,
    )
    named = facts.named is None or asking.id in facts.named or permission in EVERYBODYS
    assert can(asking, permission, facts) == (named and reached.includes(asking.id, facts))


@given(PEOPLE, ANY, FACTS)
def test_who_may_do_it_to_something_gets_past_the_door(
    asking: CurrentPerson, permission: Permission, facts: Facts
) -> None:
    if can(asking, permission, facts):
        assert holds(asking, permission)
        assert not reach(asking, permission).nowhere


@given(PEOPLE, GRANTS, ANY, FACTS)
def test_one_more_role_takes_nothing_away_except_verifying_ones_own_agency(
    asking: CurrentPerson, grant: Grant, permission: Permission, facts: Facts
) -> None:
    more = asking._replace(grants=(*asking.grants, grant))
    if can(asking, permission, facts) and permission is not Permission.ACTIONS_VERIFY:
        assert can(more, permission, facts)


@given(PEOPLE, st.sampled_from([p for p in Permission if p not in EVERYBODYS]), FACTS)
def test_a_confidential_audit_is_for_the_people_named_on_it(
    asking: CurrentPerson, permission: Permission, facts: Facts
) -> None:
    assert not can(asking, permission, facts._replace(named=frozenset({99})))


def test_somebody_without_a_role_sees_the_home_page_alone() -> None:
    nobody = CurrentPerson(1, "Ada Quill", "ada@example.org")
    assert [p for p in Permission if holds(nobody, p)] == EVERYBODYS
    assert not any(holds(None, permission) for permission in Permission)


@given(PEOPLE, ANY, FACTS, st.integers(1, 3))
def test_a_guest_may_only_complete_the_return_of_their_link(
    asking: CurrentPerson, permission: Permission, facts: Facts, number: int
) -> None:
    guest = asking._replace(guest_of=number)  # and whatever roles a row of theirs might wrongly hold
    theirs = facts._replace(return_id=number, allocated_to=guest.id)
    of_a_return = {Permission.RETURNS_READ, Permission.RETURNS_COMPLETE, Permission.CONCERNS_RAISE}
    allowed = permission in of_a_return or permission is Permission.SESSION_USE
    assert can(guest, permission, theirs) == holds(guest, permission) == allowed
    for other in (
        facts._replace(return_id=number + 1),
        facts._replace(return_id=None),
        theirs._replace(allocated_to=guest.id + 1),
        theirs._replace(allocated_to=None),
    ):
        assert can(guest, permission, other) == (permission is Permission.SESSION_USE)
    assert reach(guest, permission).nowhere


def test_an_administrator_sees_nothing_of_any_child() -> None:
    administrator = person(Role.ADMINISTRATOR)
    of_children = {
        Permission.AUDITS_READ,
        Permission.CASES_READ,
        Permission.RETURNS_READ,
        Permission.RETURNS_COMPLETE,
        Permission.CONCERNS_HANDLE,
        Permission.PANEL_READ,
        Permission.FINDINGS_READ,
        Permission.ANALYSIS_READ,
        Permission.REPORTS_READ,
    }
    assert not any(holds(administrator, permission) for permission in of_children)


@pytest.mark.parametrize("permission", Permission)
def test_every_permission_belongs_to_some_role(permission: Permission) -> None:
    assert permission in EVERYBODYS or any(permission in rules for rules in RULES.values())


def test_grading_is_blind_until_the_return_is_submitted() -> None:
    draft = Facts(area_id=1, agency_ids=frozenset({5}), allocated_to=1, submitted=False)
    sent = draft._replace(submitted=True)
    lead, auditor = person(Role.QA_LEAD, area_id=1), person(Role.AUDITOR, agency_id=5)
    other = person(Role.AUDITOR, agency_id=6)
    assert [can(who, Permission.RETURNS_READ, draft) for who in (lead, auditor, other)] == [
        False,
        True,
        False,
    ]
    assert [can(who, Permission.RETURNS_READ, sent) for who in (lead, auditor, other)] == [True, True, False]


def test_a_lead_who_is_also_an_auditor_reads_drafts_of_the_own_agency_alone() -> None:
    both = CurrentPerson(1, "Ada", "ada@example.org", (Grant(Role.QA_LEAD, 1), Grant(Role.AUDITOR, None, 5)))
    drafts = reach(both, Permission.RETURNS_READ, submitted=False)
    assert (drafts.areas, drafts.own_agencies) == (frozenset(), frozenset({5}))
    assert reach(both, Permission.RETURNS_READ).areas == {1}


def test_agencies_see_each_others_returns_when_the_panel_opens() -> None:
    shut = Facts(area_id=1, agency_ids=frozenset({5, 6}), panel_open=False)
    auditor, lead = person(Role.AUDITOR, agency_id=6), person(Role.QA_LEAD, area_id=1)
    assert not can(auditor, Permission.PANEL_READ, shut)
    assert can(auditor, Permission.PANEL_READ, shut._replace(panel_open=True))
    assert can(lead, Permission.PANEL_READ, shut)


def test_a_return_given_to_a_colleague_is_not_mine() -> None:
    facts = Facts(area_id=1, agency_ids=frozenset({5}), allocated_to=2)
    auditor, lead = person(Role.AUDITOR, agency_id=5), person(Role.AGENCY_LEAD, agency_id=5)
    assert not can(auditor, Permission.RETURNS_COMPLETE, facts)
    assert can(auditor, Permission.RETURNS_COMPLETE, facts._replace(allocated_to=None))
    assert can(lead, Permission.RETURNS_READ, facts)


def test_nobody_verifies_an_action_of_the_agency_they_work_for() -> None:
    facts = Facts(area_id=1, agency_ids=frozenset({5}))
    assert can(person(Role.QA_LEAD, area_id=1), Permission.ACTIONS_VERIFY, facts)
    assert not can(person(Role.QA_LEAD, area_id=1, agency_id=5), Permission.ACTIONS_VERIFY, facts)
    assert not can(person(Role.QA_LEAD, area_id=2), Permission.ACTIONS_VERIFY, facts)
    assert reach(person(Role.QA_LEAD, 1, 5), Permission.ACTIONS_VERIFY).barred == {5}


def test_reports_and_analysis_leave_the_qa_team_once_reported() -> None:
    early = Facts(area_id=1, agency_ids=frozenset({5}), reported=False)
    member, agency_lead = person(Role.PARTNERSHIP_MEMBER, 1), person(Role.AGENCY_LEAD, agency_id=5)
    lead = person(Role.QA_LEAD, 1)
    allowed = [can(who, Permission.REPORTS_READ, early) for who in (member, agency_lead, lead)]
    assert allowed == [False, False, True]
    assert all(
        can(who, Permission.REPORTS_READ, early._replace(reported=True))
        for who in (member, agency_lead, lead)
    )


def test_every_role_has_words() -> None:
    assert [role.label for role in Role] == [
        "Administrator",
        "QA lead",
        "Auditor",
        "Agency lead",
        "Partnership member",
    ]
