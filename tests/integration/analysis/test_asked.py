"""A grade counts only while its section is asked: answers are kept when a case turns out to be different."""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import update

from qa.accounts.models import Agency
from qa.accounts.permissions import CurrentPerson, Role
from qa.accounts.sectors import Sector
from qa.analysis.queries import audit_figures, scores_of_audit
from qa.audits.lifecycle import ReturnState, Stage
from qa.audits.models import Audit, CaseProfileValue
from qa.db import writing
from qa.frameworks.editions import EditionTree
from qa.frameworks.reading import edition_tree
from qa.returns.models import AnswerChoice
from tests.support.factories import Maker
from tests.support.pages import counting

CONDITIONS = Path(__file__).parent / "conditions_framework.yaml"


@dataclass
class Exercise:
    """An audit with the framework of conditions."""

    make: Maker
    app: Flask
    lead: CurrentPerson
    edition: EditionTree
    audit: Audit
    agencies: dict[Sector, Agency]

    def submit(
        self,
        *,
        sector: Sector = Sector.HEALTH,
        profile: dict[str, str] | None = None,
        codes: dict[str, str] | None = None,
        route: str | None = None,
        consulted: tuple[str, ...] = (),
    ) -> None:
        """A submitted return with those answers in which every section is graded, asked or not."""
        case = self.make.case(self.audit)
        for field, value in (profile or {}).items():
            self.make.profile_value(case, self.edition, field, value)
        row = self.make.case_return(case, self.agencies[sector], state=ReturnState.SUBMITTED)
        for question, code in (codes or {}).items():
            self.make.answer(row, self.edition, question, code=code)
        if route:
            self.make.answer(row, self.edition, "route", option=route)
        if consulted:
            answer = self.make.answer(row, self.edition, "consulted")
            for key in consulted:
                option = self.edition.ids.options["consulted", key]
                self.make.add(AnswerChoice(answer_id=answer.id, option_id=option))
        for section in ("referral", "escalation", "language"):
            self.make.answer(row, self.edition, f"{section}_grade", grade="good")

    def counted(self) -> dict[str, int]:
        """How many grades of each section count."""
        with self.app.app_context():
            _, tree, figures = audit_figures(self.lead, self.audit.id)
            return {section.key: figures.of_section(section.key).total() for section in tree.content.sections}

    def scored(self) -> dict[str, int]:
        """How many answers to each question that is counted count; its statements are two."""
        with self.app.app_context():
            edition_tree(self.edition.id)
            with counting() as statements:
                _, _, scores = scores_of_audit(self.lead, self.audit.id)
            assert len(statements) == 2
        return {
            one.question.key: one.score.answers for section in scores.sections for one in section.questions
        }


@pytest.fixture
def exercise(app: Flask, make: Maker) -> Exercise:
    area, edition = make.area(), make.edition(CONDITIONS)
    agencies = {sector: make.agency(sector=sector) for sector in (Sector.HEALTH, Sector.POLICE)}
    audit = make.audit(area, edition, tuple(agencies.values()), stage=Stage.PANEL)
    return Exercise(make, app, make.person(Role.QA_LEAD, area=area), edition, audit, agencies)


def test_what_depends_on_nothing_always_counts(exercise: Exercise) -> None:
    exercise.submit()
    assert exercise.counted() == {"referral": 1, "escalation": 0, "language": 0}


@pytest.mark.parametrize(
    ("disagreed", "route", "pathway", "counts"),
    [
        ("yes", "formal", "child_protection", 1),
        ("partly", "formal", "child_protection", 1),
        ("yes", "informal", "child_protection", 0),
        ("yes", None, "child_protection", 0),  # `is_not` holds of an answer, not of none
        ("yes", "formal", "early_help", 0),
        ("yes", "formal", None, 0),
        ("no", "formal", "child_protection", 0),  # the question that decides is not asked itself any more
        (None, "formal", "child_protection", 0),
    ],
)
def test_a_chain_of_conditions_is_followed_to_its_end(
    exercise: Exercise, disagreed: str | None, route: str | None, pathway: str | None, counts: int
) -> None:
    exercise.submit(
        profile={"pathway": pathway} if pathway else {},
        codes={"disagreement": disagreed} if disagreed else {},
        route=route,
    )
    assert exercise.counted()["escalation"] == counts
    assert exercise.scored() == {
        "disagreement": int(disagreed is not None),
        "referral_grade": 1,
        "escalation_grade": counts,
        "language_grade": 0,
    }


@pytest.mark.parametrize(
    ("sector", "interpreter", "consulted", "counts"),
    [
        (Sector.HEALTH, "yes", (), 1),
        (Sector.HEALTH, "no", (), 0),
        (Sector.HEALTH, "no", ("police", "education", "health"), 1),
        (Sector.HEALTH, None, ("education",), 1),
        (Sector.HEALTH, None, ("police", "health"), 0),
        (Sector.POLICE, "yes", ("education",), 0),  # not a section for the police
    ],
)
def test_yes_or_no_several_choices_and_sectors_decide(
    exercise: Exercise, sector: Sector, interpreter: str | None, consulted: tuple[str, ...], counts: int
) -> None:
    profile = {"interpreter": interpreter} if interpreter else {}
    exercise.submit(sector=sector, profile=profile, consulted=consulted)
    assert exercise.counted()["language"] == counts
    assert exercise.scored()["language_grade"] == counts


def test_every_mixture_is_counted_in_as_many_statements(exercise: Exercise) -> None:
    expected: Counter[str] = Counter()
    mixtures = itertools.product(
        ("early_help", "child_protection"),
        ("yes", "no"),
        ("informal", "formal"),
        ((), ("education", "police")),
    )
    for pathway, disagreed, route, consulted in mixtures:
        exercise.submit(
            profile={"pathway": pathway},
            codes={"disagreement": disagreed},
            route=route,
            consulted=consulted,
        )
        expected["referral"] += 1
        expected["escalation"] += (pathway, disagreed, route) == ("child_protection", "yes", "formal")
        expected["language"] += bool(consulted)
    assert exercise.counted() == expected
    scored = exercise.scored()
    assert scored.pop("disagreement") == expected["referral"]
    assert scored == {f"{section}_grade": number for section, number in expected.items()}
    with exercise.app.app_context(), counting() as statements:
        audit_figures(exercise.lead, exercise.audit.id)
    assert len(statements) == 4


def test_correcting_a_case_takes_grades_out_of_the_figures_and_back(app: Flask, exercise: Exercise) -> None:
    exercise.submit(profile={"pathway": "child_protection"}, codes={"disagreement": "yes"}, route="formal")
    assert exercise.counted()["escalation"] == 1
    _set_pathway(app, exercise, "early_help")
    assert exercise.counted()["escalation"] == 0
    _set_pathway(app, exercise, "child_protection")
    assert exercise.counted()["escalation"] == 1


def _set_pathway(app: Flask, exercise: Exercise, value: str) -> None:
    with app.app_context(), writing() as session:
        option = exercise.edition.ids.profile_options["pathway", value]
        field = exercise.edition.ids.fields["pathway"]
        session.execute(
            update(CaseProfileValue).where(CaseProfileValue.field_id == field).values(option_id=option)
        )
