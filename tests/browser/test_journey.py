"""One audit from an empty installation to a closed recommendation and a PDF, in a real browser."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from tests.browser import journey as steps
from tests.browser.conftest import Visitor
from tests.browser.journey import Journey


@pytest.fixture
def journey(app: Flask, visitor: Callable[..., Visitor], address: str) -> Journey:
    """A journey on an empty database; mail goes to the outbox of this test's instance folder."""
    return Journey(app, visitor, app.extensions["settings"].instance / "outbox")


def test_from_a_shipped_framework_to_a_closed_recommendation_and_a_pdf(
    journey: Journey, tmp_path: Path
) -> None:
    steps.set_up_partnership(journey)
    lead = journey.arrive("qa-lead", "lead@example.org", journey.invitation("lead@example.org"))
    path = steps.plan_audit(lead, tmp_path)

    council = journey.arrive("auditor", "council@example.org", journey.invitation("council@example.org"))
    steps.complete_return(council, "R001", grade=3, worry=True)
    steps.deal_with_concern(lead)
    steps.complete_return(council, "R002", grade=1)
    police = journey.arrive("police", "police@example.org", journey.invitation("police@example.org"))
    steps.complete_return(police, "R001", grade=0)
    steps.complete_return(police, "R002", grade=1)
    health = journey.arrive("agency-lead", "health@example.org", journey.invitation("health@example.org"))
    for reference in ("R001", "R002"):
        steps.say_not_involved(health, reference)

    steps.hold_panel(lead, path)
    steps.code_findings(lead, path)
    steps.recommend(lead, path)
    steps.act(health, tmp_path)
    steps.verify_and_close(lead)

    lead.visit(f"{path}/report/edit")
    lead.fill("Executive summary", "Children in Riverton are seen; plans must say what should change.")
    lead.click("Save")
    reader, text = steps.read_pdf(lead, "Download PDF")
    assert len(reader.pages) > 8
    assert reader.outline
    for words in (
        "Help and protection in Riverton",
        "OFFICIAL-SENSITIVE",
        "Children in Riverton are seen",
        "Requires improvement to be good",
        steps.RECOMMENDATION,
        "Closed",
        "Riverton Council, Riverton Health and Riverton Police",
    ):
        assert " ".join(words.split()) in " ".join(text.split()), words
    assert steps.WORRY not in text
    steps.issue_report(lead, path)

    member = journey.arrive("member", "member@example.org", journey.invitation("member@example.org"))
    member.click("Reports")
    member.click("Help and protection in Riverton", exact=False)
    assert "Children in Riverton are seen" in member.text
    _, issued = steps.read_pdf(member, "PDF")
    assert "Issued" in issued
