"""Two people, or two tabs, on the same section: only what both changed clashes, and nothing is lost."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from qa.accounts.permissions import CurrentPerson, Role
from qa.db import db, writing
from qa.returns.models import Answer, Finding
from tests.integration.returns.conftest import World
from tests.support.pages import Page


@pytest.fixture
def colleague(world: World) -> CurrentPerson:
    """A second auditor of the agency; the return is allocated to neither of the two."""
    with world.app.app_context(), writing() as session:
        session.get_one(type(world.row), world.row.id).auditor_id = None
    return world.make.person(Role.AUDITOR, agency=world.health, name="Colin Colleague")


def send(world: World, person: CurrentPerson, form: dict[str, object], *, status: int = 200) -> Page:
    return world.browser(person).post(world.section(), {"do": "stay", **form}, status=status)


def shown(world: World) -> dict[str, object]:
    return world.open_section()


def test_changes_to_different_answers_both_count(world: World, colleague: CurrentPerson) -> None:
    mine, theirs = world.open_section(), world.open_section(person=colleague)
    send(world, colleague, {**theirs, "q-consent": "yes", "e-front_door_grade": "Theirs."})
    send(world, world.auditor, {**mine, "q-threshold": "good"})
    now = shown(world)
    assert (now["q-consent"], now["q-threshold"], now["e-front_door_grade"]) == ("yes", "good", "Theirs.")


def test_the_same_change_by_both_is_no_clash(world: World, colleague: CurrentPerson) -> None:
    mine, theirs = world.open_section(), world.open_section(person=colleague)
    send(world, colleague, {**theirs, "q-consent": "yes"})
    send(world, world.auditor, {**mine, "q-consent": "yes", "q-threshold": "good"})
    assert shown(world)["q-threshold"] == "good"


@pytest.fixture
def clash(world: World, colleague: CurrentPerson) -> Page:
    """The page after both changed the same answer and the same finding, and each something else."""
    form = world.open_section()
    send(world, world.auditor, {**form, "q-threshold": "good", "f-strength-n1": "Seen."})
    mine, theirs = world.open_section(), world.open_section(person=colleague)
    ref = next(name for name in mine if name.startswith("f-strength"))
    send(
        world,
        colleague,
        {**theirs, "q-threshold": "inadequate", "e-threshold": "Their <b>reason</b>.", ref: "Seen by two."},
    )
    return send(
        world,
        world.auditor,
        {
            **mine,
            "q-threshold": "outstanding",
            ref: "Seen alone.",
            "e-front_door_grade": "Mine, line one\nline two.",
            "q-consulted": ["health", "police"],
            "f-area_for_improvement-n1": "Father not asked.",
            "do": "continue",
        },
        status=409,
    )


def test_both_versions_are_shown_and_nothing_is_saved(world: World, clash: Page) -> None:
    assert clash.heading == "Somebody else changed this section"
    assert "Colin Colleague saved this section after you opened it" in clash.text
    for text in ("Outstanding", "Inadequate", "Seen alone.", "Seen by two.", "Their <b>reason</b>."):
        assert text in clash.text
    assert "Mine, line one" not in clash.text, "what did not clash needs no choice"
    now = shown(world)
    assert (now["q-threshold"], now["e-front_door_grade"]) == ("inadequate", "")


def test_mine_over_it_saves_everything_of_mine(world: World, clash: Page) -> None:
    page = world.browser(world.auditor).post(world.section(), clash.form("form"))
    assert page.heading == "Child protection plan", "the button that was pressed first still counts"
    now = shown(world)
    assert (now["q-threshold"], now["e-threshold"]) == ("outstanding", "")
    assert now["e-front_door_grade"] == "Mine, line one\nline two."
    assert now["q-consulted"] == ["health", "police"]
    assert sorted(texts(world)) == ["Father not asked.", "Seen alone."]


def test_the_other_version_can_be_kept_with_the_rest_of_mine(world: World, clash: Page) -> None:
    world.browser(world.auditor).post(world.section(), {**clash.form("form"), "keep": "theirs"})
    now = shown(world)
    assert (now["q-threshold"], now["e-threshold"]) == ("inadequate", "Their <b>reason</b>.")
    assert now["e-front_door_grade"] == "Mine, line one\nline two."
    assert sorted(texts(world)) == ["Father not asked.", "Seen by two."]


def texts(world: World) -> list[str]:
    with world.app.app_context():
        return list(db.session.scalars(select(Finding.text).where(Finding.return_id == world.row.id)))


def test_a_third_change_while_choosing_is_a_clash_again(
    world: World, clash: Page, colleague: CurrentPerson
) -> None:
    send(world, colleague, {**world.open_section(person=colleague), "q-threshold": "requires_improvement"})
    again = world.browser(world.auditor).post(world.section(), clash.form("form"), status=409)
    assert "Requires improvement to be good" in again.text
    world.browser(world.auditor).post(world.section(), again.form("form"))
    assert shown(world)["q-threshold"] == "outstanding"


def test_a_finding_removed_by_one_and_reworded_by_the_other(world: World, colleague: CurrentPerson) -> None:
    send(world, world.auditor, {**world.open_section(), "f-strength-n1": "Seen."})
    mine, theirs = world.open_section(), world.open_section(person=colleague)
    ref = next(name for name in mine if name.startswith("f-strength"))
    send(world, colleague, {**theirs, ref: ""})
    page = send(world, world.auditor, {**mine, ref: "Seen alone."}, status=409)
    assert "(removed)" in page.text
    world.browser(world.auditor).post(world.section(), page.form("form"))
    assert texts(world) == ["Seen alone."]


def test_a_finding_removed_by_one_and_left_alone_by_the_other_is_gone(
    world: World, colleague: CurrentPerson
) -> None:
    send(world, world.auditor, {**world.open_section(), "f-strength-n1": "Seen."})
    mine, theirs = world.open_section(), world.open_section(person=colleague)
    ref = next(name for name in mine if name.startswith("f-strength"))
    send(world, colleague, {**theirs, ref: ""})
    send(world, world.auditor, {**mine, "q-consent": "yes"})
    assert texts(world) == []


def test_two_tabs_of_one_person_clash_too(world: World) -> None:
    first, second = world.open_section(), world.open_section()
    send(world, world.auditor, {**first, "e-threshold": "From the first tab."})
    page = send(world, world.auditor, {**second, "e-threshold": "From the second tab."}, status=409)
    assert "another of your tabs" in page.text
    with world.app.app_context():
        assert db.session.scalars(select(Answer.evidence)).all() == ["From the first tab."]


def test_a_number_written_otherwise_is_no_change(world: World, colleague: CurrentPerson) -> None:
    send(world, world.auditor, {**world.open_section(), "q-decision_days": "12"})
    mine, theirs = world.open_section(), world.open_section(person=colleague)
    send(world, colleague, {**theirs, "q-decision_days": "14"})
    send(world, world.auditor, {**mine, "q-decision_days": "12 days", "q-consent": "yes"})
    assert shown(world)["q-decision_days"] == "14", "the form left the number as it was"
