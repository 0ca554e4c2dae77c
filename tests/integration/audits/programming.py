"""Programmes for tests: made straight in the database, and read back."""

from datetime import date
from typing import Any

from flask import Flask
from sqlalchemy import select

from qa.accounts.models import Area
from qa.accounts.permissions import CurrentPerson
from qa.audits.programme.models import PlannedAgency, PlannedAudit, PlannedPerson, Programme
from qa.audits.programme.planned import AuditMethod, Reason
from qa.db import db, now
from tests.support.factories import Maker

APRIL = date(2026, 4, 1)


def programme(make: Maker, area: Area | None, starts_on: date = APRIL, **values: Any) -> Programme:
    """A programme from that month on."""
    made: Programme = make.add(
        Programme(area_id=area.id if area else None, starts_on=starts_on, created_at=now(), **values)
    )
    return made


def planned(
    make: Maker,
    of: Programme,
    title: str = "Neglect",
    *,
    agencies: tuple[int, ...] = (),
    named: tuple[CurrentPerson, ...] = (),
    **values: Any,
) -> PlannedAudit:
    """A planned audit of the first quarter; confidential when people are named."""
    defaults: dict[str, Any] = {
        "reason": Reason.DATA,
        "method": AuditMethod.MULTI_AGENCY,
        "quarter": 1,
        "until": values.get("quarter", 1),
    }
    row: PlannedAudit = make.add(
        PlannedAudit(
            programme_id=of.id,
            title=title,
            created_at=now(),
            confidential=bool(named),
            **{**defaults, **values},
        )
    )
    for agency_id in agencies:
        make.add(PlannedAgency(planned_id=row.id, agency_id=agency_id))
    for person in named:
        make.add(PlannedPerson(planned_id=row.id, person_id=person.id))
    return row


def every_planned(app: Flask) -> list[PlannedAudit]:
    """Every planned audit, in the order they were made."""
    with app.app_context():
        return list(db.session.scalars(select(PlannedAudit).order_by(PlannedAudit.id)))
