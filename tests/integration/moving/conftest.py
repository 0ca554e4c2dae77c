"""An audit with answers of every type on edition 1 of the small framework, and editions to move it to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from qa.accounts.models import Agency, Area
from qa.accounts.permissions import CurrentPerson, Role
from qa.accounts.sectors import Sector
from qa.audits.lifecycle import ReturnState
from qa.audits.models import Audit, Case, CaseProfileValue, Return
from qa.db import Base, db, now, writing
from qa.frameworks.commands import add_edition
from qa.frameworks.content import FrameworkContent, Grade, Option, ProfileField, Question, Scale, Section
from qa.frameworks.editions import EditionTree
from qa.frameworks.reading import edition_tree
from qa.frameworks.vocabulary import Colour, EvidenceRule, ProfileFieldType, QuestionType
from qa.moderation.models import Judgement, SetAsideJudgement
from qa.returns.models import Answer, AnswerChoice, Finding
from tests.support.factories import Maker
from tests.support.kept import kept
from tests.support.pages import Browser, Page

FIVE = Scale(
    "five",
    "Five grades",
    tuple(
        Grade(key, label, score, colour, meets, "")
        for key, label, score, colour, meets in (
            ("excellent", "Excellent", 5, Colour.GREEN, True),
            ("good", "Good", 4, Colour.TURQUOISE, True),
            ("fair", "Fair", 3, Colour.YELLOW, False),
            ("poor", "Poor", 2, Colour.ORANGE, False),
            ("failing", "Failing", 1, Colour.RED, False),
        )
    ),
)


def changed(content: FrameworkContent, change: Callable[[Question], Question | None]) -> tuple[Section, ...]:
    """The sections with every question changed, those left out where it gives None."""
    return tuple(
        section._replace(
            questions=tuple(made for one in section.questions if (made := change(one)) is not None)
        )
        for section in content.sections
    )


def next_content(content: FrameworkContent) -> FrameworkContent:
    """A second edition: questions reworded, moved, rescaled, removed and new; a section gone and one new."""

    def change(question: Question) -> Question | None:
        match question.key:
            case "threshold":
                return question._replace(text="Was the threshold applied rightly?")
            case "consent_why" | "referred_on":
                return None
            case "decision_days":
                return question._replace(unit="hours")
            case "referrer":
                return question._replace(
                    options=(
                        Option("school", "A school"),
                        Option("other", "Other"),
                        Option("parent", "Parent"),
                    )
                )
            case "consulted":
                return question._replace(options=(Option("housing", "Housing"), *question.options))
            case "reference_used":
                return question._replace(type=QuestionType.LONG_TEXT)
            case "front_door_grade":
                return question._replace(scale="five")
        return question

    referred = content.question("referred_on")
    outcome = Question(
        "outcome_grade",
        "How good was the outcome?",
        QuestionType.GRADE,
        EvidenceRule.OPTIONAL,
        scale="ofsted",
    )
    front_door = changed(content, change)[0]
    pathway, interpreter, _ = content.profile
    return replace(
        content,
        scales=(*content.scales, FIVE),
        sections=(front_door, Section("outcome", "Outcome", (referred, outcome))),
        profile=(
            pathway._replace(label="Pathway of the child"),
            interpreter,
            ProfileField("referrals", "Referrals before", ProfileFieldType.YES_NO),
            ProfileField("siblings", "Brothers and sisters", ProfileFieldType.NUMBER),
        ),
    )


@dataclass
class Scene:
    """Who and what there is. council: submitted; health: in progress, of health_auditor."""

    app: Flask
    make: Maker
    area: Area
    council: Agency
    health: Agency
    edition: EditionTree
    audit: Audit
    case: Case
    council_return: Return
    health_return: Return
    lead: CurrentPerson
    council_auditor: CurrentPerson
    health_auditor: CurrentPerson
    health_lead: CurrentPerson

    @property
    def page(self) -> str:
        """The address of the page where an edition is chosen."""
        return f"/audits/{self.audit.id}/edition"

    def to(self, edition: EditionTree) -> str:
        """The address of the page that says what moving there means."""
        return f"{self.page}/{edition.id}"

    def browser(self, person: CurrentPerson) -> Browser:
        """A browser of that person."""
        return Browser(self.app, person.email)

    def publish(self, content: FrameworkContent) -> EditionTree:
        """The next edition of the framework."""
        with self.app.app_context(), writing() as session:
            edition_id = add_edition(session, None, content, publish=True).id
        with self.app.app_context():
            return edition_tree(edition_id)

    def move(self, edition: EditionTree) -> Page:
        """Move the audit on its page; gives the page that says what was done."""
        return self.browser(self.lead).submit(self.to(edition), {}, holding="seen")

    def undo(self, done: Page, status: int = 200) -> Page:
        """Undo the move that a page is about."""
        return self.browser(self.lead).post(f"{done.response.request.path}/undo", status=status)

    def held(self) -> dict[str, list[tuple[Any, ...]]]:
        """Everything that a move may touch, as the tables hold it."""
        with self.app.app_context():
            return rows()


@pytest.fixture
@kept
def scene(app: Flask, make: Maker) -> Scene:
    """An audit in fieldwork: two agencies, one case, answers of every type from both."""
    area = make.area("Havering")
    council = make.agency("Council", Sector.LOCAL_AUTHORITY, (area,))
    health = make.agency("Health", Sector.HEALTH, (area,))
    edition = make.edition()
    audit = make.audit(area, edition, (council, health), title="Children at risk")
    case = make.case(audit, "H-101")
    make.profile_value(case, edition, "pathway", "child_protection")
    make.profile_value(case, edition, "interpreter", "yes")
    make.add(
        CaseProfileValue(case_id=case.id, field_id=edition.ids.fields["referrals"], number=Decimal("3.00"))
    )
    lead = make.person(Role.QA_LEAD, area=area, name="Lena Lead")
    council_auditor = make.person(Role.AUDITOR, agency=council, name="Colin Council")
    health_auditor = make.person(Role.AUDITOR, agency=health, name="Hana Health")
    health_lead = make.person(Role.AGENCY_LEAD, agency=health)
    council_return = make.case_return(case, council, council_auditor, state=ReturnState.SUBMITTED)
    health_return = make.case_return(case, health, health_auditor, state=ReturnState.IN_PROGRESS)
    for row in (council_return, health_return):
        answer_everything(make, row, edition)
    make.finding(council_return, edition, "Seen alone at each visit.", section="front_door")
    make.finding(council_return, edition, "The plan was clear.", section="protection")
    make.finding(health_return, edition, "Health joined the plan.", section="protection", released=False)
    return Scene(
        app, make, area, council, health, edition, audit, case, council_return, health_return, lead,
        council_auditor, health_auditor, health_lead,
    )  # fmt: skip


def answer_everything(make: Maker, row: Return, edition: EditionTree) -> None:
    """An answer to every question of edition 1, each with evidence that names it."""
    given: dict[str, dict[str, Any]] = {
        "threshold": {"grade": "good"},
        "consent": {"code": "no"},
        "consent_why": {"text": "The child was not safe."},
        "decision_days": {"number": Decimal("2.00")},
        "referred_on": {"day": date(2026, 3, 4)},
        "referrer": {"option": "school"},
        "consulted": {},
        "reference_used": {"text": "Level 3"},
        "front_door_grade": {"grade": "good", "evidence": "The record of 4 March."},
        "front_door_impact": {"text": "She was safer."},
        "plan_smart": {"code": "not_applicable"},
        "police_check": {"code": "yes"},
        "protection_grade": {"grade": "inadequate", "evidence": "No dates in the plan."},
        "protection_impact": {"text": "Little changed."},
    }
    for key, values in given.items():
        answer = make.answer(row, edition, key, **values)
        if key == "consulted":
            for option in ("health", "education"):
                make.add(
                    AnswerChoice(answer_id=answer.id, option_id=edition.ids.options["consulted", option])
                )


TABLES = (Answer, AnswerChoice, CaseProfileValue, Finding, Judgement, SetAsideJudgement)


def rows() -> dict[str, list[tuple[Any, ...]]]:
    """Everything that a move may touch, as the tables hold it."""
    held = {}
    for kind in TABLES:
        table = Base.metadata.tables[kind.__tablename__]
        held[table.name] = sorted((tuple(row) for row in db.session.execute(select(table))), key=repr)
    db.session.rollback()
    return held


def judge(make: Maker, scene: Scene, section: str | None, grade: str | None) -> Judgement:
    """A grade that the panel agreed on edition 1."""
    tree = scene.edition
    made: Judgement = make.add(
        Judgement(
            audit_id=scene.audit.id,
            case_id=scene.case.id,
            section_id=tree.ids.sections[section] if section else None,
            grade_id=tree.ids.grades[tree.judgement_scale.key, grade] if grade else None,
            reason=f"Agreed on {section or 'the whole'}.",
            decided_at=now(),
            decided_by_id=scene.lead.id,
        )
    )
    return made
