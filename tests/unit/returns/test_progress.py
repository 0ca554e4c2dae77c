"""How far a return has come."""

from __future__ import annotations

import pytest

from qa.accounts.sectors import Sector
from qa.frameworks.answers import AnswerValue
from qa.frameworks.content import FrameworkContent
from qa.returns.drafts import StoredAnswer
from qa.returns.progress import SectionState, counts, progress_of

PROFILE = {"pathway": "child_protection"}
GRADE = StoredAnswer(AnswerValue(grade="good"), "Seen in the record.", 1)
FRONT_DOOR = {
    "threshold": GRADE,
    "consent": StoredAnswer(AnswerValue(option="yes"), "", 1),
    "referrer": StoredAnswer(AnswerValue(option="school"), "", 1),
    "front_door_grade": GRADE,
    "front_door_impact": StoredAnswer(AnswerValue(text="Help came."), "", 1),
}


def states(
    small: FrameworkContent,
    answers: dict[str, StoredAnswer],
    sector: Sector = Sector.HEALTH,
    profile: dict[str, str] | None = None,
    with_findings: tuple[str, ...] = (),
) -> dict[str, SectionState]:
    found = progress_of(small, sector, PROFILE if profile is None else profile, answers, with_findings)
    return {one.section.key: one.state for one in found}


def test_an_untouched_return_has_not_started(small: FrameworkContent) -> None:
    assert set(states(small, {}).values()) == {SectionState.NOT_STARTED}


@pytest.mark.parametrize(
    ("answers", "with_findings"),
    [
        ({"threshold": GRADE}, ()),
        ({"threshold": StoredAnswer(None, "Evidence before the answer.", 1)}, ()),
        ({}, ("front_door",)),
    ],
)
def test_an_answer_evidence_or_a_finding_begins_a_section(
    small: FrameworkContent, answers: dict[str, StoredAnswer], with_findings: tuple[str, ...]
) -> None:
    found = states(small, answers, with_findings=with_findings)
    assert found == {"front_door": SectionState.IN_PROGRESS, "protection": SectionState.NOT_STARTED}


def test_a_section_is_complete_when_nothing_is_missing(small: FrameworkContent) -> None:
    found = progress_of(small, Sector.HEALTH, PROFILE, FRONT_DOOR)
    assert found[0].state is SectionState.COMPLETE
    assert counts(found) == (1, 2)


def test_missing_evidence_keeps_a_section_from_being_complete(small: FrameworkContent) -> None:
    answers = FRONT_DOOR | {"front_door_grade": StoredAnswer(AnswerValue(grade="good"), " ", 1)}
    section = progress_of(small, Sector.HEALTH, PROFILE, answers)[0]
    assert section.state is SectionState.IN_PROGRESS
    assert [error.field for error in section.missing] == ["e-front_door_grade"]


def test_a_question_that_appears_is_missing_until_it_is_answered(small: FrameworkContent) -> None:
    answers = FRONT_DOOR | {"consent": StoredAnswer(AnswerValue(option="no"), "", 1)}
    section = progress_of(small, Sector.HEALTH, PROFILE, answers)[0]
    assert [error.field for error in section.missing] == ["q-consent_why"]


def test_sections_follow_the_sector_and_the_pathway(small: FrameworkContent) -> None:
    assert list(states(small, {}, Sector.POLICE)) == ["front_door"]
    assert list(states(small, {}, profile={"pathway": "early_help"})) == ["front_door"]
    assert list(states(small, {}, profile={})) == ["front_door"]
