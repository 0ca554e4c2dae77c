"""What the commonest pages and saves cost in statements, whatever a return holds."""

from __future__ import annotations

import pytest

from tests.integration.returns.big_framework import forty_questions
from tests.integration.returns.conftest import World
from tests.integration.returns.test_section import EVERY_TYPE
from tests.support.pages import Browser, counting

LIMIT = 8


def statements_of_save(world: World, changes: dict[str, object]) -> list[str]:
    """The statements of saving the front door with these changes, the redirect not followed."""
    browser = world.browser(world.auditor)
    sent = {**world.open_section(), **changes, "do": "continue", "csrf_token": browser.token()}
    with counting() as statements:
        assert browser.client.post(world.section(), data=sent).status_code == 302
    return statements


def test_the_first_save_costs_no_more_than_the_limit(world: World) -> None:
    assert len(statements_of_save(world, {"q-threshold": "good", "e-threshold": "The record."})) <= LIMIT


def test_new_and_changed_answers_are_saved_together_within_the_limit(world: World) -> None:
    world.save({"q-threshold": "good", "q-consent": "yes"})
    changes: dict[str, object] = {"q-threshold": "inadequate", "q-referrer": "school", "q-decision_days": "3"}
    assert len(statements_of_save(world, {**changes, "f-strength-n1": "Seen alone."})) <= LIMIT


def test_a_save_that_changes_nothing_costs_half(world: World) -> None:
    world.save(EVERY_TYPE)
    assert len(statements_of_save(world, {})) <= LIMIT // 2


def test_everything_at_once_stays_within_what_a_page_may_cost(world: World) -> None:
    changes = {**EVERY_TYPE, "f-strength-n1": "Seen alone.", "f-area_for_improvement-n1": "Father."}
    assert len(statements_of_save(world, changes)) <= 12


@pytest.mark.parametrize("filled", [False, True])
def test_forty_questions_cost_the_same_as_ten(world: World, filled: bool) -> None:
    edition = forty_questions(world.app, world.edition.content)
    audit = world.make.audit(world.area, edition, (world.health,))
    row = world.make.case_return(world.make.case(audit), world.health, world.auditor)
    address = f"/returns/{row.id}/sections/front_door"
    browser: Browser = world.browser(world.auditor)
    form = browser.get(address).form("form")
    answers = {f"q-question_{number}": "good" for number in range(1, 31)}
    answers |= {f"e-question_{number}": "Seen in the record." for number in range(1, 31)}
    if filled:
        browser.post(address, {**form, **answers, "do": "stay"})
        form = browser.get(address).form("form")
        answers = dict.fromkeys(answers, "") | {
            f"q-question_{number}": "inadequate" for number in range(1, 31)
        }
    assert browser.get(address).statements <= LIMIT
    sent = {**form, **answers, "do": "stay", "csrf_token": browser.token()}
    with counting() as statements:
        assert browser.client.post(address, data=sent).status_code == 302
    assert len(statements) <= LIMIT, statements
