"""The audit put together by hand, with recommendations; and how its reports and its trail are read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from qa.db import db, now, today
from qa.recommendations.lifecycle import ActionState, RecommendationState
from qa.reports import commands
from qa.reports.models import IssuedReport, ReportDraft
from qa.trail.models import TrailEntry
from tests.integration.analysis import scene as scenes
from tests.integration.analysis.scene import COUNCIL, HEALTH, Scene
from tests.support.factories import Maker
from tests.support.kept import kept
from tests.support.pages import Browser, Page

Visit = Callable[[str], Browser]
MARKING = "OFFICIAL-SENSITIVE"


def recommend(make: Maker, scene: Scene) -> None:
    """One recommendation with an overdue action and a verified one, one closed, one without an action."""
    late = make.recommendation(scene.audit, "Send feedback to every referrer.")
    overdue = today() - timedelta(days=12)
    make.action(late, scene.agencies[HEALTH], scene.agency_lead, text="Brief the teams.", due_on=overdue)
    make.action(late, scene.agencies[COUNCIL], text="Change the letter.", state=ActionState.VERIFIED)
    make.recommendation(
        scene.audit, "Record the decision.", level="case", priority="low", state=RecommendationState.CLOSED
    )
    make.recommendation(scene.audit, "Agree one threshold document.", level="operational", priority="medium")


def write(make: Maker, scene: Scene, summary: str, method: str = "", marking: str = MARKING) -> None:
    """The words of the report."""
    make.add(
        ReportDraft(
            audit_id=scene.audit.id,
            executive_summary=summary,
            method_note=method,
            protective_marking=marking,
            updated_at=now(),
        )
    )


def issue(app: Flask, scene: Scene, *, after: int = 0) -> int:
    """Issue the report as the QA lead would; gives its number among all issued reports."""
    with app.app_context():
        return commands.issue(scene.lead, scene.audit.id, after=after)


def press_issue(visit: Browser, scene: Scene) -> Page:
    """Press the button on the report's page."""
    return visit.post(f"{scene.report}/issue", visit.get(scene.report).form("version"))


def keep(make: Maker, scene: Scene, title: str, *, number: int = 1, days_ago: int = 0) -> IssuedReport:
    """A row of the register that nobody laid out."""
    row: IssuedReport = make.add(
        IssuedReport(
            audit_id=scene.audit.id,
            area_id=scene.area.id,
            kind="thematic",
            number=number,
            title=title,
            issued_at=now() - timedelta(days=days_ago),
            size=2_048,
            sha256="0" * 64,
            content=b"%PDF-",
            page="<article><h1>Kept</h1></article>",
        )
    )
    return row


def trail(app: Flask) -> list[tuple[str, str, int | None, str]]:
    """Entries about reports in order: what happened, to what kind of record, its number, fields or parts."""
    entry = TrailEntry
    query = select(entry.event, entry.record, entry.record_id, entry.fields).order_by(entry.number)
    query = query.where(entry.record.in_(["report", "report_draft"]))
    with app.app_context():
        return [(row[0], row[1], row[2], row[3]) for row in db.session.execute(query)]


@pytest.fixture
@kept
def scene(make: Maker) -> Scene:
    """The audit, reported, with recommendations; nobody has written a summary."""
    built = scenes.build(
        make,
        terms_of_reference="Whether thresholds are applied alike.\n\nIt looks back a year.",
        key_lines_of_enquiry="Is the child seen?\nIs the plan about outcomes?",
    )
    recommend(make, built)
    return built
