"""Makes records for tests, each committed at once. Times and grades are whatever the test says."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from types import MethodType
from typing import TYPE_CHECKING, Any

from flask import Flask, has_app_context
from sqlalchemy import func, select

from qa.accounts.models import Agency, AgencyArea, Area, Installation, Person, PersonRole
from qa.accounts.permissions import CurrentPerson, Grant, Role
from qa.accounts.sectors import Sector
from qa.audits.lifecycle import ReturnState, Stage
from qa.audits.models import Audit, AuditAgency, Case, CaseProfileValue, Return
from qa.db import db, now, today, writing
from qa.findings.models import Theme
from qa.frameworks.checking import check_text, load_themes
from qa.frameworks.commands import add_edition
from qa.frameworks.content import FrameworkContent
from qa.frameworks.document import to_document
from qa.frameworks.drafts.commands import new_draft
from qa.frameworks.editions import EditionTree
from qa.frameworks.models import Framework
from qa.frameworks.reading import edition_tree
from qa.recommendations.models import Action, Recommendation
from qa.returns.models import Answer, Finding, FindingKind

if TYPE_CHECKING:
    from tests.support.application import Database

TEMPLATES = Path(__file__).parents[2] / "audit_templates"
SMALL = Path(__file__).parent / "small_framework.yaml"
THEME_KEYS = {"voice_of_the_child", "thresholds", "timeliness_and_drift"}


class Maker:
    """Every method adds one kind of record with sensible defaults and gives back the row, detached.

    Each works in an application context of its own: one held open during a test would be shared by the
    requests the test makes, with all that Flask keeps in it.
    """

    def __init__(self, app: Flask, database: Database | None = None) -> None:
        """database: the one that the application is on, for fixtures that have their rows put back."""
        self.app, self.database = app, database
        self.numbers: dict[str, int] = {}
        self.used = False

    def __getattribute__(self, name: str) -> Any:
        found = super().__getattribute__(name)
        if name.startswith("_") or not isinstance(found, MethodType):
            return found
        self.used = True
        if has_app_context():
            return found

        def in_context(*args: Any, **values: Any) -> Any:
            with self.app.app_context():
                return found(*args, **values)

        return in_context

    def _next(self, kind: str) -> int:
        self.numbers[kind] = self.numbers.get(kind, 0) + 1
        return self.numbers[kind]

    def add(self, row: Any) -> Any:
        """Add any row and commit; it comes back whole and detached."""
        with writing() as session:
            session.add(row)
            session.flush()
            session.refresh(row)
            # The next unit of work would expire it, and a detached row cannot load itself again.
            session.expunge_all()
        return row

    def demonstration(self) -> None:
        """Mark the database as a demonstration."""
        self.add(Installation(id=1, demonstration=True))

    def area(self, name: str | None = None) -> Area:
        """An area."""
        name = name or f"Area {self._next('area')}"
        row: Area = self.add(Area(slug=name.lower().replace(" ", "-"), name=name))
        return row

    def agency(
        self, name: str | None = None, sector: Sector = Sector.HEALTH, areas: tuple[Area, ...] = ()
    ) -> Agency:
        """An agency working in the areas given."""
        name = name or f"Agency {self._next('agency')}"
        row: Agency = self.add(Agency(name=name, short_name=name[:40], sector=sector))
        for area in areas:
            self.add(AgencyArea(agency_id=row.id, area_id=area.id))
        return row

    def person(
        self,
        role: Role | None = None,
        *,
        area: Area | None = None,
        agency: Agency | None = None,
        email: str | None = None,
        name: str | None = None,
    ) -> CurrentPerson:
        """A person with at most one role, as commands take them; more roles by `grant`."""
        number = self._next("person")
        email = email or f"person{number}@example.org"
        row = self.add(Person(email=email, name=name or f"Person {number}", created_at=now()))
        person = CurrentPerson(row.id, row.name, row.email)
        return self.grant(person, role, area=area, agency=agency) if role else person

    def grant(
        self, person: CurrentPerson, role: Role, *, area: Area | None = None, agency: Agency | None = None
    ) -> CurrentPerson:
        """Give the person one more role."""
        area_id, agency_id = area.id if area else None, agency.id if agency else None
        self.add(PersonRole(person_id=person.id, role=role, area_id=area_id, agency_id=agency_id))
        grants = (*person.grants, Grant(role, area_id, agency_id))
        return CurrentPerson(person.id, person.name, person.email, grants)

    def edition(self, file: Path = SMALL, *, area: Area | None = None, **changes: Any) -> EditionTree:
        """A published edition from a framework file: a small one of every question type, unless told.

        area: the one that keeps its framework. changes: what it says otherwise than the file, such as key=.
        """
        with writing() as session:
            edition = add_edition(session, None, replace(_content(file), **changes), publish=True)
            if area is not None:
                session.get_one(Framework, edition.framework_id).area_id = area.id
            edition_id = edition.id
        return edition_tree(edition_id)

    def draft(self, key: str = "small_draft", area: Area | None = None) -> int:
        """The row number of a draft of every question type, of a framework of its own."""
        with writing() as session:
            framework = Framework(key=key, area_id=area.id if area else None)
            session.add(framework)
            session.flush()
            return new_draft(session, None, framework, {**to_document(_content(SMALL)), "key": key}).id

    def audit(
        self,
        area: Area,
        edition: EditionTree,
        agencies: tuple[Agency, ...] = (),
        *,
        stage: Stage = Stage.FIELDWORK,
        **values: Any,
    ) -> Audit:
        """An audit of the last year, its returns due in four weeks."""
        number = self._next("audit")
        defaults: dict[str, Any] = {
            "reference": f"AUD-{number}",
            "title": f"Audit {number}",
            "period_start": today() - timedelta(days=365),
            "period_end": today(),
            "returns_due_on": today() + timedelta(days=28),
        }
        row: Audit = self.add(
            Audit(
                area_id=area.id,
                edition_id=edition.id,
                stage=stage,
                created_at=now(),
                **{**defaults, **values},
            )
        )
        for agency in agencies:
            self.add(AuditAgency(audit_id=row.id, agency_id=agency.id))
        return row

    def case(self, audit: Audit, reference: str | None = None, **profile: int) -> Case:
        """A case. profile: option row id by profile field row id is set through `profile_value` instead."""
        number = (db.session.scalar(select(func.max(Case.number)).where(Case.audit_id == audit.id)) or 0) + 1
        row: Case = self.add(
            Case(
                audit_id=audit.id,
                number=number,
                reference=reference or f"C{number:03}",
                created_at=now(),
                **profile,
            )
        )
        return row

    def profile_value(self, case: Case, edition: EditionTree, field: str, value: str) -> None:
        """Set one choice or yes/no field of a case's profile by its keys."""
        option = edition.ids.profile_options.get((field, value))
        self.add(
            CaseProfileValue(
                case_id=case.id,
                field_id=edition.ids.fields[field],
                option_id=option,
                code=None if option else value,
            )
        )

    def case_return(
        self,
        case: Case,
        agency: Agency,
        auditor: CurrentPerson | None = None,
        *,
        state: ReturnState = ReturnState.NOT_STARTED,
        due_on: date | None = None,
        second: bool = False,
    ) -> Return:
        """A return of an agency on a case, allocated or not; second: by a second auditor."""
        row: Return = self.add(
            Return(
                audit_id=case.audit_id,
                case_id=case.id,
                agency_id=agency.id,
                auditor_id=auditor.id if auditor else None,
                second=second,
                state=state,
                due_on=due_on or today() + timedelta(days=28),
                submitted_at=now() if state is ReturnState.SUBMITTED else None,
            )
        )
        return row

    def answer(self, row: Return, edition: EditionTree, question: str, **values: Any) -> Answer:
        """An answer: grade="good", or code=, text=, number=, day=, option= by keys; evidence=."""
        if "grade" in values:
            scale = edition.content.question(question).scale or ""
            values["grade_id"] = edition.ids.grades[(scale, values.pop("grade"))]
        if "option" in values:
            values["option_id"] = edition.ids.options[(question, values.pop("option"))]
        made: Answer = self.add(
            Answer(return_id=row.id, question_id=edition.ids.questions[question], updated_at=now(), **values)
        )
        return made

    def finding(
        self,
        row: Return,
        edition: EditionTree,
        text: str = "Child seen alone at each visit.",
        *,
        kind: FindingKind = FindingKind.STRENGTH,
        section: str | None = None,
        released: bool = True,
    ) -> Finding:
        """A finding of a return, under its first section unless told."""
        key = section or edition.content.sections[0].key
        made: Finding = self.add(
            Finding(
                audit_id=row.audit_id,
                case_id=row.case_id,
                return_id=row.id,
                agency_id=row.agency_id,
                section_id=edition.ids.sections[key],
                kind=kind,
                text=text,
                released=released,
                created_at=now(),
            )
        )
        return made

    def theme(self, name: str | None = None) -> Theme:
        """A theme of the shared library."""
        name = name or f"Theme {self._next('theme')}"
        row: Theme = self.add(Theme(key=name.lower().replace(" ", "_"), name=name, created_at=now()))
        return row

    def recommendation(
        self, audit: Audit, text: str = "Write plans around outcomes.", **values: Any
    ) -> Recommendation:
        """An open strategic recommendation of high priority."""
        defaults: dict[str, Any] = {
            "level": "strategic",
            "priority": "high",
            "measure_of_success": "Nine plans in ten judged good.",
        }
        row: Recommendation = self.add(
            Recommendation(
                audit_id=audit.id,
                area_id=audit.area_id,
                number=self._next(f"recommendation {audit.id}"),
                text=text,
                created_at=now(),
                **{**defaults, **values},
            )
        )
        return row

    def action(
        self, recommendation: Recommendation, agency: Agency, lead: CurrentPerson | None = None, **values: Any
    ) -> Action:
        """An action due in sixty days."""
        defaults: dict[str, Any] = {
            "text": "Revise the plan template.",
            "due_on": today() + timedelta(days=60),
        }
        row: Action = self.add(
            Action(
                recommendation_id=recommendation.id,
                audit_id=recommendation.audit_id,
                agency_id=agency.id,
                lead_id=lead.id if lead else None,
                created_at=now(),
                **{**defaults, **values},
            )
        )
        return row


@cache
def _content(file: Path) -> FrameworkContent:
    """What a framework file says; read once, because reading it takes longer than most tests."""
    keys = (
        THEME_KEYS
        if file == SMALL
        else {theme.key for theme in load_themes(TEMPLATES / "themes.yaml").themes}
    )
    result = check_text(file.read_text("utf-8"), file.name, keys)
    assert result.content, result.problems
    return result.content
