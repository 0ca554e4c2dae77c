"""Two editions side by side, and since when a question is worded as it is."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from xml.etree.ElementTree import Element

import pytest
from flask import Flask
from sqlalchemy import update

from qa.accounts.permissions import Role
from qa.db import writing
from qa.frameworks.content import Question, Section
from qa.frameworks.editions import EditionTree
from qa.frameworks.models import Edition
from qa.frameworks.queries import wordings_of
from qa.frameworks.vocabulary import EvidenceRule, QuestionType
from tests.support.factories import Maker
from tests.support.pages import Browser, Page

NASTY = "<script>alert(1)</script>"


@pytest.fixture
def lead(make: Maker, browser: Callable[[str], Browser]) -> Browser:
    """A QA lead's browser."""
    return browser(make.person(Role.QA_LEAD, area=make.area()).email)


def changed(tree: EditionTree, *edits: Callable[[list[list[Question]]], None]) -> dict[str, Any]:
    """The sections of an edition after these edits of the lists of its questions."""
    listed = [list(section.questions) for section in tree.content.sections]
    for edit in edits:
        edit(listed)
    sections: tuple[Section, ...] = tuple(
        section._replace(questions=tuple(questions))
        for section, questions in zip(tree.content.sections, listed, strict=True)
    )
    return {"sections": sections}


def reword(key: str, text: str) -> Callable[[list[list[Question]]], None]:
    def edit(listed: list[list[Question]]) -> None:
        for questions in listed:
            questions[:] = [one._replace(text=text) if one.key == key else one for one in questions]

    return edit


def put_in(listed: list[list[Question]]) -> None:
    listed[0].insert(0, Question("fresh", NASTY, QuestionType.SHORT_TEXT, EvidenceRule.NONE))


def shown(page: Page) -> list[str]:
    """The names of the changes shown."""
    return ["".join(h3.itertext()) for h3 in page.all("h3")]


def texts(page: Page, tag: str) -> list[str]:
    def words(element: Element) -> str:
        return " ".join("".join(element.itertext()).split())

    return [words(element) for element in page.all(tag)]


def test_added_reworded_and_other_changes_stand_side_by_side_with_words_marked(
    make: Maker, lead: Browser
) -> None:
    old = make.edition()
    new = make.edition(
        summary="Now for practice.",
        **changed(old, put_in, reword("consent", "Was informed consent sought?")),
    )
    page = lead.get(f"/frameworks/editions/{old.id}/compare/{new.id}")
    assert page.heading == "Edition 1 and edition 2 compared"
    assert NASTY in page.text
    assert "Added 1 question" in page.text
    assert "Reworded 1 question" in page.text
    assert "Moved" not in page.text
    assert "the framework’s own details" in page.text
    assert "[added: informed]" in texts(page, "ins")
    assert shown(page) == [NASTY, "Was informed consent sought?", "Small framework"]
    assert page.statements <= 12
    back = lead.get(page.links["Compare the other way round"])
    assert "Removed 1 question" in back.text
    assert "[removed: informed]" in texts(back, "del")


def test_the_list_is_narrowed_to_one_kind_of_change(make: Maker, lead: Browser) -> None:
    old = make.edition()
    new = make.edition(**changed(old, put_in, reword("consent", "Did they consent?")))
    page = lead.get(f"/frameworks/editions/{old.id}/compare/{new.id}")
    page = lead.get(page.links["Reworded (1 question)"])
    assert shown(page) == ["Did they consent?"]
    page = lead.get(page.links["All changes"])
    assert len(shown(page)) == 2
    assert len(shown(lead.get(f"/frameworks/editions/{old.id}/compare/{new.id}?change=nonsense"))) == 2


def test_a_question_moved_to_another_section_says_from_where_to_where(make: Maker, lead: Browser) -> None:
    def move(listed: list[list[Question]]) -> None:
        plain = next(one for one in listed[0] if one.key != "consent" and one.only_if is None)
        listed[0].remove(plain)
        listed[1].append(plain)

    old = make.edition()
    new = make.edition(**changed(old, move))
    page = lead.get(f"/frameworks/editions/{old.id}/compare/{new.id}?change=moved")
    assert len(shown(page)) == 1
    titles = [section.title for section in old.content.sections]
    assert f"{titles[0]}, question" in page.text
    assert f"{titles[1]}, question" in page.text


def test_the_same_edition_twice_says_the_same(make: Maker, lead: Browser) -> None:
    tree = make.edition()
    again = make.edition()
    for other in (tree.id, again.id):
        page = lead.get(f"/frameworks/editions/{tree.id}/compare/{other}")
        assert "The two say the same." in page.text


def test_editions_are_chosen_on_the_frameworks_page(make: Maker, lead: Browser) -> None:
    old = make.edition()
    page = lead.get(f"/frameworks/{old.framework_id}")
    assert "Compare two editions" not in page.text
    new = make.edition(name="Newer")
    page = lead.get(f"/frameworks/{old.framework_id}")
    assert page.form("old") == {"old": str(old.id), "new": str(new.id)}
    address = f"/frameworks/{old.framework_id}/compare"
    assert lead.get(f"{address}?old={old.id}&new={new.id}").heading == "Edition 1 and edition 2 compared"
    assert lead.get(f"{address}?old={old.id}&new=77").heading == "Newer"


def test_an_unfinished_draft_is_compared_as_far_as_it_goes(make: Maker, lead: Browser) -> None:
    tree = make.edition()
    values = {"name": "Begun", "summary": "Little.", "kind": "case_audit", "method": "multi_agency"}
    page = lead.submit("/frameworks/new/blank", values)
    draft_id = int(page.response.request.path.rsplit("/", 1)[1])
    page = lead.get(f"/frameworks/editions/{tree.id}/compare/{draft_id}")
    assert f"Removed {len(tree.content.questions)} questions" in page.text
    assert page.heading == "Edition 1 of Small framework and draft of edition 1 of Begun compared"


def test_a_reworded_question_says_since_when(app: Flask, make: Maker, lead: Browser) -> None:
    first = make.edition()
    second = make.edition(**changed(first, reword("consent", "Was informed consent sought?")))
    third = make.edition(
        **changed(first, reword("consent", "Was informed consent sought?"), put_in), name="Third"
    )
    with app.app_context(), writing() as session:
        march = datetime(2026, 3, 31, 23, 30, tzinfo=UTC)
        session.execute(update(Edition).where(Edition.id == second.id).values(published_at=march))
    page = lead.get(f"/frameworks/editions/{third.id}")
    # Half past eleven at night in March is April in England by then.
    assert page.text.count("Worded this way since edition 2 (April 2026)") == 1
    assert page.text.count("New in edition 3") == 1
    assert "since edition" not in lead.get(f"/frameworks/editions/{first.id}").text
    assert page.statements <= 4
    with app.app_context():
        said = {key: one.said for key, one in wordings_of(third.framework_id, 2).items() if one.said}
    assert said == {"consent": "Worded this way since edition 2 (April 2026)"}


def test_the_kinds_of_change_count_questions_apart_from_other_parts(make: Maker, lead: Browser) -> None:
    old = make.edition()
    scales = tuple(
        one._replace(grades=tuple(grade._replace(label=f"{grade.label} now") for grade in one.grades))
        for one in old.content.scales
    )
    new = make.edition(scales=scales)
    page = lead.get(f"/frameworks/editions/{old.id}/compare/{new.id}")
    graded = sum(question.type is QuestionType.GRADE for question in old.content.questions)
    counted = f"{graded} question{'s' if graded > 1 else ''}"
    rescaled = f"{len(scales)} scale{'s' if len(scales) > 1 else ''}"
    assert f"Rescaled {counted}" in page.text
    page = lead.get(page.links[f"Rescaled ({counted}, {rescaled})"])
    assert {"Scales", "Questions"} <= {"".join(h2.itertext()) for h2 in page.all("h2")}
