"""What could identify somebody in a return: asked about quietly, replaced or kept, before it is submitted."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from qa.accounts.permissions import CurrentPerson
from qa.db import db, now, writing
from qa.identifiers.models import GuardedName, KeptIdentifier, NameList
from qa.returns.models import Answer, Finding
from qa.trail.models import TrailEntry
from tests.integration.returns.conftest import COMPLETE_FRONT_DOOR, COMPLETE_PROTECTION, PROTECTION, World
from tests.integration.returns.test_autosave import autosave, only
from tests.integration.returns.test_completing import CHECK, submit
from tests.support.pages import Page, counting

NHS = "943 476 5919"
TYPED = f"The letter gave {NHS}, of RM10 7XX."
NUMBER = f"Looks like an NHS number: {NHS}"
POSTCODE = "Looks like a postcode: RM10 7XX"


def guard_names(world: World, *names: str) -> None:
    """Put names on the area's list."""
    with world.app.app_context(), writing() as session:
        session.merge(NameList(area_id=world.area.id, stamp=now().isoformat()[:32]))
        session.add_all(
            GuardedName(area_id=world.area.id, name=name, folded=name.casefold(), added_at=now())
            for name in names
        )


def kept(world: World) -> list[tuple[str, str, str]]:
    """What is kept: field, kind, reason."""
    with world.app.app_context():
        rows = db.session.scalars(select(KeptIdentifier).order_by(KeptIdentifier.id))
        return [(row.field, row.kind, row.reason) for row in rows]


def evidence(world: World) -> list[str]:
    """Every evidence that is kept."""
    with world.app.app_context():
        return [text for text in db.session.scalars(select(Answer.evidence)) if text]


def token(page: Page, box: str, text: str) -> str:
    """What stands for something found in a box of the page."""
    fields = page.form("form")[f"asked-{box}"]
    lines = fields if isinstance(fields, list) else [fields]
    return next(line.split("|")[0] for line in lines if line.endswith(f"|{text}"))


def press(world: World, guard: str, **changes: object) -> Page:
    return world.save({**changes, "guard": guard}, do="")


def section(world: World) -> Page:
    return world.browser(world.auditor).get(world.section())


def check(world: World, sent: dict[str, object] | None = None) -> Page:
    browser = world.browser(world.auditor)
    return browser.post(world.address(CHECK), sent) if sent else browser.get(world.address(CHECK))


def complete(world: World, **more: object) -> None:
    world.save({**COMPLETE_FRONT_DOOR, **more})
    world.save(COMPLETE_PROTECTION, PROTECTION)


def tokens_to_answer(page: Page) -> list[str]:
    """What the check page asks about."""
    values = [button.get("value", "") for button in page.all("button") if button.get("name") == "guard"]
    return list(dict.fromkeys(value.partition(":")[2] for value in values))


def test_saving_is_not_stopped_and_the_page_then_asks_beside_the_field(world: World) -> None:
    page = world.save({"e-threshold": TYPED}, do="continue")
    assert evidence(world) == [TYPED]
    assert page.heading == "Front door and threshold"
    assert "looks as if it could identify somebody" in page.text
    assert NUMBER in page.text
    assert POSTCODE in page.text
    assert page.errors == []
    buttons = ["".join(button.itertext()) for button in page.all("button")]
    assert any(text.startswith("Replace by [NHS number]") for text in buttons)


def test_what_was_asked_about_holds_nobody_up_a_second_time(world: World) -> None:
    world.save({"e-threshold": TYPED})
    assert world.save({}, do="continue").heading == "Child protection plan"


def test_replacing_changes_that_and_saves_what_else_was_typed(world: World) -> None:
    page = world.save({"e-threshold": f"{TYPED} Again {NHS}."})
    page = press(world, f"replace:{token(page, 'e-threshold', NHS)}", **{"q-referrer": "school"})
    assert evidence(world) == ["The letter gave [NHS number], of RM10 7XX. Again [NHS number]."]
    assert NUMBER not in page.text
    assert POSTCODE in page.text
    assert page.form("form")["q-referrer"] == "school"


def test_a_reason_keeps_it_without_the_text_and_it_is_not_asked_again(world: World) -> None:
    page = world.save({"e-threshold": TYPED})
    key = token(page, "e-threshold", "RM10 7XX")
    page = press(world, f"keep:{key}", **{f"why-{key}": "The school’s own postcode"})
    assert kept(world) == [("e-threshold", "postcode", "The school’s own postcode")]
    assert POSTCODE not in page.text
    assert NUMBER in page.text
    world.save({"e-threshold": f"{TYPED} And rm107xx once more."})
    assert "a postcode" not in section(world).text
    assert "Looks like a postcode: IG1 1AA" in world.save({"e-threshold": "IG1 1AA"}).text
    with world.app.app_context():
        assert "RM10" not in str([vars(row) for row in db.session.scalars(select(KeptIdentifier))])
        entry = db.session.scalars(select(TrailEntry).where(TrailEntry.event == "identifiers.kept")).one()
        assert (entry.record, entry.record_id, entry.fields) == (
            "return",
            world.row.id,
            "e-threshold:postcode",
        )


def test_a_reason_typed_and_saved_by_any_button_counts(world: World) -> None:
    page = world.save({"e-threshold": "RM10 7XX"})
    key = token(page, "e-threshold", "RM10 7XX")
    world.save({f"why-{key}": "The town hall"}, do="later")
    assert kept(world) == [("e-threshold", "postcode", "The town hall")]


def test_keeping_without_a_reason_says_what_is_needed(world: World) -> None:
    page = world.save({"e-threshold": "RM10 7XX"})
    page = press(world, f"keep:{token(page, 'e-threshold', 'RM10 7XX')}")
    assert "say why it has to stay" in page.text
    assert "Not done" in page.text
    assert kept(world) == []


def test_a_reason_that_identifies_is_refused_and_nothing_typed_is_lost(world: World) -> None:
    page = world.save({"e-threshold": "RM10 7XX"})
    key = token(page, "e-threshold", "RM10 7XX")
    page = world.save({f"why-{key}": "Since RM10 7XX is theirs", "e-threshold": "RM10 7XX, now longer"})
    assert page.errors == [
        "The reason must not hold it, or anything else that could identify somebody. Nothing was saved"
    ]
    form = page.form("form")
    assert (form[f"why-{key}"], form["e-threshold"]) == ("Since RM10 7XX is theirs", "RM10 7XX, now longer")
    assert page.field_error("e-threshold-why-1").startswith("The reason must not hold it")
    assert (kept(world), evidence(world)) == ([], ["RM10 7XX"])


def test_names_of_the_list_are_asked_about_as_soon_as_they_are_listed(world: World) -> None:
    page = world.save({"f-strength-n1": "Jáyden was seen alone.", "q-front_door_impact": "OKAFOR is safer"})
    assert "person’s name" not in page.text
    guard_names(world, "jayden", "Okafor")
    page = section(world)
    assert "Looks like a person’s name: Jáyden" in page.text
    assert "Looks like a person’s name: OKAFOR" in page.text
    (box,) = [name.removeprefix("asked-") for name in page.form("form") if name.startswith("asked-f-")]
    press(world, f"replace:{token(page, box, 'Jáyden')}")
    with world.app.app_context():
        assert db.session.scalars(select(Finding.text)).all() == ["J. was seen alone."]


def test_saving_by_itself_asks_in_its_answer(world: World) -> None:
    form = only(world.open_section(), "threshold")
    answer = autosave(world, {**form, "e-threshold": TYPED})
    assert evidence(world) == [TYPED]
    assert list(answer["asked"]) == ["e-threshold"]
    assert NHS in answer["asked"]["e-threshold"]
    key = token(section(world), "e-threshold", NHS)
    form = {**form, **answer["marks"], "e-threshold": TYPED, "guard": f"replace:{key}"}
    answer = autosave(world, form)
    replaced = TYPED.replace(NHS, "[NHS number]")
    assert answer["texts"] == {"e-threshold": replaced}
    assert evidence(world) == [replaced]
    key = token(section(world), "e-threshold", "RM10 7XX")
    answer = autosave(world, {**only(world.open_section(), "threshold"), f"why-{key}": "The school’s"})
    assert (answer["asked"], answer["texts"]) == ({}, {})
    assert kept(world) == [("e-threshold", "postcode", "The school’s")]


def test_a_clean_answer_costs_no_statement_and_a_found_one_costs_one(world: World) -> None:
    guard_names(world, "Jayden Okafor")
    form = only(world.open_section(), "threshold")
    costs = []
    for text in ("Seen alone.", "Seen alone again.", "Seen at RM10 7XX."):
        with counting() as statements:
            form |= autosave(world, {**form, "e-threshold": text})["marks"]
        costs.append(len(statements))
    assert costs[2] == costs[1] + 1
    with world.app.app_context(), writing() as session:
        session.execute(update(NameList).values(stamp=""))
    with counting() as statements:
        autosave(world, {**form, "e-threshold": "Seen alone once more."})
    assert len(statements) == costs[1]


def test_submitting_is_stopped_until_each_is_answered_right_there(world: World) -> None:
    complete(world, **{"e-threshold": TYPED, "f-strength-n1": "Rang 07700 900123."})
    page = submit(world)
    assert [error.split(" looks like ")[0] for error in page.errors] == [
        f"“{NHS}”",
        "“RM10 7XX”",
        "“07700 900123”",
    ]
    assert "Evidence for: " in page.text
    assert "Evidence files are not looked into" in page.text
    number, postcode, phone = tokens_to_answer(page)
    page = check(world, {"guard": f"replace:{number}"})
    assert "It is replaced." in page.text
    page = check(world, {"guard": f"keep:{postcode}", f"why-{postcode}": "The school’s own"})
    assert tokens_to_answer(page) == [phone]
    page = check(world, {"guard": f"keep:{phone}", f"why-{phone}": " "})
    assert page.errors == ["Say why it has to stay, or replace it"]
    assert page.field_error(f"why-{phone}") == page.errors[0]
    page = check(world, {"guard": f"keep:{phone}", f"why-{phone}": "It is 07700 900123"})
    assert page.field_error(f"why-{phone}").startswith("The reason must not hold it")
    page = check(world, {"guard": f"replace:{phone}"})
    assert "could this identify somebody" not in page.text
    assert "Your return is submitted" in submit(world).text
    with world.app.app_context():
        assert db.session.scalars(select(Finding.text)).all() == ["Rang [telephone number]."]
        assert TYPED.replace(NHS, "[NHS number]") in set(db.session.scalars(select(Answer.evidence)))
    assert kept(world) == [("e-threshold", "postcode", "The school’s own")]


def test_the_same_in_two_rows_is_asked_and_answered_once(world: World) -> None:
    complete(world, **{"f-strength-n1": "At RM10 7XX.", "f-strength-n2": "Again at RM10 7XX."})
    page = submit(world)
    assert len(page.errors) == 1
    (key,) = tokens_to_answer(page)
    check(world, {"guard": f"replace:{key}"})
    with world.app.app_context():
        assert db.session.scalars(select(Finding.text).order_by(Finding.id)).all() == [
            "At [postcode].",
            "Again at [postcode].",
        ]


def test_a_reason_holds_only_while_the_text_found_is_the_same(world: World) -> None:
    complete(world, **{"e-threshold": "RM10 7XX"})
    (key,) = tokens_to_answer(check(world))
    check(world, {"guard": f"keep:{key}", f"why-{key}": "The school’s own"})
    world.save({"e-threshold": "RM10 7XY"})
    assert len(submit(world).errors) == 1


def test_an_answer_to_what_is_gone_meanwhile_changes_nothing(world: World) -> None:
    complete(world, **{"e-threshold": "RM10 7XX"})
    (key,) = tokens_to_answer(check(world))
    world.save({"e-threshold": "At home."})
    page = check(world, {"guard": f"replace:{key}"})
    assert "changed meanwhile" in page.text
    assert "At home." in evidence(world)


@pytest.mark.parametrize(("who", "status"), [("lead", 403), ("police_auditor", 404)])
def test_nobody_else_answers(world: World, who: str, status: int) -> None:
    complete(world, **{"e-threshold": "RM10 7XX"})
    (key,) = tokens_to_answer(check(world))
    person: CurrentPerson = getattr(world, who)
    sent = {"guard": f"keep:{key}", f"why-{key}": "Mine"}
    world.browser(person).post(world.address(CHECK), sent, status=status)
    assert kept(world) == []
