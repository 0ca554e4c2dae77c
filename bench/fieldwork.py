"""An audit in the middle of its fieldwork: six agencies, a return of each on every case, some late."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from itertools import islice
from typing import Any

from flask import Flask
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from qa.accounts.models import Agency, AgencyArea, Person
from qa.accounts.sectors import Sector
from qa.audits.lifecycle import ReturnState, Stage
from qa.audits.models import Audit, AuditAgency, Case, Return
from qa.db import now, today, writing

AGENCIES = 6
CHUNK = 5_000
STATES = (
    ReturnState.SUBMITTED,
    ReturnState.IN_PROGRESS,
    ReturnState.NOT_STARTED,
    ReturnState.SUBMITTED,
    ReturnState.NOT_INVOLVED,
)


def load_fieldwork(app: Flask, beside: int, cases: int) -> int:
    """Load it beside the audit with that row number, of the same area and edition; gives its own."""
    with app.app_context(), writing() as session:
        other, moment = session.get_one(Audit, beside), now()
        audit = Audit(
            reference="BENCH-2",
            title="Bench audit in fieldwork",
            area_id=other.area_id,
            edition_id=other.edition_id,
            stage=Stage.FIELDWORK,
            period_start=other.period_start,
            period_end=other.period_end,
            returns_due_on=today(),
            created_at=moment,
        )
        session.add(audit)
        agencies = [
            Agency(name=f"Tracked {number}", short_name=f"Tracked {number}", sector=Sector.HEALTH)
            for number in range(AGENCIES)
        ]
        session.add_all(agencies)
        session.flush()
        session.add_all([AgencyArea(agency_id=agency.id, area_id=other.area_id) for agency in agencies])
        session.add_all([AuditAgency(audit_id=audit.id, agency_id=agency.id) for agency in agencies])
        auditor = session.scalars(select(Person.id).where(Person.email == "auditor@example.org")).one()
        first = 1_000_000  # beyond what the load numbers itself
        _bulk(
            session,
            Case,
            (
                {
                    "id": first + number,
                    "audit_id": audit.id,
                    "number": number,
                    "reference": f"T{number:05}",
                    "created_at": moment,
                    "version": 1,
                }
                for number in range(1, cases + 1)
            ),
        )
        _bulk(
            session,
            Return,
            (
                {
                    "id": first + number * len(agencies) + place,
                    "audit_id": audit.id,
                    "case_id": first + number,
                    "agency_id": agency.id,
                    "auditor_id": None if (number + place) % 7 == 0 else auditor,
                    "state": STATES[(number + place) % len(STATES)],
                    "due_on": today() + timedelta(days=(number * 3 + place) % 30 - 8),
                    "version": 1,
                }
                for number in range(1, cases + 1)
                for place, agency in enumerate(agencies)
            ),
        )
        return audit.id


def _bulk(session: Session, model: Any, rows: Iterable[Mapping[str, Any]]) -> None:
    iterator = iter(rows)
    while chunk := list(islice(iterator, CHUNK)):
        session.execute(insert(model), chunk)
