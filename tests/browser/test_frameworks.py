"""A paper tool becomes a published edition in the browser, and by a workbook; a year later it changes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from qa.accounts.models import Area
from qa.accounts.permissions import Role
from qa.accounts.sectors import Sector
from qa.audits.lifecycle import ReturnState
from qa.audits.models import Audit
from qa.db import db
from qa.frameworks.editions import EditionTree
from qa.frameworks.queries import published_edition_id
from qa.frameworks.reading import edition_tree
from qa.frameworks.vocabulary import QuestionType
from qa.returns.models import Answer
from tests.browser import framework_steps as steps
from tests.browser import paper_tool as paper
from tests.browser import workbook_steps as workbook
from tests.browser.conftest import Visitor
from tests.support.factories import Maker

KEY = "children_missing_from_home_or_care"


@pytest.fixture
def riverton(make: Maker) -> Area:
    """An area."""
    return make.area("Riverton")


@pytest.fixture
def lead(app: Flask, make: Maker, riverton: Area, visitor: Callable[..., Visitor]) -> Visitor:
    """A QA lead of Riverton."""
    make.person(Role.QA_LEAD, area=riverton, email="lead@example.org")
    return steps.signed_in(app, visitor, "lead@example.org")


def published(app: Flask, number: int) -> EditionTree:
    """The edition as rows give it back."""
    with app.app_context():
        return edition_tree(published_edition_id(KEY, number))


def is_the_paper_tool(tree: EditionTree) -> None:
    """Every word of the paper tool is in the edition, in its order, with its scales and branches."""
    content = tree.content
    assert (content.name, content.summary) == (paper.NAME, paper.SUMMARY)
    assert len(content.questions) == 60
    assert {scale.name: len(scale.grades) for scale in content.scales} == {
        scale.name: len(scale.grades) for scale in paper.SCALES
    }
    assert content.scale(content.judgement_scale).name == paper.JUDGED_ON
    assert [field.label for field in content.profile] == [label for label, _ in paper.PROFILE]
    for made, wanted in zip(content.sections, paper.SECTIONS, strict=True):
        assert made.title == wanted.title
        assert [question.text for question in made.questions[:-2]] == [q.text for q in wanted.questions]
        assert [question.role for question in made.questions[-2:]] == ["section_grade", "impact"]
        assert made.sectors == tuple(Sector.POLICE for _ in wanted.sectors)
        for question, row in zip(made.questions, wanted.questions, strict=False):
            assert question.type == row.type
            assert tuple(option.label for option in question.options) == row.options
            scale = content.scale(question.scale).name if question.scale else ""
            assert scale == row.scale
            if row.when:
                assert question.only_if
                (clause,) = question.only_if.clauses
                assert content.question(clause.key).text == row.when[0]
                assert clause.values == (row.when[1].lower(),)
            else:
                assert question.only_if is None


def test_a_paper_tool_becomes_an_edition_in_the_browser(app: Flask, lead: Visitor) -> None:
    draft = steps.start_blank(lead)
    steps.add_scales(lead, draft)
    steps.add_profile(lead, draft)
    for section in paper.SECTIONS:
        steps.add_section(lead, draft, section)
    lead.visit(draft)
    assert "6 sections, 60 questions." in lead.text
    assert "Ready to publish" in lead.text
    steps.publish(lead)
    is_the_paper_tool(published(app, 1))


def test_a_workbook_becomes_an_edition_and_a_year_later_an_open_audit_moves_to_the_next(
    app: Flask, make: Maker, riverton: Area, lead: Visitor, tmp_path: Path
) -> None:
    lead.visit("/frameworks/import")
    with lead.page.expect_download() as waiting:
        lead.page.get_by_role("link", name="Download a blank Excel workbook").click()
    waiting.value.save_as(tmp_path / "blank.xlsx")
    workbook.fill(tmp_path / "blank.xlsx", tmp_path / "missing.xlsx")
    lead.page.get_by_label("Framework file").set_input_files(tmp_path / "missing.xlsx")
    lead.tick("Publish it at once")
    lead.click("Go on")
    first = published(app, 1)
    is_the_paper_tool(first)

    audit_id, answers = audit_with_answers(make, riverton, first)
    steps.write_next_edition(lead, first.id)
    steps.compare_and_publish(lead, first.id)
    second = published(app, 2)

    lead.visit(f"/audits/{audit_id}")
    lead.click("Move to a newer edition", exact=False)
    lead.page.get_by_role("link", name=f"{paper.NAME}, edition 2").click()
    assert paper.NEXT_YEAR_RESCALED in lead.text
    lead.review()
    lead.click("Move the audit to edition 2")
    assert "From edition 1 to edition 2" in lead.heading

    with app.app_context():
        assert db.session.scalars(select(Audit.edition_id).where(Audit.id == audit_id)).one() == second.id
        rows = db.session.scalars(select(Answer).where(Answer.return_id.in_(answers))).all()
        kept = {row.question_id for row in rows if row.question_id in second.question_keys}
        left = {
            first.question_keys[row.question_id]
            for row in rows
            if row.question_id not in second.question_keys
        }
        assert len(rows) == sum(answers.values())
        assert {first.content.question(key).text for key in left} == {
            paper.NEXT_YEAR_REMOVED,
            paper.NEXT_YEAR_RESCALED,
        }
        assert len(kept) == len(first.content.questions) - 2
        db.session.remove()
    lead.click("Undo the move")
    with app.app_context():
        assert db.session.scalars(select(Audit.edition_id).where(Audit.id == audit_id)).one() == first.id
        rows = db.session.scalars(select(Answer).where(Answer.return_id.in_(answers))).all()
        assert {row.question_id for row in rows} == set(first.question_keys)


def audit_with_answers(make: Maker, area: Area, edition: EditionTree) -> tuple[int, dict[int, int]]:
    """An audit in fieldwork, a return with every question answered; and how many answers each return has."""
    police = make.agency("Riverton Police", Sector.POLICE, (area,))
    audit = make.audit(area, edition, (police,))
    row = make.case_return(make.case(audit), police, state=ReturnState.IN_PROGRESS)
    for question in edition.content.questions:
        value: dict[str, object] = {"text": "As the record says."}
        if question.type is QuestionType.GRADE:
            value = {"grade": edition.content.scale(question.scale or "").grades[0].key}
        elif question.type is QuestionType.YES_NO:
            value = {"code": "yes"}
        elif question.type is QuestionType.SINGLE_CHOICE:
            value = {"option": question.options[0].key}
        elif question.type is QuestionType.NUMBER:
            value = {"number": 3}
        make.answer(row, edition, question.key, **value)
    return audit.id, {row.id: len(edition.content.questions)}
