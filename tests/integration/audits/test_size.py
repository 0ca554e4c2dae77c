"""The pages and actions of an audit send as many statements for two thousand cases as for five."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import insert

from qa.audits.lifecycle import ReturnState, Stage
from qa.audits.models import Audit, AuditPerson, Case, CaseProfileValue, Return
from qa.db import now, today, writing
from tests.integration.audits.conftest import Place
from tests.support.factories import Maker
from tests.support.pages import Browser

STATES = list(ReturnState)


def fill(app: Flask, place: Place, audit: Audit, size: int) -> None:
    """Add so many cases with a profile, a return of the police on each, and of health on every other."""
    tree = place.edition
    option = tree.ids.profile_options[("pathway", "early_help")]
    first = audit.id * 100_000
    with app.app_context(), writing() as session:
        session.execute(
            insert(Case),
            [
                {
                    "id": first + n,
                    "audit_id": audit.id,
                    "number": n,
                    "reference": f"C{n}",
                    "created_at": now(),
                }
                for n in range(1, size + 1)
            ],
        )
        session.execute(
            insert(CaseProfileValue),
            [
                {"case_id": first + n, "field_id": tree.ids.fields["pathway"], "option_id": option}
                for n in range(1, size + 1)
            ],
        )
        session.execute(
            insert(Return),
            [
                {
                    "id": (first + n) * 2 + (agency.id == place.health.id),
                    "audit_id": audit.id,
                    "case_id": first + n,
                    "agency_id": agency.id,
                    "state": STATES[n % 4],
                    "due_on": today(),
                    "auditor_id": place.ann.id if agency is place.police and n % 3 else None,
                }
                for n in range(1, size + 1)
                for agency in (place.police, place.health)
                if agency is place.police or n % 2
            ],
        )


@pytest.mark.parametrize("confidential", [False, True])
def test_statements_do_not_grow_with_the_cases(
    app: Flask, place: Place, make: Maker, browser: Callable[[str], Browser], confidential: bool
) -> None:
    lead, ann, police_lead = (browser(p.email) for p in (place.lead, place.ann, place.police_lead))
    counts: list[dict[str, int]] = []
    for size in (8, 2_000):
        audit = make.audit(place.area, place.edition, (place.police, place.health), confidential=confidential)
        for person in (place.lead, place.ann, place.hal, place.police_lead):
            make.add(AuditPerson(audit_id=audit.id, person_id=person.id))
        fill(app, place, audit, size)
        address, case = f"/audits/{audit.id}", audit.id * 100_000 + 5
        counted = {
            path: lead.get(f"{address}{path}").statements
            for path in (
                "",
                "/cases",
                "/cases?state=ready&pathway=early_help&order=reference&text=C",
                "/cases/new",
                "/cases/import",
                f"/cases/{case}",
                f"/cases/{case}/edit",
                "/allocation",
                "/allocation?state=late&auditor=nobody",
                f"/allocation/agencies/{place.police.id}",
                "/edit",
                "/stage/open-panel",
            )
        }
        counted["auditor"] = ann.get(address).statements
        counted["agency lead"] = police_lead.get(address).statements
        counted["list"] = lead.get("/audits").statements
        counted["home"] = lead.get("/").statements
        counted |= actions(lead, place, address, case)
        counts.append({path.replace(str(case), "N"): number for path, number in counted.items()})
    few, many = counts
    assert few == many
    assert max(many.values()) <= 12, many
    lists = {"/cases", "/allocation", "list", "auditor", "agency lead"}
    assert all(many[path] <= 8 for path in lists), many
    # Who is named on a confidential audit is read besides.
    assert many[""] <= 8 + confidential, many


def actions(lead: Browser, place: Place, address: str, case: int) -> dict[str, int]:
    """The statements of each action a QA lead does, the page it leads to apart."""
    police, ann, ben = (str(entry.id) for entry in (place.police, place.ann, place.ben))
    edit = lead.get(f"{address}/edit").form("title")
    case_edit = lead.get(f"{address}/cases/{case}/edit").form("reference")
    started = STATES[(case % 100_000) % 4]
    assert started is ReturnState.IN_PROGRESS
    sent: list[tuple[str, dict[str, object]]] = [
        ("/allocation", {"agencies": [police, str(place.health.id)]}),
        (f"/allocation/agencies/{police}", {"auditors": [ann], "which": "outstanding"}),
        ("/allocation/returns", {"returns": [str(case * 2)], "auditor": ann}),
        ("/allocation/returns", {"returns": [str((case + 3) * 2)], "remove": "yes"}),
        ("/cases/new", {"reference": "New-1", "profile-pathway": "early_help", "profile-referrals": "1"}),
        (f"/cases/{case}/edit", {**case_edit, "reference": "New-2", "profile-referrals": "2"}),
        ("/edit", {**edit, "title": "Another title", "confidential": "y", "named": [ann, ben]}),
        ("/stage/open-panel", {}),
    ]
    counted = {}
    for path, data in sent:
        kind = "remove" if "remove" in data else path
        page = lead.post(f"{address}{path}", data, status=302, follow=False)
        counted[f"POST {kind}".replace(str(case), "N")] = page.statements
    return counted


def test_an_audit_is_created_within_the_budget(place: Place, lead: Browser) -> None:
    form = lead.get("/audits/new").form("title")
    due = str(today().year + 1)
    data = {
        **form,
        "title": "Neglect",
        "edition": str(place.edition.id),
        "returns_due_on": ["1", "6", due],
        "confidential": "y",
        "named": [str(place.ann.id)],
    }
    page = lead.post("/audits/new?area=1", data, status=302, follow=False)
    assert page.statements <= 12
    assert Stage.PLANNING.label in lead.get("/audits").text
