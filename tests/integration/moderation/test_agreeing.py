"""Agreeing grades: kept beside the agencies' own, with a reason, and never over somebody else's."""

from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from qa.audits.lifecycle import Stage
from qa.audits.models import Audit
from qa.db import db, writing
from qa.moderation.commands import agree_section
from qa.moderation.models import Judgement
from qa.problems import Stale
from qa.returns.models import Answer
from tests.integration.moderation.conftest import Scene, Visit, events

FRONT_DOOR = "front_door"


def originals(app: Flask) -> list[dict[str, Any]]:
    """Every answer as it stands."""
    with app.app_context():
        rows = db.session.scalars(select(Answer).order_by(Answer.id)).all()
        return [{key: value for key, value in vars(row).items() if not key.startswith("_")} for row in rows]


def judgements(app: Flask) -> list[Judgement]:
    """Every judgement, in order."""
    with app.app_context():
        return list(db.session.scalars(select(Judgement).order_by(Judgement.id)))


def agreed(scene: Scene, part: str = f"sections/{FRONT_DOOR}") -> str:
    """The address that an agreed grade is sent to."""
    return f"{scene.page}/{part}"


def test_a_grade_is_agreed_for_a_section_and_for_the_whole_case(
    app: Flask, open_case: Scene, browser: Visit
) -> None:
    before = originals(app)
    assert Decimal(3) in [row["number"] for row in before]
    lead = browser(open_case.lead.email)
    page = lead.post(
        agreed(open_case), {"grade": "good", "reason": "Health had not seen the record.", "version": "0"}
    )
    assert "Agreed grade : Front door and threshold Saved Good Health had not seen the record." in page.text
    assert "recorded by Lena Lead" in page.text
    page = lead.post(
        agreed(open_case, "overall"), {"grade": "inadequate", "reason": "Drift.", "version": "0"}
    )
    assert "Overall agreed grade : the whole case Saved Inadequate Drift." in page.text
    section, overall = judgements(app)
    assert open_case.edition.grade_keys[section.grade_id or 0][1] == "good"
    assert section.section_id == open_case.edition.ids.sections[FRONT_DOOR]
    assert overall.section_id is None
    assert (overall.decided_by_id, overall.reason) == (open_case.lead.id, "Drift.")
    assert originals(app) == before
    fields = [entry.fields for entry in events(app, "moderation.grade_agreed")]
    assert fields == ["front_door.grade,front_door.reason", "overall.grade,overall.reason"]


def test_a_section_can_be_agreed_not_to_apply(app: Flask, open_case: Scene, browser: Visit) -> None:
    data = {"grade": "not_applicable", "reason": "No referral was made.", "version": "0"}
    page = browser(open_case.lead.email).post(agreed(open_case), data)
    assert "Saved Not applicable No referral was made." in page.text
    assert judgements(app)[0].grade_id is None


def test_an_agreed_grade_can_be_changed(app: Flask, open_case: Scene, browser: Visit) -> None:
    lead = browser(open_case.lead.email)
    lead.post(agreed(open_case), {"grade": "good", "reason": "First thought.", "version": "0"})
    lead.post(agreed(open_case), {"grade": "outstanding", "reason": "First thought.", "version": "1"})
    (row,) = judgements(app)
    assert row.version == 2
    assert open_case.edition.grade_keys[row.grade_id or 0][1] == "outstanding"
    assert [entry.fields for entry in events(app, "moderation.grade_agreed")][1] == "front_door.grade"


@pytest.mark.parametrize(
    ("data", "errors"),
    [
        ({"reason": "Because."}, {"grade-front_door": "Choose the grade the panel agreed"}),
        (
            {"grade": "splendid", "reason": "Because."},
            {"grade-front_door": "Choose one of the answers on the page"},
        ),
        ({"grade": "good", "reason": "  "}, {"reason-front_door": "Write why the panel agreed this grade"}),
    ],
)
def test_a_grade_and_a_reason_are_needed_and_what_was_typed_stays(
    app: Flask, open_case: Scene, browser: Visit, data: dict[str, str], errors: dict[str, str]
) -> None:
    page = browser(open_case.lead.email).post(agreed(open_case), {**data, "version": "0"})
    for name, message in errors.items():
        assert page.field_error(name) == message
        assert message in page.errors
        assert f"#{name}" in page.links.values()
    form = page.form("grade") if "grade" in data and data["grade"] == "good" else page.form("reason")
    assert str(form["reason"]).strip() == data["reason"].strip()
    if data.get("grade") == "good":
        assert form["grade"] == "good"
    assert judgements(app) == []


def test_a_reason_that_could_identify_the_child_is_asked_about_and_kept_as_typed(
    app: Flask, open_case: Scene, browser: Visit
) -> None:
    typed = "<b>Amy</b>, NHS 943 476 5919, moved to RM1 3BD; “no” was said."
    data = {"grade": "good", "reason": typed, "version": "0"}
    page = browser(open_case.lead.email).post(agreed(open_case), data)
    assert page.field_error("reason-front_door") == (
        "“943 476 5919” looks like an NHS number, and 1 more below. Replace each, or say why it has to stay"
    )
    form = page.form("grade")
    assert (form["grade"], str(form["reason"]).strip()) == ("good", typed)
    assert judgements(app) == []
    assert events(app, "moderation.grade_agreed") == []
    overall = browser(open_case.lead.email).post(agreed(open_case, "overall"), data)
    assert "looks like an NHS number" in overall.field_error("reason-overall")


def test_an_agreed_reason_stands_for_its_section_with_what_was_kept_and_replaced(
    app: Flask, open_case: Scene, browser: Visit
) -> None:
    lead = browser(open_case.lead.email)
    typed = "NHS 943 476 5919, at RM1 3BD."
    page = lead.post(agreed(open_case), {"grade": "good", "reason": typed, "version": "0"})
    form = next(form for form in page.all("form") if (form.get("action") or "").endswith("/front_door"))
    tokens = [
        (field.get("value") or "").partition("|")[0]
        for field in form.iter()
        if field.get("name") == "asked-reason"
    ]
    data: dict[str, object] = {"grade": "good", "reason": typed, "version": "0"}
    data[f"why-{tokens[1]}"] = "The court’s own postcode"
    page = lead.post(agreed(open_case), {**data, "guard": f"replace:{tokens[0]}"})
    assert "Replaced, but not saved yet" in page.text
    assert judgements(app) == []
    after = page.form("grade")
    assert str(after["reason"]).strip() == "NHS [NHS number], at RM1 3BD."
    assert after[f"why-{tokens[1]}"] == "The court’s own postcode"
    lead.post(agreed(open_case), after)
    (row,) = judgements(app)
    assert row.reason == "NHS [NHS number], at RM1 3BD."
    again = {"grade": "good", "reason": f"{row.reason} Agreed.", "version": "1"}
    assert lead.post(agreed(open_case), again).errors == []
    again = {"grade": "good", "reason": "Also RM1 3BD", "version": "0"}
    assert len(lead.post(agreed(open_case, "overall"), again).errors) == 1


def test_a_stale_form_shows_both_versions_and_loses_neither(
    app: Flask, open_case: Scene, browser: Visit
) -> None:
    lead = browser(open_case.lead.email)
    lead.post(agreed(open_case), {"grade": "good", "reason": "Theirs, saved first.", "version": "0"})
    data = {"grade": "inadequate", "reason": "Mine, saved second.", "version": "0"}
    page = lead.post(agreed(open_case), data, status=409)
    assert "Lena Lead saved this agreed grade after you opened it" in page.text
    for words in ("Theirs, saved first.", "Mine, saved second.", "Good", "Inadequate"):
        assert words in page.text
    assert judgements(app)[0].reason == "Theirs, saved first."
    lead.post(agreed(open_case), page.form("grade"))
    assert judgements(app)[0].reason == "Mine, saved second."


def test_a_command_refuses_an_old_version(app: Flask, open_case: Scene) -> None:
    with app.app_context():
        place = (open_case.lead, open_case.audit.id, open_case.case.id, FRONT_DOOR)
        agree_section(*place, "good", "Once.", 0)
        with pytest.raises(Stale):
            agree_section(*place, "outstanding", "Twice.", 0)


def test_nothing_is_agreed_before_the_case_is_open(app: Flask, scene: Scene, browser: Visit) -> None:
    page = browser(scene.lead.email).post(
        agreed(scene), {"grade": "good", "reason": "Early.", "version": "0"}
    )
    assert page.errors == ["Open it to the panel first"]
    assert judgements(app) == []


def test_nothing_is_agreed_once_the_audit_is_reported(app: Flask, open_case: Scene, browser: Visit) -> None:
    with app.app_context(), writing() as session:
        session.get_one(Audit, open_case.audit.id).stage = Stage.REPORTED
    lead = browser(open_case.lead.email)
    page = lead.post(agreed(open_case), {"grade": "good", "reason": "Late.", "version": "0"})
    assert "Take it back there first" in page.errors[0]
    assert judgements(app) == []
    read = lead.get(open_case.page)
    assert "this page can only be read" in read.text
    assert not read.all("textarea")


def test_only_qa_leads_of_the_area_agree_grades(app: Flask, open_case: Scene, browser: Visit) -> None:
    data = {"grade": "good", "reason": "Not mine to give.", "version": "0"}
    browser(open_case.health_lead.email).post(agreed(open_case), data, status=403)
    browser(open_case.other_lead.email).post(agreed(open_case), data, status=404)
    browser(open_case.lead.email).post(agreed(open_case, "sections/nowhere"), data, status=404)
    assert judgements(app) == []


def test_saving_stays_in_the_view_it_was_made_from(open_case: Scene, browser: Visit) -> None:
    lead = browser(open_case.lead.email)
    data = {"grade": "good", "reason": "Kept.", "version": "0"}
    page = lead.post(
        f"{agreed(open_case)}?show=apart&evidence=open&audit_id=99", data, status=302, follow=False
    )
    address = page.response.headers["Location"]
    assert address == f"{open_case.page}?show=apart&evidence=open&saved=front_door#agreed-front_door"
    assert page.statements <= 12
