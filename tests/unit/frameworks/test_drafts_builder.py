"""What the builder knows: labels that identify, closing questions, what conditions may look at."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.frameworks.checking import load_themes
from qa.frameworks.content import FrameworkContent
from qa.frameworks.document import to_document
from qa.frameworks.drafts.checks import check_draft
from qa.frameworks.drafts.closing import lacks_closing, with_closing
from qa.frameworks.drafts.editing import moved, removed
from qa.frameworks.drafts.elements import Kind, questions_of, sections_of
from qa.frameworks.drafts.ready_profile import READY_FIELDS
from qa.frameworks.drafts.ready_scales import READY_SCALES
from qa.frameworks.drafts.subjects import condition_words, every_subject, offered
from qa.frameworks.identifying import refusal


@pytest.fixture
def document(small: FrameworkContent) -> dict[str, Any]:
    """A framework with a question of every type."""
    return to_document(small)


@pytest.mark.parametrize(
    "label",
    [
        *("Name", "Child's name", "First name", "Surname", "Family name", "Initials", "Forename(s)"),
        *("Date of birth", "DOB", "D.O.B.", "Birthday", "Birth date", "NHS number", "NHS no", "Hospital ID"),
        *("Address", "Home address", "Postcode", "Post code", "Telephone", "Mobile number", "E-mail"),
        *("UPN", "Unique pupil number", "Case number", "Mosaic ID", "LiquidLogic reference", "Person ID"),
        *("National Insurance number", "Passport", "Child’s full name", "Photograph"),
    ],
)
def test_what_identifies_is_refused_with_what_to_do_instead(label: str) -> None:
    assert refusal(label).split(". ")[1]


@pytest.mark.parametrize(
    "label",
    [
        *("Number of siblings", "Team", "Team name", "Ward"),
        *(
            "Referrals this year",
            "Case type",
            "Child in need plan",
            "Months of help",
            "Placement",
        ),
        *("Number of children in the family", "Police involvement"),
        *(str(field["label"]) for field in READY_FIELDS.values()),
    ],
)
def test_what_identifies_nobody_is_taken(label: str) -> None:
    assert refusal(label) == ""


def test_ready_made_scales_and_fields_have_keys_and_words() -> None:
    for scale in READY_SCALES.values():
        scores = [grade["score"] for grade in scale["grades"]]
        assert scores == sorted(scores, reverse=True)
        assert all(grade["descriptor"] for grade in scale["grades"])


@given(gone=st.sets(st.sampled_from(["front_door_grade", "front_door_impact"])), place=st.integers(0, 12))
def test_any_section_can_be_ended_with_its_closing_questions(
    small: FrameworkContent, gone: set[str], place: int
) -> None:
    document: Any = to_document(small)
    document = moved(document, Kind.QUESTION, "front_door_grade", place)
    for key in gone:
        document = removed(document, Kind.QUESTION, key)
    closed = with_closing(document, "front_door")
    section = sections_of(closed)[0]
    assert [question.get("role") for question in questions_of(section)[-2:]] == ["section_grade", "impact"]
    assert not lacks_closing(closed, section)
    assert not check_draft(closed, load_themes().keys).problems


def test_a_self_assessment_needs_no_closing_questions(document: dict[str, Any]) -> None:
    document["kind"] = "self_assessment"
    assert not lacks_closing(document, {"key": "empty", "questions": []})


def test_a_question_looks_at_what_is_asked_before_it(document: dict[str, Any]) -> None:
    values = [subject.value for subject in offered(document, Kind.QUESTION, "consulted")]
    assert values == [
        *("profile:pathway", "profile:interpreter"),
        *("question:threshold", "question:consent", "question:referrer"),
    ]


def test_a_new_part_looks_at_everything_before_it(document: dict[str, Any]) -> None:
    in_section = {one.value for one in offered(document, Kind.QUESTION, "", "front_door")}
    assert "question:front_door_grade" in in_section
    assert "question:plan_smart" not in in_section
    of_section = {one.value for one in offered(document, Kind.SECTION, "")}
    assert {"question:front_door_grade", "question:plan_smart"} <= of_section


def test_whatever_is_offered_passes_the_checks(document: dict[str, Any]) -> None:
    """A condition made of anything on the list is no problem to anybody."""
    keys = load_themes().keys
    for section in document["sections"]:
        for question in section["questions"]:
            if question.get("role"):
                continue
            for subject in offered(document, Kind.QUESTION, question["key"]):
                about, key = subject.value.split(":")
                changed = {**question, "only_if": {about: key, "is": [subject.answers[0].key]}}
                trial = {
                    **document,
                    "sections": [
                        {
                            **entry,
                            "questions": [
                                changed if one["key"] == question["key"] else one
                                for one in entry["questions"]
                            ],
                        }
                        for entry in document["sections"]
                    ],
                }
                assert not check_draft(trial, keys).problems, (question["key"], subject.value)


def test_a_condition_in_words(document: dict[str, Any]) -> None:
    part = {
        "only_if": {
            "any": [{"question": "consent", "is_not": ["yes"]}, {"profile": "gone", "is": ["somewhere"]}]
        }
    }
    assert condition_words(part, every_subject(document)) == (
        "“Was consent sought” is not “Yes” or “gone” is “somewhere”"
    )
    assert condition_words({}, {}) == ""
