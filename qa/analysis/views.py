"""The analysis of an audit: its page, and that of its scores."""

from functools import partial

from flask import Blueprint, render_template, request, url_for

from qa.accounts.access import current_person, requires
from qa.accounts.permissions import Permission, can
from qa.analysis import score_charts, voices
from qa.analysis.presenting import agency_blocks, agreed_blocks, returns_blocks, section_blocks, theme_blocks
from qa.analysis.queries import audit_figures, scores_of_audit, timescales_of_audit
from qa.analysis.timescale_charts import timescale_blocks
from qa.analysis.wording import CASE, unit_of
from qa.audits.queries import audit_facts
from qa.feedback.counting import views_of
from qa.frameworks.timeliness import timed_questions
from qa.publishing.document import Block, Heading
from qa.publishing.plain_text import slug
from qa.publishing.web import render_blocks

blueprint = Blueprint("analysis", __name__, template_folder="templates")


@blueprint.get("/audits/<int:audit_id>/analysis")
@requires(Permission.ANALYSIS_READ)
def audit(audit_id: int) -> str:
    """Returns in and out, grades by section and by agency, themes by number of cases, what people said."""
    person = current_person()
    found, tree, figures = audit_figures(person, audit_id)
    content = tree.content
    # Whoever got here is named on a confidential audit, so that need not be asked again.
    facts = audit_facts(found, named=None)
    links = []
    if can(person, Permission.FINDINGS_READ, facts):
        links = [url_for("findings.index", audit_id=audit_id, theme=row.theme_id) for row in figures.themes]
    blocks: list[Block] = [
        Heading(2, "Returns in and out"),
        *returns_blocks(figures),
        Heading(2, "Grades agreed by the panel"),
        *agreed_blocks(content, figures),
        Heading(2, "Grades by section"),
        *section_blocks(content, figures),
        Heading(2, "Grades by agency"),
        *agency_blocks(content, figures),
        Heading(2, "Themes"),
        *theme_blocks(content, figures, links),
    ]
    if unit_of(content) is CASE:
        blocks += [Heading(2, voices.HEADING), *voices.voice_blocks(*views_of(audit_id, figures.cases))]
    return render_template(
        "analysis/audit.html",
        audit=found,
        figures=figures,
        unit=unit_of(content),
        blocks=render_blocks(tuple(blocks)),
        timed=bool(timed_questions(content)),
        may_open=can(person, Permission.AUDITS_READ, facts),
        may_report=can(person, Permission.REPORTS_WRITE, facts),
    )


@blueprint.get("/audits/<int:audit_id>/analysis/scores")
@requires(Permission.ANALYSIS_READ)
def scores(audit_id: int) -> str:
    """Scores and distributions by section; with ?section=key those of its questions."""
    person, key = current_person(), request.args.get("section")
    found, tree, counted = scores_of_audit(person, audit_id, key)
    content = tree.content
    if key is None:
        section = None
        link = partial(_section_address, audit_id)
        blocks = score_charts.score_blocks(content, counted, link)
    else:
        section = content.section(key)
        chosen = next(one for one in counted.sections if one.section.key == key)
        blocks = score_charts.section_blocks(content, chosen)
    return render_template(
        "analysis/scores.html",
        audit=found,
        section=section,
        blocks=render_blocks(tuple(blocks)),
        how=slug(score_charts.HOW),
        may_open=can(person, Permission.AUDITS_READ, audit_facts(found, named=None)),
    )


def _section_address(audit_id: int, key: str) -> str:
    return url_for("analysis.scores", audit_id=audit_id, section=key)


@blueprint.get("/audits/<int:audit_id>/analysis/timescales")
@requires(Permission.ANALYSIS_READ)
def timescales(audit_id: int) -> str:
    """How long what has a timescale took, within the limit and over it, and by agency."""
    person = current_person()
    found, _, figures = timescales_of_audit(person, audit_id)
    return render_template(
        "analysis/timescales.html",
        audit=found,
        figures=figures,
        blocks=render_blocks(tuple(timescale_blocks(figures))),
        may_open=can(person, Permission.AUDITS_READ, audit_facts(found, named=None)),
    )
