"""What could identify somebody, asked about by the page's script after a save by itself."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from qa.db import db
from qa.identifiers.models import KeptIdentifier
from tests.integration.returns import test_script
from tests.integration.returns.conftest import World
from tests.integration.returns.test_script import AXE, evidence, expect_saved, status

pytestmark = pytest.mark.browser
page, site = test_script.page, test_script.site

ASKS = re.compile(r"^Saved \d\d:\d\d\. Look at what is marked")
TYPED = "Seen at RM10 7XX, NHS 943 476 5919."


def kept(world: World) -> list[str]:
    with world.app.app_context():
        return list(db.session.scalars(select(KeptIdentifier.reason)))


def faults(page: Page) -> list[Any]:
    """What axe finds."""
    page.evaluate(AXE)
    found: list[Any] = page.evaluate("axe.run().then(result => result.violations.map(one => one.id))")
    return found


def test_it_is_asked_below_the_box_and_replaced_in_it(world: World, page: Page) -> None:
    box = page.locator("#e-threshold")
    box.fill(TYPED)
    expect(status(page)).to_have_text(ASKS)
    asked = page.locator("[data-question=threshold] [data-asked]")
    expect(asked).to_contain_text("Looks like a postcode: RM10 7XX")
    assert evidence(world) == [TYPED]
    assert faults(page) == []
    asked.get_by_role("button", name="Replace by [postcode]").click()
    expect(box).to_have_value("Seen at [postcode], NHS 943 476 5919.")
    expect(asked).not_to_contain_text("postcode:")
    asked.get_by_role("button", name="Replace by [NHS number]").click()
    expect(asked).to_have_count(0)
    expect_saved(page)
    assert evidence(world) == ["Seen at [postcode], NHS [NHS number]."]


def test_a_reason_is_sent_by_its_button_and_not_half_typed(world: World, page: Page) -> None:
    box = page.locator("#e-threshold")
    box.fill("Seen at RM10 7XX.")
    asked = page.locator("[data-asked]")
    asked.get_by_role("button", name="Keep it").click()
    expect(status(page)).to_have_text("Not kept: say why it has to stay.")
    why = asked.get_by_label("Or say why it has to stay")
    expect(why).to_be_focused()
    why.fill("The sch")
    box.press_sequentially(" Again.")
    expect(page.locator("form[data-unsaved]")).to_have_count(0)
    expect(why).to_have_value("The sch")
    assert kept(world) == []
    why.fill("The school’s own postcode")
    asked.get_by_role("button", name="Keep it").click()
    expect(asked).to_have_count(0)
    expect_saved(page)
    assert kept(world) == ["The school’s own postcode"]
    page.reload()
    expect(asked).to_have_count(0)


def test_an_answer_given_while_the_line_is_down_waits_for_it(world: World, page: Page) -> None:
    page.locator("#e-threshold").fill("Seen at RM10 7XX.")
    asked = page.locator("[data-asked]")
    expect(asked).to_be_visible()
    page.context.set_offline(True)
    asked.get_by_role("button", name="Replace by [postcode]").click()
    expect(status(page)).to_contain_text("Not saved")
    page.context.set_offline(False)
    expect(page.locator("#e-threshold")).to_have_value("Seen at [postcode].")
    expect(asked).to_have_count(0)
    assert evidence(world) == ["Seen at [postcode]."]
