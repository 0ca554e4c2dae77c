"""Fieldwork of 30 cases and 5 agencies in a real browser; whatever goes wrong, nothing typed is lost."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from tests.browser import fieldwork_panel as panel
from tests.browser import fieldwork_returns as returns
from tests.browser import fieldwork_steps as steps
from tests.browser.conftest import Visitor
from tests.browser.fieldwork_rows import complete_the_rest
from tests.browser.fieldwork_world import Fieldwork, partnership
from tests.support.factories import Maker
from tests.support.pages import Browser


@pytest.fixture
def work(
    app: Flask,
    make: Maker,
    visitor: Callable[..., Visitor],
    browser: Callable[[str], Browser],
) -> Fieldwork:
    """A partnership with an audit that is being planned."""
    return partnership(app, make, visitor, browser)


def test_an_audit_of_thirty_cases_from_its_sample_to_its_panel(work: Fieldwork, tmp_path: Path) -> None:
    lead = work.arrive("Quin Lead")
    steps.draw_sample(work, lead, tmp_path)
    steps.allocate(work, lead)

    row = work.returns("Riverton Health", "Harry Health", "child_protection")[0]
    harry = work.arrive("Harry Health")
    returns.open_section(work, harry, row, returns.FRONT_DOOR)
    returns.lose_the_network(work, harry, row)
    returns.open_two_tabs(work, harry, row)
    returns.be_signed_out(work, harry, row, "Harry Health")
    returns.be_signed_out_without_scripts(work, row, "Harry Health")
    harry, lead = work.arrive("Harry Health"), work.arrive("Quin Lead")
    steps.follow_concern(work, lead, returns.raise_concern(work, harry, row))
    returns.complete_sections(work, harry, row, grade=1)
    returns.type_an_identifier(work, harry, row)

    hana = work.arrive("Hana Health")
    offline = work.returns("Riverton Health", "Hana Health", "early_help")[0]
    returns.complete_in_excel(work, hana, offline, tmp_path)
    returns.complete_by_link(work, lead, work.returns("Riverton School")[0])
    steps.chase_late_return(work, lead)
    first, second = work.doubled("Harry Health", "Hana Health")
    returns.audit_again(work, hana, first, second)
    assert complete_the_rest(work) == 174 - 4

    panel.open_complete_cases(work, lead)
    panel.read_side_by_side(work, hana, second.case_id)
    panel.agree_by_keyboard(work, lead, row.case_id)
    panel.hold_meeting(work, lead)
    panel.read_agreement(work, lead)
    panel.find_everything(work, lead, panel.make_summaries(work, lead))
