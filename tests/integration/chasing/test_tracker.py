"""The tracker of returns: the grid, its filters, one return."""

from datetime import timedelta

from qa.accounts.permissions import Role
from qa.audits.lifecycle import Stage
from qa.audits.models import Audit
from qa.db import today
from tests.integration.chasing.conftest import Fieldwork


def test_the_grid_says_where_every_return_stands(fieldwork: Fieldwork) -> None:
    text = fieldwork.browser.get(fieldwork.tracker).text
    assert "East Health Trust 2 0 0 2 1" in text
    assert "Not started 3 days late Nora Nurse" in text
    assert "Not started 1 day late No auditor" in text
    assert "Not started due in 5 days Nora Nurse" in text
    assert "C002 Not allocated" in text


def test_only_cases_with_what_is_asked_for_are_shown(fieldwork: Fieldwork) -> None:
    browser, here = fieldwork.browser, fieldwork.tracker
    cases = {
        "show=late": ["C001"],
        "show=soon": ["C002"],
        "show=out": ["C001", "C002"],
        f"show=late&agency={fieldwork.school.id}": [],
        f"agency={fieldwork.police.id}": ["C001"],
    }
    for query, wanted in cases.items():
        links = browser.get(f"{here}?{query}").links
        assert [name for name in ("C001", "C002") if name in links] == wanted, query
    page = browser.get(f"{here}?show=late&agency={fieldwork.school.id}")
    assert "Nothing fits this filter." in page.text


def test_an_agency_that_takes_no_part_is_not_found(fieldwork: Fieldwork) -> None:
    fieldwork.browser.get(f"{fieldwork.tracker}?agency=999", status=404)


def test_the_audits_page_leads_to_it(fieldwork: Fieldwork) -> None:
    page = fieldwork.browser.get(f"/audits/{fieldwork.audit.id}")
    assert page.links["Tracker of returns"] == fieldwork.tracker


def test_nothing_is_chased_after_fieldwork(fieldwork: Fieldwork) -> None:
    fieldwork.change(Audit, stage=Stage.PANEL)
    page = fieldwork.browser.get(fieldwork.tracker)
    assert "It is at the stage “Panel”." in page.text
    assert not any(text.startswith(("Chase", "Extend")) for text in page.links)
    browser = fieldwork.browser
    form = {"subject": "Late", "text": "Please hurry."}
    assert "while the audit is in fieldwork" in browser.post(f"{fieldwork.tracker}/chase", form).text
    assert fieldwork.mail() == []


def test_it_belongs_to_the_audits_qa_leads(fieldwork: Fieldwork) -> None:
    other = fieldwork.make.person(Role.QA_LEAD, area=fieldwork.make.area("Redbridge"))
    fieldwork.visit(other.email).get(fieldwork.tracker, status=404)
    fieldwork.visit(fieldwork.inspector.email).get(fieldwork.tracker, status=403)


def test_one_return_is_extended_with_a_reason(fieldwork: Fieldwork) -> None:
    browser, row = fieldwork.browser, fieldwork.rows["late"]
    address = f"{fieldwork.tracker}/{row.id}"
    new = today() + timedelta(days=10)
    boxes = {"due_on": [str(new.day), str(new.month), str(new.year)]}
    page = browser.submit(f"{address}/extend", {**boxes, "reason": " "}, holding="reason")
    assert page.field_error("reason") == "Say why the date is put off"
    assert fieldwork.now("late").due_on == row.due_on
    page = browser.submit(f"{address}/extend", {**boxes, "reason": "Staff were ill."}, holding="reason")
    assert "The return has a new date." in page.text or "Staff were ill." in page.text
    assert fieldwork.now("late").due_on == new
    assert "Staff were ill." in browser.get(address).text


def test_a_return_is_not_put_back(fieldwork: Fieldwork) -> None:
    row = fieldwork.rows["later"]
    early = today() + timedelta(days=1)
    boxes = {"due_on": [str(early.day), str(early.month), str(early.year)], "reason": "Sooner."}
    page = fieldwork.browser.submit(f"{fieldwork.tracker}/{row.id}/extend", boxes, holding="reason")
    assert page.field_error("due_on") == "The new date must be later than the present one"
    assert page.form("reason")["reason"] == "Sooner."


def test_a_date_changed_meanwhile_is_not_overwritten(fieldwork: Fieldwork) -> None:
    browser, row = fieldwork.browser, fieldwork.rows["late"]
    address = f"{fieldwork.tracker}/{row.id}/extend"
    form = browser.get(address).form("reason")
    new = today() + timedelta(days=10)
    boxes = {"due_on": [str(new.day), str(new.month), str(new.year)], "reason": "Ill."}
    browser.post(address, {**form, **boxes})
    page = browser.post(address, {**form, **boxes, "reason": "Mine."}, status=409)
    assert "Mine." in page.text


def test_all_late_returns_of_an_agency_are_extended(fieldwork: Fieldwork) -> None:
    new = today() + timedelta(days=4)
    boxes = {"due_on": [str(new.day), str(new.month), str(new.year)], "reason": "Half-term."}
    address = f"{fieldwork.tracker}/extend?agency={fieldwork.health.id}"
    page = fieldwork.browser.submit(address, boxes, holding="reason")
    assert "1 return has a new date." in page.text
    assert fieldwork.now("late").due_on == new
    assert fieldwork.now("nobody").due_on == fieldwork.rows["nobody"].due_on
    assert fieldwork.now("later").due_on == fieldwork.rows["later"].due_on
