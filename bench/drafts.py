"""Frameworks of two sizes: a draft of 200 questions and the smallest there can be, and bringing one in."""

import statistics
import time
from dataclasses import replace
from typing import NamedTuple

from flask import Flask

from bench.load import content
from bench.reporting import Row
from qa.accounts.permissions import CurrentPerson, Grant, Role
from qa.config import ImportLimits
from qa.db import writing
from qa.frameworks.content import FrameworkContent, Question, Section
from qa.frameworks.document import to_document
from qa.frameworks.drafts.commands import new_draft
from qa.frameworks.importing import bring_in
from qa.frameworks.models import Framework
from qa.frameworks.vocabulary import EvidenceRule, QuestionRole, QuestionType
from qa.frameworks.yaml_source import dump_yaml

QUESTIONS, A_SECTION = 200, 10
SECONDS = 1.0  # what bringing one in may take


class Drafts(NamedTuple):
    """Row numbers of the two drafts; both have a section `s0` with a question `q0`."""

    large: int
    smallest: int


def framework_of(questions: int, key: str) -> FrameworkContent:
    """A framework of that many questions, ten a section, the last two of each its closing ones."""
    base = content(3)
    model = base.sections[0].questions[0]
    sections = []
    for number, start in enumerate(range(0, questions, A_SECTION)):
        last = min(start + A_SECTION, questions) - 2
        graded = (
            model._replace(key=f"q{place}", text=f"Question {place}: does the record show it?")
            for place in range(start, last)
        )
        closing = (
            model._replace(
                key=f"grade{number}",
                text="How good was this, all in all?",
                role=QuestionRole.SECTION_GRADE,
                evidence=EvidenceRule.REQUIRED,
            ),
            Question(
                f"impact{number}",
                "What difference did it make to the child?",
                QuestionType.LONG_TEXT,
                EvidenceRule.NONE,
                role=QuestionRole.IMPACT,
            ),
        )
        sections.append(Section(f"s{number}", f"Section {number}", (*graded, *closing)))
    return replace(base, key=key, name=f"Framework of {questions}", sections=tuple(sections))


def load_drafts(app: Flask) -> Drafts:
    """Add the two drafts."""
    ids = []
    with app.app_context(), writing() as session:
        for questions, key in ((QUESTIONS, "large"), (3, "smallest")):
            framework = Framework(key=key)
            session.add(framework)
            session.flush()
            ids.append(new_draft(session, None, framework, to_document(framework_of(questions, key))).id)
    return Drafts(*ids)


def import_row(app: Flask) -> Row:
    """Seconds that bringing in a file of 200 questions takes, beside the second that it may."""
    person = CurrentPerson(1, "", "", (Grant(Role.QA_LEAD),))
    taken = []
    with app.app_context():
        for number in range(5):
            key = f"imported{number}"
            raw = dump_yaml(framework_of(QUESTIONS, key)).encode()
            start = time.perf_counter()
            bring_in(person, raw, f"{key}.yaml", ImportLimits(), publish=True)
            taken.append(time.perf_counter() - start)
    return Row.of_figure("Import of 200 questions, s", statistics.median(taken), SECONDS, 1.0)
