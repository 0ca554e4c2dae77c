"""Saving by itself while somebody types: what is good is kept, what is not is reported."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import select

from qa.accounts.permissions import CurrentPerson
from qa.audits.lifecycle import ReturnState
from qa.audits.models import Return
from qa.db import db, writing
from qa.returns.models import Finding
from qa.trail.models import TrailEntry
from tests.integration.returns.conftest import World
from tests.support.pages import counting


def autosave(
    world: World, form: dict[str, object], *, status: int = 200, person: CurrentPerson | None = None
) -> dict[str, Any]:
    """Send a form as the page's script does; gives the answer."""
    browser = world.browser(person or world.auditor)
    sent = {**form, "csrf_token": browser.token()}
    response = browser.client.post(f"{world.section()}/autosave", data=sent)
    assert response.status_code == status, response.get_data(as_text=True)[:500]
    answer: dict[str, Any] = response.get_json() or {}
    return answer


def only(form: dict[str, object], *names: str) -> dict[str, object]:
    """Just the questions and rows named, as the script sends them."""
    kept = {"form", *(f"{letter}-{name}" for name in names for letter in "qevfm")}
    return {name: value for name, value in form.items() if name in kept or name.rsplit("-", 1)[0] in kept}


def sending(form: dict[str, object], number: int) -> dict[str, object]:
    return {**form, "form": f"{str(form['form']).split('-')[0]}-{number}"}


def test_what_was_typed_is_kept_and_the_form_gets_its_new_marks(world: World) -> None:
    form = world.open_section()
    answer = autosave(world, {**only(form, "threshold"), "q-threshold": "good", "e-threshold": "As "})
    assert re.fullmatch(r"\d\d:\d\d", answer["saved_at"])
    assert list(answer["marks"]) == ["v-threshold"]
    assert (answer["errors"], answer["clashes"]) == ([], [])
    after = world.open_section()
    assert (after["q-threshold"], after["e-threshold"]) == ("good", "As")
    assert after["v-threshold"] == answer["marks"]["v-threshold"]


def test_questions_that_were_not_sent_are_left_alone(world: World) -> None:
    world.save({"q-consent": "yes", "q-consulted": ["health"]})
    form = world.open_section()
    autosave(world, {**only(form, "threshold"), "q-threshold": "good"})
    after = world.open_section()
    assert (after["q-consent"], after["q-consulted"], after["q-threshold"]) == ("yes", "health", "good")


def test_the_last_tick_taken_away_is_saved(world: World) -> None:
    world.save({"q-consulted": ["health"]})
    form = only(world.open_section(), "consulted")
    del form["q-consulted"]
    autosave(world, form)
    assert "q-consulted" not in world.open_section()


def test_the_good_is_saved_and_the_bad_is_named(world: World) -> None:
    form = world.open_section()
    answer = autosave(
        world,
        {**form, "q-consent": "yes", "q-decision_days": "soon", "q-referred_on-day": "31"},
    )
    assert {error["field"]: error["message"] for error in answer["errors"]} == {
        "q-decision_days": "The number of days must be a number in figures, like 12",
        "q-referred_on-month": "The date must include a month and a year",
    }
    after = world.open_section()
    assert (after["q-consent"], after["q-decision_days"]) == ("yes", "")
    assert after["v-decision_days"] == form["v-decision_days"]


def test_a_row_is_added_once_and_reworded_as_it_is_typed(world: World) -> None:
    form = only(world.open_section(), "strength-n1")
    first = autosave(world, sending({**form, "f-strength-n1": "Seen"}, 1))
    form["m-strength-n1"] = first["marks"]["m-strength-n1"]
    autosave(world, sending({**form, "f-strength-n1": "Seen alone"}, 2))
    assert texts(world) == ["Seen alone"]


def test_an_emptied_row_goes_and_comes_back_when_it_is_typed_again(world: World) -> None:
    world.save({"f-strength-n1": "Seen."})
    form = world.open_section()
    ref = next(name for name in form if name.startswith("f-strength")).removeprefix("f-")
    form = only(form, ref)
    answer = autosave(world, sending({**form, f"f-{ref}": ""}, 1))
    assert texts(world) == []
    form |= answer["marks"]
    answer = autosave(world, sending({**form, f"f-{ref}": "Seen again."}, 2))
    assert texts(world) == ["Seen again."]
    autosave(world, sending({**form, **answer["marks"], f"f-{ref}": "Seen again, alone."}, 3))
    assert texts(world) == ["Seen again, alone."]


def texts(world: World) -> list[str]:
    with world.app.app_context():
        query = select(Finding.text).where(Finding.return_id == world.row.id).order_by(Finding.id)
        return list(db.session.scalars(query))


# --- over a bad line --------------------------------------------------------------------------------------


def test_a_sending_whose_answer_was_lost_is_no_clash_with_the_next(world: World) -> None:
    form = only(world.open_section(), "threshold", "strength-n1")
    autosave(world, sending({**form, "e-threshold": "The rec", "f-strength-n1": "Se"}, 1))
    answer = autosave(world, sending({**form, "e-threshold": "The record", "f-strength-n1": "Seen"}, 2))
    assert answer["clashes"] == []
    assert world.open_section()["e-threshold"] == "The record"
    assert texts(world) == ["Seen"]


def test_an_older_sending_that_arrives_late_does_not_undo_a_newer_one(world: World) -> None:
    form = only(world.open_section(), "threshold", "strength-n1")
    autosave(world, sending({**form, "e-threshold": "The record", "f-strength-n1": "Seen"}, 2))
    autosave(world, sending({**form, "e-threshold": "The rec", "f-strength-n1": "Se"}, 1))
    assert world.open_section()["e-threshold"] == "The record"
    assert texts(world) == ["Seen"]


def test_typing_taken_back_after_a_lost_answer_is_taken_back(world: World) -> None:
    form = only(world.open_section(), "threshold", "strength-n1")
    autosave(world, sending({**form, "e-threshold": "Wrong child", "f-strength-n1": "Wrong"}, 1))
    autosave(world, sending(form, 2))
    assert world.open_section()["e-threshold"] == ""
    assert texts(world) == []


def test_the_button_pressed_after_saves_by_itself_is_no_clash(world: World) -> None:
    form = world.open_section()
    autosave(world, sending({**only(form, "threshold"), "e-threshold": "The rec"}, 1))
    sent = sending({**form, "e-threshold": "The record", "do": "continue"}, 2)
    page = world.browser(world.auditor).post(world.section(), sent)
    assert page.heading == "Child protection plan"
    assert world.open_section()["e-threshold"] == "The record"


# --- when it cannot be saved ------------------------------------------------------------------------------


def test_what_somebody_else_changed_is_not_overwritten(world: World) -> None:
    mine, theirs = world.open_section(), world.open_section()
    autosave(world, {**theirs, "e-threshold": "Theirs."})
    answer = autosave(world, {**mine, "e-threshold": "Mine.", "q-consent": "yes"}, status=409)
    assert answer["clashes"] == [{"name": "threshold", "label": "Was the threshold decision right?"}]
    assert "v-threshold" not in answer["marks"]
    after = world.open_section()
    assert (after["e-threshold"], after["q-consent"]) == ("Theirs.", "yes"), "the rest is saved"
    page = world.browser(world.auditor).post(
        world.section(), {**mine, "e-threshold": "Mine.", "q-consent": "yes", "do": "stay"}, status=409
    )
    assert "Mine." in page.text
    assert "Theirs." in page.text


@pytest.mark.parametrize("state", [ReturnState.SUBMITTED, ReturnState.NOT_INVOLVED])
def test_a_return_that_was_completed_meanwhile_says_so(world: World, state: ReturnState) -> None:
    form = world.open_section()
    with world.app.app_context(), writing() as session:
        session.get_one(Return, world.row.id).state = state
    answer = autosave(world, {**form, "e-threshold": "Too late."}, status=403)
    assert "has been completed" in answer["message"]


def test_somebody_signed_out_is_told_so(world: World) -> None:
    form = world.open_section()
    browser = world.browser(world.auditor)
    token = browser.token()
    browser.client.post("/sign-out", data={"csrf_token": token})
    sent = {**form, "csrf_token": browser.token(), "e-threshold": "x"}
    assert browser.client.post(f"{world.section()}/autosave", data=sent).status_code == 401


def test_a_return_of_another_agency_cannot_be_saved(world: World) -> None:
    autosave(world, world.open_section(), status=404, person=world.police_auditor)


def test_a_save_by_itself_is_in_the_trail(world: World) -> None:
    autosave(world, {**world.open_section(), "q-consent": "yes"})
    with world.app.app_context():
        query = select(TrailEntry.fields).where(TrailEntry.event == "returns.saved")
        assert db.session.scalars(query).all() == ["consent"]


def test_saving_by_itself_costs_few_statements(world: World) -> None:
    form = world.open_section()
    autosave(world, sending({**form, "q-consent": "yes"}, 1))
    browser = world.browser(world.auditor)
    sent = {**sending({**form, "e-consent": "The record", "q-threshold": "good"}, 2)}
    sent["csrf_token"] = browser.token()
    with counting() as statements:
        browser.client.post(f"{world.section()}/autosave", data=sent)
    assert len(statements) <= 8, statements
