"""Two people write one draft: different parts meet no conflict, one part gets the page with both versions."""

from collections.abc import Callable

import pytest
from flask import Flask

from qa.accounts.permissions import Role
from tests.integration.frameworks.test_builder import Bench
from tests.support.factories import Maker
from tests.support.pages import Browser


@pytest.fixture
def two(app: Flask, make: Maker, browser: Callable[[str], Browser]) -> tuple[Bench, Bench]:
    """Two QA leads at one draft."""
    area, draft_id = make.area(), make.draft()
    people = [make.person(Role.QA_LEAD, name=name, area=area) for name in ("Ada", "Grace")]
    ada, grace = (Bench(app, browser(person.email), draft_id) for person in people)
    return ada, grace


def test_different_parts_are_written_side_by_side(two: tuple[Bench, Bench]) -> None:
    ada, grace = two
    form = ada.browser.get(f"{ada.at}/questions/consent").form("version")
    grace.save("/questions/referrer", {"text": "Who made the referral?"})
    grace.post("/questions/consent/move", to="1")
    page = ada.browser.post(f"{ada.at}/questions/consent", {**form, "text": "Was consent asked for?"})
    assert "The question is saved." in page.text
    assert ada.question("referrer")["text"] == "Who made the referral?"
    assert ada.question("consent")["text"] == "Was consent asked for?"


@pytest.mark.parametrize(
    ("path", "mine", "theirs", "shown"),
    [
        ("/questions/consent", {"text": "Mine?"}, {"text": "Theirs?"}, ("Mine?", "Theirs?")),
        (
            "/questions/referrer",
            {"options-0-label": "My school"},
            {"options-0-label": "Their school"},
            ("My school", "Their school"),
        ),
        (
            "/questions/consent_why",
            {"clauses-0-answer": ["partly"]},
            {"clauses-0-answer": ["yes"]},
            ("Was consent sought? is Partly", "Was consent sought? is Yes"),
        ),
        ("/sections/front_door/settings", {"title": "Mine"}, {"title": "Theirs"}, ("Mine", "Theirs")),
        (
            "/scales/ofsted",
            {"grades-0-label": "Splendid"},
            {"grades-0-label": "Superb"},
            ("Splendid: score 4", "Superb: score 4"),
        ),
        ("/profile/pathway", {"label": "Plan"}, {"label": "Route"}, ("Plan", "Route")),
        ("/details", {"summary": "Mine."}, {"summary": "Theirs."}, ("Mine.", "Theirs.")),
    ],
)
def test_the_same_part_shows_both_and_either_can_be_kept(
    two: tuple[Bench, Bench],
    path: str,
    mine: dict[str, object],
    theirs: dict[str, object],
    shown: tuple[str, str],
) -> None:
    ada, grace = two
    form = ada.browser.get(ada.at + path).form("version")
    grace.save(path, theirs)
    after_grace = ada.document
    page = ada.browser.post(ada.at + path, {**form, **mine, "do": "save"}, status=409)
    assert "Grace saved" in page.text
    assert shown[0] in page.text
    assert shown[1] in page.text
    assert ada.document == after_grace
    page = ada.browser.post(ada.at + path, page.form("version"))
    assert page.status == 200
    assert ada.document != after_grace
    ada.browser.post(ada.at + path, ada.browser.get(ada.at + path).form("version"))


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/questions/consent", "text"),
        ("/scales/ofsted", "name"),
        ("/profile/interpreter", "label"),
    ],
)
def test_words_on_a_part_that_was_deleted_meanwhile_can_be_added_again(
    two: tuple[Bench, Bench], path: str, field: str
) -> None:
    ada, grace = two
    form = ada.browser.get(ada.at + path).form("version")
    grace.save(f"{path}/delete", {})
    page = ada.browser.post(ada.at + path, {**form, field: "My words", "do": "save"})
    assert "Grace deleted this meanwhile" in page.errors[0]
    kept = page.form("version")
    assert kept[field] == "My words"
    page = ada.browser.post(ada.at + path, {**kept, "do": "again"})
    assert not page.errors
    assert str(ada.document).count("My words") == 1


def test_a_section_deleted_meanwhile_is_added_again_without_its_questions(two: tuple[Bench, Bench]) -> None:
    ada, grace = two
    path = "/sections/front_door/settings"
    form = ada.browser.get(ada.at + path).form("version")
    grace.save("/sections/front_door/delete", {})
    page = ada.browser.post(ada.at + path, {**form, "title": "My words", "do": "save"})
    page = ada.browser.post(ada.at + path, {**page.form("version"), "do": "again"})
    assert page.heading == "My words"
    assert ada.order("front_door") == []


@pytest.mark.parametrize(("page", "field"), [("new-question", "text"), ("paste-questions", "lines")])
def test_what_was_written_for_a_section_that_is_gone_goes_to_another(
    two: tuple[Bench, Bench], page: str, field: str
) -> None:
    ada, grace = two
    address = f"{ada.at}/sections/front_door/{page}"
    grace.save("/sections/front_door/delete", {})
    shown = ada.browser.post(address, {field: "What now?", "type": "date", "do": "save"})
    assert shown.errors == ["The section was deleted meanwhile: choose another one for this"]
    ada.browser.post(address, {**shown.form(field), "do": "save"})
    assert "what_now" in ada.order("protection")
    ada.browser.get(address, status=404)
