"""`flask --app app reminders send`: one digest a day per person at most."""

from datetime import timedelta

import pytest
from flask import Flask

from qa.audits.lifecycle import ReturnState, Stage
from qa.audits.models import Audit, Return
from qa.db import today
from qa.reminding.models import LastDigest
from tests.integration.chasing.conftest import Fieldwork, fieldwork

__all__ = ["fieldwork"]


def send(app: Flask) -> str:
    """Run the command; what it says."""
    done = app.test_cli_runner().invoke(args=["reminders", "send"])
    assert done.exit_code == 0, done.output
    return done.output


def test_each_person_gets_one_digest_a_day(fieldwork: Fieldwork) -> None:
    assert send(fieldwork.app) == "0 about overdue concerns, 2 digests.\n"
    assert fieldwork.mail() == [
        ("ivan@example.org", "Overdue in Audit Together"),
        ("nora@example.org", "Overdue in Audit Together"),
    ]
    letters = fieldwork.letters()
    assert "1 return, yours: 1 late" in letters
    assert "with no auditor yet" in letters
    assert "/my-work" in letters
    assert fieldwork.chases() == [(fieldwork.rows["late"].id, fieldwork.nurse.id)]
    fieldwork.forget_mail()
    assert send(fieldwork.app) == "0 about overdue concerns, 0 digests.\n"
    assert fieldwork.mail() == []
    fieldwork.change(LastDigest, sent_on=today() - timedelta(days=1))
    assert send(fieldwork.app) == "0 about overdue concerns, 2 digests.\n"


def test_nobody_is_written_to_when_nothing_is_due(fieldwork: Fieldwork) -> None:
    fieldwork.change(Return, due_on=today() + timedelta(days=4))
    send(fieldwork.app)
    assert fieldwork.mail() == []


def test_what_is_due_soon_is_called_so(fieldwork: Fieldwork) -> None:
    fieldwork.change(Return, due_on=today() + timedelta(days=3))
    send(fieldwork.app)
    assert {subject for _, subject in fieldwork.mail()} == {"Due soon in Audit Together"}


@pytest.mark.parametrize("stage", [Stage.PLANNING, Stage.PANEL, Stage.CLOSED])
def test_only_audits_in_fieldwork_count(fieldwork: Fieldwork, stage: Stage) -> None:
    fieldwork.change(Audit, stage=stage)
    send(fieldwork.app)
    assert fieldwork.mail() == []


def test_returns_that_are_in_are_left_alone(fieldwork: Fieldwork) -> None:
    fieldwork.change(Return, state=ReturnState.SUBMITTED)
    send(fieldwork.app)
    assert fieldwork.mail() == []


def test_an_agency_lead_who_is_not_named_hears_nothing_of_a_confidential_audit(fieldwork: Fieldwork) -> None:
    fieldwork.change(Audit, confidential=True)
    send(fieldwork.app)
    assert [to for to, _ in fieldwork.mail()] == ["nora@example.org"]
