"""What is measured inside one process: the analysis beside its raw SQL, the PDF beside plain pages."""

import time
from collections.abc import Callable
from functools import partial
from io import BytesIO

from flask import Flask
from pypdf import PdfReader
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.platypus import Flowable, PageBreak, Paragraph, SimpleDocTemplate
from sqlalchemy import select, text

from bench.operations import LEAD
from bench.reporting import Row
from bench.serving import Timing
from qa.accounts.models import Person, PersonRole
from qa.accounts.permissions import CurrentPerson, Grant
from qa.analysis.queries import audit_figures, scores_of_audit
from qa.db import db
from qa.publishing.pdf import render_pdf
from qa.reports.thematic import thematic_report

# What the page shows: grades by section and agency, agreed grades, returns in and out, themes by cases.
AGGREGATES = (
    """
    SELECT a.question_id, r.agency_id, a.grade_id, count(*)
    FROM answer a JOIN case_return r ON r.id = a.return_id
    WHERE r.audit_id = 1 AND r.state = 'submitted'
    AND a.question_id IN (SELECT id FROM question WHERE role = 'section_grade')
    GROUP BY a.question_id, r.agency_id, a.grade_id
    """,
    """
    SELECT j.section_id, j.grade_id, count(*) FROM judgement j JOIN case_record c ON c.id = j.case_id
    WHERE c.audit_id = 1 GROUP BY j.section_id, j.grade_id
    """,
    "SELECT agency_id, state, count(*) FROM case_return WHERE audit_id = 1 GROUP BY agency_id, state",
    """
    SELECT t.theme_id, count(DISTINCT f.case_id), count(*)
    FROM finding_theme t JOIN finding f ON f.id = t.finding_id
    WHERE f.audit_id = 1 AND f.released GROUP BY t.theme_id
    """,
)


# What the page of scores shows: every answer with a grade, or yes, partly or no, by question.
SCORES = """
    SELECT a.question_id, a.grade_id, a.code, count(*)
    FROM answer a JOIN case_return r ON r.id = a.return_id
    WHERE r.audit_id = 1 AND r.state = 'submitted'
    AND a.question_id IN (SELECT id FROM question WHERE type IN ('grade', 'yes_no'))
    GROUP BY a.question_id, a.grade_id, a.code
    """


def _lead() -> CurrentPerson:
    person = db.session.scalars(select(Person).where(Person.email == LEAD)).one()
    roles = db.session.scalars(select(PersonRole).where(PersonRole.person_id == person.id))
    grants = tuple(Grant(role.role, role.area_id, role.agency_id) for role in roles)
    return CurrentPerson(person.id, person.name, person.email, grants)


def _median(act: Callable[[], object], times: int = 9) -> float:
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        act()
        db.session.rollback()
        taken.append(time.perf_counter() - start)
    return sorted(taken)[len(taken) // 2]


def analysis_rows(large: Flask) -> list[Row]:
    """All figures of the analysis page, and all scores, beside the raw SQL of the same aggregates."""
    rows = []
    for name, counted, aggregates in (
        ("Analysis, all figures", audit_figures, AGGREGATES),
        ("Analysis, scores", scores_of_audit, (SCORES,)),
    ):
        with large.app_context():
            ours = _median(partial(counted, _lead(), 1))
            raw = _median(partial(_raw, aggregates))
        rows.append(Row(name, Timing(ours, ours, 0), None, Timing(raw, raw, 0), 2.0))
    return rows


def _raw(aggregates: tuple[str, ...]) -> None:
    for aggregate in aggregates:
        db.session.execute(text(aggregate)).all()


def pdf_row(app: Flask) -> Row:
    """Seconds a page of the thematic report beside ReportLab laying out as many plain pages."""
    with app.app_context():
        document = thematic_report(_lead(), 1).document
        db.session.rollback()
        pdf = render_pdf(document)
        pages = len(PdfReader(BytesIO(pdf)).pages)
        taken = _median(lambda: render_pdf(document), 5)
        words = sum(len(page.extract_text()) for page in PdfReader(BytesIO(pdf)).pages) // pages
        plain = _median(lambda: _plain(pages, words), 5)
    return Row.of_figure(f"PDF, ms a page ({pages} pages)", taken / pages * 1000, plain / pages * 1000, 1.5)


def _plain(pages: int, letters: int) -> None:
    style = getSampleStyleSheet()["BodyText"]
    sentence = "The record shows what was done for the child and why. "
    block = sentence * max(1, letters // 4 // len(sentence))
    story: list[Flowable] = []
    for _ in range(pages):
        story += [*(Paragraph(block, style) for _ in range(4)), PageBreak()]
    SimpleDocTemplate(BytesIO()).build(story)
