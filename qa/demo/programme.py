"""The programmes: last year's and this year's of one area, and that of all areas together."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from qa.accounts.models import AgencyArea
from qa.audits.models import Audit
from qa.audits.programme.models import PlannedAgency, PlannedAudit, Programme
from qa.audits.programme.planned import AuditDates, AuditMethod, PlanState, Reason
from qa.audits.programme.year import ProgrammeYear, year_around
from qa.demo import words
from qa.demo.scene import Scene, at

DAYS_BEFORE = 40  # a programme is agreed in the month before it begins


def add(scene: Scene, audits: Sequence[Audit]) -> None:
    """Write the programmes. audits: those of the demonstration, which some of what is planned became."""
    earlier: dict[str, int] = {}
    for written in words.programmes():
        area = scene.partnership.areas[written["area"]] if written["area"] else None
        year = _year(scene.today, written["year"])
        programme = Programme(
            area_id=area.id if area else None,
            starts_on=year.starts_on,
            note=written["note"].strip(),
            created_at=at(year.starts_on - timedelta(days=DAYS_BEFORE), 11),
        )
        scene.session.add(programme)
        scene.session.flush()
        for entry in written["audits"]:
            _add_planned(scene, programme, year, entry, audits, earlier)


def _year(today: date, number: int) -> ProgrammeYear:
    """The year of today, counted from April; number: how many years after it."""
    year = year_around(today)
    return ProgrammeYear(year.starts_on.replace(year=year.starts_on.year + number))


def _add_planned(
    scene: Scene,
    programme: Programme,
    year: ProgrammeYear,
    entry: dict[str, Any],
    audits: Sequence[Audit],
    earlier: dict[str, int],
) -> None:
    audit = next(
        (each for each in audits if entry.get("audit") and each.title.startswith(entry["audit"])), None
    )
    first, last = (
        _quarters(year, audit) if audit else (entry["quarter"], entry.get("until", entry["quarter"]))
    )
    row = PlannedAudit(
        programme_id=programme.id,
        title=entry["title"],
        theme=entry["theme"],
        reason=Reason(entry["reason"]),
        reason_words=entry.get("reason_words", ""),
        method=AuditMethod(entry["method"]),
        quarter=first,
        until=last,
        framework_id=_framework(scene, entry),
        lead_id=_lead(scene, programme, audit),
        state=PlanState(entry.get("state", PlanState.PLANNED)),
        state_reason=entry.get("state_reason", ""),
        carried_from_id=earlier.get(entry["from"]) if "from" in entry else None,
        created_at=programme.created_at,
    )
    scene.session.add(row)
    scene.session.flush()
    earlier.setdefault(row.title, row.id)
    if audit:
        audit.planned_id = row.id
    scene.session.add_all(
        PlannedAgency(planned_id=row.id, agency_id=number) for number in _agencies(scene, programme, entry)
    )


def _quarters(year: ProgrammeYear, audit: Audit) -> tuple[int, int]:
    dates = AuditDates(audit.fieldwork_opens_on, audit.returns_due_on, audit.panel_on, audit.report_due_on)
    return year.quarter_of(dates.begins), year.quarter_of(dates.ends)


def _framework(scene: Scene, entry: dict[str, Any]) -> int | None:
    return scene.partnership.editions[entry["framework"]].framework_id if "framework" in entry else None


def _lead(scene: Scene, programme: Programme, audit: Audit | None) -> int | None:
    if audit:
        return audit.lead_id
    slug = next((slug for slug, area in scene.partnership.areas.items() if area.id == programme.area_id), "")
    return scene.partnership.qa_leads[slug].id if slug else None


def _agencies(scene: Scene, programme: Programme, entry: dict[str, Any]) -> list[int]:
    if "agencies" in entry:
        return [scene.partnership.agencies[key].id for key in entry["agencies"]]
    query = select(AgencyArea.agency_id).distinct().order_by(AgencyArea.agency_id)
    if programme.area_id is not None:
        query = query.where(AgencyArea.area_id == programme.area_id)
    return list(scene.session.scalars(query))
