"""A framework with one section of forty questions, for measuring."""

from dataclasses import replace

from flask import Flask

from qa.db import writing
from qa.frameworks.commands import add_edition
from qa.frameworks.content import FrameworkContent, Question
from qa.frameworks.editions import EditionTree
from qa.frameworks.reading import edition_tree
from qa.frameworks.vocabulary import EvidenceRule, QuestionType


def forty_questions(app: Flask, small: FrameworkContent) -> EditionTree:
    """An edition: 30 grades with evidence, 4 yes or no, 3 dates and 3 long texts in its first section."""
    kinds = [QuestionType.GRADE] * 30 + [QuestionType.YES_NO] * 4
    kinds += [QuestionType.DATE] * 3 + [QuestionType.LONG_TEXT] * 3
    questions = tuple(
        Question(
            f"question_{number}",
            f"Is practice number {number} as it should be for this child and family?",
            kind,
            kind.default_evidence,
            guidance="Look at the record of visits and the plan.",
            scale="ofsted" if kind is QuestionType.GRADE else None,
        )
        for number, kind in enumerate(kinds, start=1)
    )
    assert {question.evidence for question in questions} == {EvidenceRule.OPTIONAL, EvidenceRule.NONE}
    section = small.sections[0]._replace(questions=questions)
    content = replace(small, key="forty_questions", sections=(section,))
    with app.app_context():
        with writing() as session:
            edition_id = add_edition(session, None, content, publish=True).id
        return edition_tree(edition_id)
