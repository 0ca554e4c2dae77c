"""Writing a draft in the browser: every part of it added, changed, ordered, copied and deleted."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from qa.accounts.permissions import Role
from qa.db import db
from qa.frameworks.drafts.documents import from_text
from qa.frameworks.drafts.elements import Kind, element
from qa.frameworks.models import Draft
from tests.support.factories import Maker
from tests.support.pages import Browser

PAGES = [
    *("", "/details", "/delete", "/new-section", "/sections/front_door", "/sections/protection"),
    *("/sections/protection/settings", "/sections/front_door/new-question"),
    "/sections/front_door/paste-questions",
    *(f"/questions/{key}" for key in ("threshold", "consent", "consent_why", "decision_days", "referred_on")),
    *(f"/questions/{key}" for key in ("referrer", "consulted", "front_door_grade", "front_door_impact")),
    *("/questions/consent/section", "/questions/consent/delete", "/sections/front_door/delete"),
    *("/scales", "/scales/ofsted", "/scales/ofsted/delete", "/new-scale"),
    *("/profile", "/profile/pathway", "/profile/interpreter/delete", "/new-profile-field"),
]


class Bench:
    """A QA lead at a draft of every question type."""

    def __init__(self, app: Flask, browser: Browser, draft_id: int) -> None:
        self.app, self.browser, self.id = app, browser, draft_id
        self.at = f"/frameworks/drafts/{draft_id}"

    @property
    def document(self) -> dict[str, Any]:
        """What the draft says now."""
        with self.app.app_context():
            held = db.session.get(Draft, self.id)
            assert held
            document = from_text(held.document)
            db.session.remove()
        return document

    def part(self, kind: Kind, key: str) -> dict[str, Any]:
        """A part of the draft."""
        found = element(self.document, kind, key)
        assert found, f"no {kind} {key}"
        return dict(found.value)

    def question(self, key: str) -> dict[str, Any]:
        """A question."""
        return self.part(Kind.QUESTION, key)

    def order(self, section: str = "front_door") -> list[str]:
        """The keys of a section's questions."""
        sections = {entry["key"]: entry for entry in self.document["sections"]}
        return [question["key"] for question in sections[section]["questions"]]

    def post(self, path: str, **form: Any) -> Any:
        """Press a button."""
        return self.browser.post(self.at + path, form)

    def save(self, path: str, changes: dict[str, Any], holding: str = "version") -> Any:
        """Open a form, change some of it, save it."""
        return self.browser.submit(self.at + path, {"do": "save", **changes}, holding=holding)


@pytest.fixture
def bench(app: Flask, make: Maker, browser: Callable[[str], Browser]) -> Bench:
    """A QA lead at a draft."""
    lead = make.person(Role.QA_LEAD, area=make.area())
    return Bench(app, browser(lead.email), make.draft())


@pytest.mark.parametrize("path", PAGES)
def test_every_page_opens_and_saving_it_unchanged_changes_nothing(bench: Bench, path: str) -> None:
    before = bench.document
    page = bench.browser.get(bench.at + path)
    assert page.statements <= 12
    kinds = ("/details", "/settings", "/questions/", "/scales/", "/profile/")
    if any(kind in path for kind in kinds) and not path.endswith(("/delete", "/section")):
        bench.save(path, {})
        assert bench.document == before


def test_a_paper_tool_is_turned_into_a_published_edition(bench: Bench) -> None:
    """From nearly nothing: the details, scales, profile, sections with their closing questions, publish."""
    for key in ("front_door", "protection"):
        bench.save(f"/sections/{key}/delete", {})
    bench.post("/scales/ready-made", ready="met")
    page = bench.post("/profile/ready-made", ready=["age_band", "gender"])
    assert "Added 2 profile fields." in page.text
    page = bench.save("/new-section", {"title": "Planning", "closing": "y"}, holding="title")
    assert page.heading == "Planning"
    assert "2 questions" in page.text
    page = bench.save(
        "/sections/planning/paste-questions",
        {"lines": "1. Is the plan current?\n• Was the family asked?\n\nIs it reviewed?", "type": "grade"},
        holding="lines",
    )
    assert "3 questions are added." in page.text
    page = bench.save(
        "/sections/planning/new-question",
        {"text": "Who wrote  it?", "type": "single_choice", "options": "Social worker\nHealth visitor"},
        holding="text",
    )
    assert bench.order("planning")[:4] == [
        "is_the_plan_current",
        "was_the_family_asked",
        "is_it_reviewed",
        "who_wrote_it",
    ]
    assert bench.question("who_wrote_it")["options"] == [
        {"key": "social_worker", "label": "Social worker"},
        {"key": "health_visitor", "label": "Health visitor"},
    ]
    overview = bench.browser.get(bench.at)
    assert "Ready to publish" in overview.text
    assert "1 section, 6 questions." in overview.text
    address = f"/frameworks/editions/{bench.id}/publish"
    published = bench.browser.post(address, {"version": overview.form("version")["version"]})
    assert "published" in published.text
    bench.browser.get(bench.at, status=404)


def test_adding_another_keeps_the_type_and_the_scale(bench: Bench) -> None:
    bench.post("/scales/ready-made", ready="rag")
    page = bench.browser.submit(
        f"{bench.at}/sections/front_door/new-question",
        {"text": "Was it timely?", "type": "grade", "scale": "rag", "do": "another"},
        holding="text",
    )
    assert "Added: Was it timely?" in page.text
    form = page.form("text")
    assert (form["type"], form["scale"], form["text"]) == ("grade", "rag", "")
    assert bench.order()[-3:] == ["was_it_timely", "front_door_grade", "front_door_impact"]


def test_a_question_of_a_choice_needs_its_answers(bench: Bench) -> None:
    page = bench.save(
        "/sections/front_door/new-question", {"text": "Who?", "type": "single_choice"}, holding="text"
    )
    assert page.errors == ["Enter at least two answers, one on each line"]
    assert page.form("text")["text"] == "Who?"


def test_an_answer_keeps_its_key_when_its_words_change(bench: Bench) -> None:
    bench.save("/questions/referrer", {"options-0-label": "A school", "options-3-label": "A neighbour"})
    assert bench.question("referrer")["options"] == [
        {"key": "school", "label": "A school"},
        {"key": "police", "label": "Police"},
        {"key": "other", "label": "Somebody else"},
        {"key": "a_neighbour", "label": "A neighbour"},
    ]


def test_rows_are_added_moved_and_removed_without_a_script_and_without_saving(bench: Bench) -> None:
    before = bench.document
    page = bench.save("/questions/referrer", {"do": "add-options", "options-1-label": "Constabulary"})
    form = page.form("version")
    assert form["options-1-label"] == "Constabulary"
    assert form["options-4-label"] == ""
    page = bench.browser.post(f"{bench.at}/questions/referrer", {**form, "do": "up-options-1"})
    assert page.form("version")["options-0-label"] == "Constabulary"
    page = bench.browser.post(
        f"{bench.at}/questions/referrer", {**page.form("version"), "do": "remove-options-1"}
    )
    assert page.form("version")["options-1-label"] == "Somebody else"
    assert bench.document == before
    bench.browser.post(f"{bench.at}/questions/referrer", {**page.form("version"), "do": "save"})
    assert [option["key"] for option in bench.question("referrer")["options"]] == ["police", "other"]


def test_changing_the_type_keeps_what_was_typed_until_it_is_saved(bench: Bench) -> None:
    page = bench.save("/questions/referrer", {"type": "number", "unit": "days", "do": "show"})
    assert page.form("version")["options-0-label"] == "School"
    page = bench.browser.post(
        f"{bench.at}/questions/referrer",
        {**page.form("version"), "type": "single_choice", "do": "save"},
    )
    assert "The question is saved." in page.text
    assert "unit" not in bench.question("referrer")
    bench.save("/questions/referrer", {"type": "number", "unit": "days", "min": "0", "max": "2.5"})
    saved = bench.question("referrer")
    assert (saved["type"], saved["unit"], saved["min"], str(saved["max"])) == ("number", "days", 0, "2.5")
    assert "options" not in saved


def test_a_number_must_be_one(bench: Bench) -> None:
    page = bench.save("/questions/decision_days", {"min": "few", "max": "3"})
    assert page.field_error("min") == "Enter a number, such as 12 or 0.5"
    page = bench.save("/questions/decision_days", {"min": "9", "max": "3", "weight": "0"})
    assert page.field_error("min") == "The smallest number must not be larger than the largest"
    assert page.field_error("weight") == "Weight must be a whole number from 1 to 100"


def test_grades_are_described_for_one_question_or_left_to_the_scale(bench: Bench) -> None:
    page = bench.save("/questions/threshold", {"do": "copy-descriptors"})
    assert page.form("version")["descriptors-ofsted-good"] == "What children should get."
    bench.browser.post(f"{bench.at}/questions/threshold", {**page.form("version"), "do": "save"})
    assert "descriptors" not in bench.question("threshold")
    own = {
        f"descriptors-ofsted-{key}": f"Threshold {key}"
        for key in ("outstanding", "good", "requires_improvement", "inadequate")
    }
    bench.save("/questions/threshold", own)
    assert bench.question("threshold")["descriptors"]["good"] == "Threshold good"


def test_evidence_is_asked_for_some_answers(bench: Bench) -> None:
    page = bench.save("/questions/consent", {"evidence": "some"})
    assert page.errors == ["Tick the answers that need evidence, or choose another rule"]
    bench.save("/questions/consent", {"evidence": "some", "evidence_for-yes_no": ["no", "partly"]})
    assert bench.question("consent")["evidence_required_for"] == ["partly", "no"]
    bench.save("/questions/referrer", {"evidence": "some", "options-2-evidence": "1"})
    assert bench.question("referrer")["evidence_required_for"] == ["other"]
    bench.save("/questions/consent", {"evidence": "required"})
    assert bench.question("consent")["evidence"] == "required"
    assert "evidence_required_for" not in bench.question("consent")


def test_a_condition_is_chosen_from_what_may_be_looked_at(bench: Bench) -> None:
    page = bench.save("/questions/consulted", {"do": "add-clauses"})
    offered = [option.get("value") for option in page.all("option") if ":" in (option.get("value") or "")]
    assert offered == [
        *("profile:pathway", "profile:interpreter"),
        *("question:threshold", "question:consent", "question:referrer"),
    ] * (len(offered) // 5)
    address, form = f"{bench.at}/questions/consulted", page.form("version")
    page = bench.browser.post(address, {**form, "clauses-0-subject": "question:consent", "do": "show"})
    assert "Partly" in page.text
    page = bench.browser.post(address, {**page.form("version"), "do": "save"})
    assert page.errors == ["Choose at least one answer in condition 1"]
    form = {**page.form("version"), "clauses-0-answer": ["no", "partly"], "do": "add-clauses"}
    form = bench.browser.post(address, form).form("version")
    form |= {"clauses-1-subject": "profile:pathway", "clauses-1-how": "is_not", "combine": "any"}
    form |= {"clauses-1-answer": "early_help", "do": "save"}
    page = bench.browser.post(address, form)
    assert bench.question("consulted")["only_if"] == {
        "any": [
            {"question": "consent", "is": ["partly", "no"]},
            {"profile": "pathway", "is_not": ["early_help"]},
        ]
    }
    assert "Asked when “Was consent sought” is “Partly” or “No” or “Pathway” is not “Early help”" in page.text


def test_a_section_looks_at_earlier_sections_and_at_sectors_that_answer_it(bench: Bench) -> None:
    bench.save("/questions/referrer", {"sectors": ["police"]})
    page = bench.save("/sections/protection/settings", {"do": "show"})
    offered = {option.get("value") for option in page.all("option")}
    assert "question:consent" in offered
    assert "question:referrer" not in offered, "the police are not asked the section"
    assert "question:plan_smart" not in offered


def test_a_condition_on_what_is_gone_stays_to_be_seen(bench: Bench) -> None:
    bench.save("/questions/consent/delete", {})
    page = bench.browser.get(f"{bench.at}/questions/consent_why")
    assert "To put right:" in page.text
    assert page.form("version")["clauses-0-subject"] == "question:consent"
    page = bench.save("/questions/consent_why", {})
    assert page.errors == ["Choose something else in condition 1: that comes later, or is gone"]
    page = bench.save("/questions/consent_why", {"do": "remove-clauses-0"})
    bench.browser.post(f"{bench.at}/questions/consent_why", {**page.form("version"), "do": "save"})
    assert "only_if" not in bench.question("consent_why")


def test_questions_are_ordered_by_buttons_and_by_place(bench: Bench) -> None:
    page = bench.post("/questions/consent/move", to="up")
    assert bench.order()[:2] == ["consent", "threshold"]
    assert "The question “Was consent sought?” is now 1 of 10." in page.text
    bench.post("/questions/consent/move", to="3")
    assert bench.order()[:3] == ["threshold", "consent_why", "consent"]
    bench.post("/sections/protection/move", to="up")
    assert [section["key"] for section in bench.document["sections"]] == ["protection", "front_door"]
    bench.post("/profile/referrals/move", to="1")
    assert [field["key"] for field in bench.document["profile"]] == ["referrals", "pathway", "interpreter"]
    assert "Say where it is to go" in bench.post("/questions/consent/move", to="sideways").text


def test_a_question_moves_to_another_section_before_its_closing_questions(bench: Bench) -> None:
    page = bench.browser.post(f"{bench.at}/questions/consent/section", {})
    assert page.errors == ["Choose the section it is to go to"]
    page = bench.post("/questions/consent/section", section="protection")
    assert "The question is now in “Child protection plan”." in page.text
    assert bench.order("protection") == [
        *("plan_smart", "police_check", "consent"),
        *("protection_grade", "protection_impact"),
    ]


def test_parts_are_copied(bench: Bench) -> None:
    bench.post("/questions/consent/duplicate")
    assert bench.order()[1:3] == ["consent", "was_consent_sought_copy"]
    bench.post("/sections/protection/duplicate")
    assert [section["title"] for section in bench.document["sections"]][2] == "Child protection plan (copy)"
    bench.post("/scales/ofsted/duplicate")
    assert len(bench.document["scales"]) == 2


def test_deleting_names_what_depends_on_it(bench: Bench) -> None:
    page = bench.browser.get(f"{bench.at}/questions/consent/delete")
    assert "The question “Why was consent not sought?”" in page.text
    page = bench.browser.get(f"{bench.at}/profile/pathway/delete")
    assert "The section “Child protection plan”" in page.text
    page = bench.browser.get(f"{bench.at}/scales/ofsted/delete")
    assert "The question “Was the threshold decision right?”" in page.text
    assert "The panel grades on this scale" in page.text
    page = bench.browser.get(f"{bench.at}/sections/front_door/delete")
    assert "Its 10 questions go with it." in page.text


def test_what_was_changed_meanwhile_is_not_deleted_unseen(bench: Bench) -> None:
    form = bench.browser.get(f"{bench.at}/sections/front_door/delete").form("version")
    bench.save("/questions/consent", {"text": "Was consent asked for?"})
    page = bench.browser.post(f"{bench.at}/sections/front_door/delete", form)
    assert page.errors == ["It was changed after you opened this page. Delete it all the same?"]
    bench.browser.post(f"{bench.at}/sections/front_door/delete", page.form("version"))
    assert [section["key"] for section in bench.document["sections"]] == ["protection"]


def test_the_last_change_is_undone(bench: Bench) -> None:
    before = bench.document
    bench.save("/questions/consent/delete", {})
    page = bench.browser.get(bench.at)
    assert "Undo: Deleted the question “Was consent sought?”" in page.text
    version = page.form("version")["version"]
    page = bench.post("/undo", version=version)
    assert "Undone: Deleted the question “Was consent sought?”." in page.text
    assert bench.document == before
    page = bench.post("/undo", version=version)
    assert "Nothing was undone" in page.text
    assert "Not done" in page.text
    assert "Success" not in page.text


def test_undoing_on_a_section_leads_back_to_it(bench: Bench) -> None:
    bench.save("/questions/consent/delete", {})
    form = bench.browser.get(f"{bench.at}/sections/front_door").form("section")
    page = bench.post("/undo", **form)
    assert page.heading == "Front door and threshold"
    assert "Was consent sought?" in page.text


def test_a_draft_that_grew_too_large_says_so(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    before = bench.document
    monkeypatch.setattr("qa.frameworks.drafts.commands.LARGEST_DRAFT", 100)
    told = "A framework can hold 100 characters at most: split it into several"
    assert told in bench.post("/sections/front_door/duplicate").text
    page = bench.save("/questions/consent", {"text": "Longer words than before?"})
    assert page.errors == [told]
    assert page.form("version")["text"] == "Longer words than before?"
    assert bench.document == before


def test_nothing_is_added_under_a_made_up_address(bench: Bench) -> None:
    before = bench.document
    form = bench.browser.get(f"{bench.at}/scales/ofsted").form("version")
    bench.browser.post(f"{bench.at}/scales/No <such> key", {**form, "do": "again"}, status=404)
    assert bench.document == before


def test_a_section_ends_with_its_closing_questions(bench: Bench) -> None:
    bench.save("/questions/front_door_grade/delete", {})
    bench.post("/questions/front_door_impact/move", to="1")
    page = bench.browser.get(f"{bench.at}/sections/front_door")
    assert "Add the closing questions" in page.text
    page = bench.post("/sections/front_door/closing")
    assert "To put right" not in page.text
    grade, impact = (bench.question(key) for key in bench.order()[-2:])
    assert (grade["role"], grade["evidence"], grade["scale"]) == ("section_grade", "required", "ofsted")
    assert impact["key"] == "front_door_impact"


def test_a_scale_is_written_with_scores_by_place(bench: Bench) -> None:
    grades = {
        "grades-0-label": "Sound",
        "grades-0-colour": "green",
        "grades-0-meets": "1",
        "grades-0-descriptor": "Good enough.",
        "grades-1-label": "Weak",
        "grades-1-colour": "no such colour",
        "grades-1-descriptor": "Not good enough.",
    }
    page = bench.save("/new-scale", {"name": "Quality", **grades}, holding="grades-0-label")
    assert "The scale is added." in page.text
    assert bench.part(Kind.SCALE, "quality")["grades"] == [
        {
            "key": "sound",
            "label": "Sound",
            "score": 1,
            "colour": "green",
            "meets_standard": True,
            "descriptor": "Good enough.",
        },
        {
            "key": "weak",
            "label": "Weak",
            "score": 0,
            "colour": "red",
            "meets_standard": False,
            "descriptor": "Not good enough.",
        },
    ]


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"grades-0-label": "Good"}, "“Good” stands twice: change one of them"),
        ({"grades-0-score": "many"}, "The score of grade 1 must be a whole number from 0 to 100"),
        ({"grades-3-label": "N/A"}, "“Not applicable” is no grade: remove it here and tick the box above"),
        ({f"grades-{n}-label": "" for n in range(3)}, "A scale has from 2 to 10 grades"),
    ],
)
def test_a_scale_that_cannot_be_is_refused(bench: Bench, changes: dict[str, str], error: str) -> None:
    before = bench.document
    page = bench.save("/scales/ofsted", changes)
    assert error in page.errors
    assert bench.document == before


@pytest.mark.parametrize(
    ("grades", "colours"),
    [
        (2, ["green", "red"]),
        (3, ["green", "yellow", "red"]),
        (4, ["green", "turquoise", "orange", "red"]),
        (5, ["green", "turquoise", "yellow", "orange", "red"]),
    ],
)
def test_colours_left_out_run_from_green_to_red(bench: Bench, grades: int, colours: list[str]) -> None:
    labels = {f"grades-{number}-label": f"Grade {number}" for number in range(grades)}
    bench.save("/new-scale", {"name": "Mine", **labels}, holding="grades-0-label")
    assert [grade["colour"] for grade in bench.part(Kind.SCALE, "mine")["grades"]] == colours


def test_the_sections_grades_follow_the_panels_scale(bench: Bench) -> None:
    bench.post("/scales/ready-made", ready="rag")
    bench.save("/details", {"judgement_scale": "rag"})
    assert bench.question("front_door_grade")["scale"] == "rag"
    assert bench.question("threshold")["scale"] == "ofsted"
    assert "Ready to publish" in bench.browser.get(bench.at).text


def test_the_first_scale_is_the_panels(bench: Bench) -> None:
    bench.save("/details", {"judgement_scale": ""})
    bench.post("/scales/ready-made", ready="met")
    assert bench.document["judgement_scale"] == "met"


def test_the_summary_leads_to_each_input_that_is_wrong(bench: Bench) -> None:
    page = bench.save("/scales/ofsted", {"grades-0-score": "x", "grades-1-label": "Outstanding"})
    for message, target in (
        ("The score of grade 1 must be a whole number from 0 to 100", "grades-0-score"),
        ("“Outstanding” stands twice: change one of them", "grades-1-label"),
    ):
        assert page.links[message] == f"#{target}"
        assert any(one.get("id") == target for one in page.all("input"))


def test_a_ready_made_scale_that_is_here_is_not_offered_again(bench: Bench) -> None:
    assert "Add Red, amber, green" in bench.browser.get(f"{bench.at}/scales").text
    page = bench.post("/scales/ready-made", ready="rag")
    assert "Add Red, amber, green" not in page.text
    assert "Add Met, partly met, not met" in page.text


def test_every_ready_made_scale_and_field_passes_the_checks(bench: Bench) -> None:
    for key in ("ofsted", "rag", "met", "nought_to_three", "strength"):
        bench.post("/scales/ready-made", ready=key)
    page = bench.browser.get(f"{bench.at}/profile")
    keys = [box.get("value") for box in page.all("input") if box.get("name") == "ready"]
    bench.post("/profile/ready-made", ready=keys)
    overview = bench.browser.get(bench.at)
    assert "Ready to publish" in overview.text
    assert len(bench.document["scales"]) == 6
    assert len(bench.document["profile"]) == 3 + len(keys)
    assert sum(bool(field.get("pathway")) for field in bench.document["profile"]) == 1


def test_a_profile_field_that_identifies_is_refused_with_a_remedy(bench: Bench) -> None:
    page = bench.save("/new-profile-field", {"label": "Date of birth", "type": "number"}, holding="label")
    assert page.errors == ["A date of birth would say who the child is. Record an age band instead"], (
        "an age band serves as well"
    )
    assert page.form("label")["label"] == "Date of birth"


def test_a_profile_field_is_added(bench: Bench) -> None:
    choice = {"label": "Team", "type": "single_choice", "options-0-label": "North", "required": "y"}
    page = bench.save("/new-profile-field", choice, holding="label")
    assert page.errors == ["Enter at least two answers to choose from"]
    page = bench.save("/new-profile-field", {**choice, "options-1-label": "South"}, holding="label")
    assert bench.part(Kind.PROFILE_FIELD, "team") == {
        "key": "team",
        "label": "Team",
        "type": "single_choice",
        "required": True,
        "options": [{"key": "north", "label": "North"}, {"key": "south", "label": "South"}],
    }


def test_a_title_like_an_address_of_the_builder_does_no_harm(bench: Bench) -> None:
    for title in ("New", "Settings", "Delete"):
        page = bench.save("/new-section", {"title": title}, holding="title")
        assert page.heading == title


def test_details_are_changed(bench: Bench) -> None:
    bench.save("/details", {"name": "Better  name", "sources": "Children Act 1989\n\nWorking Together 2023"})
    assert bench.document["name"] == "Better name"
    assert bench.document["sources"] == ["Children Act 1989", "Working Together 2023"]
    page = bench.save("/details", {"name": " ", "sources": "x" * 301})
    assert page.errors == ["Enter the framework's name", "Each source must be 300 characters or fewer"]


def test_a_draft_is_deleted_once_that_is_confirmed(bench: Bench) -> None:
    page = bench.save("/delete", {})
    assert "The draft of Small framework is deleted." in page.text
    bench.browser.get(bench.at, status=404)
