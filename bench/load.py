"""Loads one audit of the size asked for, with its findings and actions, by bulk inserts."""

import random
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from typing import Any

from flask import Flask
from sqlalchemy import insert

from qa.accounts.models import Agency, AgencyArea, Area, Person, PersonRole
from qa.accounts.permissions import Role
from qa.accounts.sectors import Sector
from qa.audits.lifecycle import ReturnState, Stage
from qa.audits.models import Audit, AuditAgency, Case, CaseProfileValue, Return
from qa.db import now, today, writing
from qa.findings.models import FindingTheme, Theme
from qa.frameworks.commands import add_edition
from qa.frameworks.content import FrameworkContent, Grade, Option, ProfileField, Question, Scale, Section
from qa.frameworks.reading import edition_tree
from qa.frameworks.vocabulary import (
    Colour,
    EvidenceRule,
    FrameworkKind,
    Method,
    ProfileFieldType,
    QuestionRole,
    QuestionType,
)
from qa.moderation.models import Judgement
from qa.recommendations.lifecycle import ActionState
from qa.recommendations.models import Action, Recommendation
from qa.returns.models import Answer, Finding, FindingKind

QUESTIONS = 40
AGENCIES = 4
FINDINGS_A_CASE = 10
OPEN_EVERY = 10  # one return in ten is left open, so that there is something to save
CHUNK = 5_000


@dataclass(frozen=True, slots=True)
class Load:
    """What the operations need to know of the load."""

    audit_id: int
    open_return_id: int
    opened_case_id: int
    section_key: str
    question_key: str
    lead: str
    auditor: str
    agency_lead: str
    cases: int
    draft_id: int = 0
    smallest_draft_id: int = 0
    tracked_audit_id: int = 0


def content(questions: int = QUESTIONS) -> FrameworkContent:
    """A framework of one section with that many questions, all but one of them graded."""
    grades = tuple(
        Grade(key, label, score, colour, meets, f"What {label.lower()} looks like in the record.")
        for key, label, score, colour, meets in (
            ("outstanding", "Outstanding", 4, Colour.GREEN, True),
            ("good", "Good", 3, Colour.TURQUOISE, True),
            ("requires_improvement", "Requires improvement to be good", 2, Colour.ORANGE, False),
            ("inadequate", "Inadequate", 1, Colour.RED, False),
        )
    )
    graded = [
        Question(
            f"q{number:02}",
            f"Question {number}: does the record show what was done, when, by whom and to what effect?",
            QuestionType.GRADE,
            EvidenceRule.OPTIONAL,
            guidance="Look at the chronology, the plan and the last two reviews.",
            scale="ofsted",
            role=QuestionRole.SECTION_GRADE if number == questions - 1 else None,
        )
        for number in range(1, questions)
    ]
    impact = Question(
        "impact",
        "What difference did this make to the child?",
        QuestionType.LONG_TEXT,
        EvidenceRule.NONE,
        role=QuestionRole.IMPACT,
    )
    pathway = ProfileField(
        "pathway",
        "Pathway",
        ProfileFieldType.SINGLE_CHOICE,
        required=True,
        pathway=True,
        options=(Option("early_help", "Early help"), Option("child_protection", "Child protection")),
    )
    return FrameworkContent(
        "bench",
        "Bench",
        "For measuring.",
        FrameworkKind.CASE_AUDIT,
        Method.MULTI_AGENCY,
        "ofsted",
        (Scale("ofsted", "Ofsted's four grades", grades),),
        (Section("practice", "Practice", (*graded, impact)),),
        (pathway,),
    )


def load(app: Flask, cases: int, questions: int = QUESTIONS) -> Load:
    """Load one audit of that many cases into an empty, migrated database."""
    with app.app_context():
        return _Loader(cases, questions).run()


class _Loader:
    """Adds everything in one transaction, a table at a time."""

    def __init__(self, cases: int, questions: int) -> None:
        self.cases, self.questions, self.chance = cases, questions, random.Random(20260401)
        self.moment = now()

    def run(self) -> Load:
        with writing() as session:
            self.session = session
            self._people()
            edition_id = add_edition(session, None, content(self.questions), publish=True).id
        self.tree = edition_tree(edition_id)
        with writing() as session:
            self.session = session
            self._audit()
            self._cases()
            self._returns()
            self._bulk(Answer, self._answers())
            self._findings()
            self._recommendations()
        first_open = next(row for row in self.returns if row["state"] is ReturnState.IN_PROGRESS)
        return Load(
            self.audit_id,
            first_open["id"],
            1,
            "practice",
            "q01",
            "lead@example.org",
            "auditor@example.org",
            "agency@example.org",
            self.cases,
        )

    def _people(self) -> None:
        area = Area(slug="area", name="Area")
        sectors = [Sector.LOCAL_AUTHORITY, Sector.POLICE, Sector.HEALTH, Sector.EDUCATION]
        self.agencies = [
            Agency(name=f"{sector.label} agency", short_name=sector.label, sector=sector)
            for sector in sectors
        ]
        self.session.add_all([area, *self.agencies])
        self.session.flush()
        self.area_id = area.id
        self.session.add_all([AgencyArea(agency_id=agency.id, area_id=area.id) for agency in self.agencies])
        first = self.agencies[0].id
        roles = (
            ("lead@example.org", Role.QA_LEAD, area.id, None),
            ("auditor@example.org", Role.AUDITOR, None, first),
            ("agency@example.org", Role.AGENCY_LEAD, None, first),
        )
        for email, role, area_id, agency_id in roles:
            person = Person(email=email, name=email.split("@")[0].title(), created_at=self.moment)
            self.session.add(person)
            self.session.flush()
            self.session.add(PersonRole(person_id=person.id, role=role, area_id=area_id, agency_id=agency_id))
            if role is Role.AUDITOR:
                self.auditor_id = person.id

    def _audit(self) -> None:
        audit = Audit(
            reference="BENCH-1",
            title="Bench audit",
            area_id=self.area_id,
            edition_id=self.tree.id,
            stage=Stage.FIELDWORK,
            period_start=today() - timedelta(days=365),
            period_end=today(),
            returns_due_on=today() + timedelta(days=30),
            created_at=self.moment,
        )
        self.session.add(audit)
        self.session.flush()
        self.audit_id = audit.id
        self.session.add_all(
            [AuditAgency(audit_id=audit.id, agency_id=agency.id) for agency in self.agencies]
        )

    def _cases(self) -> None:
        self._bulk(
            Case,
            (
                {
                    "id": number,
                    "audit_id": self.audit_id,
                    "number": number,
                    "reference": f"C{number:05}",
                    "created_at": self.moment,
                    "panel_opened_at": self.moment,
                    "version": 1,
                }
                for number in range(1, self.cases + 1)
            ),
        )
        field = self.tree.ids.fields["pathway"]
        options = [number for (key, _), number in self.tree.ids.profile_options.items() if key == "pathway"]
        values = (
            {"case_id": number, "field_id": field, "option_id": self.chance.choice(options)}
            for number in range(1, self.cases + 1)
        )
        self._bulk(CaseProfileValue, values)
        grades = list(self.tree.ids.grades.values())
        self._bulk(
            Judgement,
            (
                {
                    "audit_id": self.audit_id,
                    "case_id": number,
                    "section_id": section,
                    "grade_id": self.chance.choice(grades),
                    "reason": "The panel weighed the agencies' evidence.",
                    "decided_at": self.moment,
                    "version": 1,
                }
                for number in range(1, self.cases + 1)
                for section in (None, self.tree.ids.sections["practice"])
            ),
        )

    def _returns(self) -> None:
        self.returns: list[dict[str, Any]] = []
        for case in range(1, self.cases + 1):
            for place, agency in enumerate(self.agencies):
                is_open = place == 0 and case % OPEN_EVERY == 0
                self.returns.append(
                    {
                        "id": len(self.returns) + 1,
                        "audit_id": self.audit_id,
                        "case_id": case,
                        "agency_id": agency.id,
                        "auditor_id": self.auditor_id if place == 0 else None,
                        "state": ReturnState.IN_PROGRESS if is_open else ReturnState.SUBMITTED,
                        "due_on": today() + timedelta(days=30),
                        "started_at": self.moment,
                        "saved_at": self.moment,
                        "submitted_at": None if is_open else self.moment,
                        "not_involved_reason": "",
                        "version": 1,
                    }
                )
        self._bulk(Return, self.returns)

    def _answers(self) -> Iterator[dict[str, Any]]:
        grades = list(self.tree.ids.grades.values())
        keys = {key: number for key, number in self.tree.ids.questions.items() if key != "impact"}
        impact = self.tree.ids.questions["impact"]
        shared = {"code": None, "updated_at": self.moment, "version": 1}
        for row in self.returns:
            for question in keys.values():
                yield {
                    **shared,
                    "return_id": row["id"],
                    "question_id": question,
                    "grade_id": self.chance.choice(grades),
                    "text": None,
                    "evidence": "Chronology, entry of the first visit; plan of the second month.",
                }
            yield {
                **shared,
                "return_id": row["id"],
                "question_id": impact,
                "grade_id": None,
                "text": "The child was safer at home and back at school by the end of the period.",
                "evidence": "",
            }

    def _findings(self) -> None:
        themes = [Theme(key=f"theme_{n}", name=f"Theme {n}", created_at=self.moment) for n in range(20)]
        self.session.add_all(themes)
        self.session.flush()
        total = self.cases * FINDINGS_A_CASE
        rows = [
            {
                "id": number + 1,
                "audit_id": self.audit_id,
                "case_id": number // FINDINGS_A_CASE + 1,
                "return_id": (number // FINDINGS_A_CASE) * AGENCIES + 2,
                "section_id": self.tree.ids.sections["practice"],
                "agency_id": self.agencies[1].id,
                "kind": FindingKind.STRENGTH if number % 2 else FindingKind.AREA_FOR_IMPROVEMENT,
                "text": f"Finding {number}: what the record shows of the visit and of what followed.",
                "released": True,
                "created_at": self.moment,
                "version": 1,
            }
            for number in range(total)
        ]
        self._bulk(Finding, rows)
        coded = (
            {"finding_id": number + 1, "theme_id": self.chance.choice(themes).id, "coded_at": self.moment}
            for number in range(total)
            if number % 5
        )
        self._bulk(FindingTheme, coded)

    def _recommendations(self) -> None:
        """Half as many recommendations as cases, three actions each: 3,000 actions for 2,000 cases."""
        states = list(ActionState)
        total = max(1, self.cases // 2)
        self._bulk(
            Recommendation,
            (
                {
                    "id": number,
                    "audit_id": self.audit_id,
                    "area_id": self.area_id,
                    "number": number,
                    "text": f"Recommendation {number}: make plans that a family can follow.",
                    "level": "operational",
                    "priority": "medium",
                    "measure_of_success": "Nine plans in ten are judged good.",
                    "state": "open",
                    "closing_note": "",
                    "created_at": self.moment,
                    "version": 1,
                }
                for number in range(1, total + 1)
            ),
        )
        self._bulk(
            Action,
            (
                {
                    "recommendation_id": number,
                    "audit_id": self.audit_id,
                    "agency_id": agency.id,
                    "text": "Revise the template and brief every team.",
                    "due_on": today() + timedelta(days=self.chance.randint(-60, 120)),
                    "state": states[(number + place) % len(states)],
                    "created_at": self.moment,
                    "version": 1,
                }
                for number in range(1, total + 1)
                for place, agency in enumerate(self.agencies[:3])
            ),
        )

    def _bulk(self, model: Any, rows: Iterable[Mapping[str, Any]]) -> None:
        iterator = iter(rows)
        while chunk := list(islice(iterator, CHUNK)):
            self.session.execute(insert(model), chunk)
