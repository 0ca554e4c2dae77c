"""A paper tool becomes a published edition in the browser, then by a workbook; a year later it changes."""

from collections.abc import Callable

from flask import Flask

from qa.accounts.permissions import Role
from tests.browser import framework_steps as steps
from tests.browser import paper_tool as paper
from tests.browser.conftest import Visitor
from tests.support.factories import Maker


def test_a_paper_tool_becomes_an_edition_in_the_browser(
    app: Flask, make: Maker, visitor: Callable[..., Visitor]
) -> None:
    make.person(Role.QA_LEAD, area=make.area("Riverton"), email="lead@example.org")
    lead = steps.signed_in(app, visitor, "lead@example.org")
    draft = steps.start_blank(lead)
    steps.add_scales(lead, draft)
    steps.add_profile(lead, draft)
    for section in paper.SECTIONS:
        steps.add_section(lead, draft, section)
    lead.visit(draft)
    assert "60 questions" in lead.text, lead.text
    assert "Ready to publish" in lead.text, lead.text
