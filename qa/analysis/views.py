"""The analysis page of an audit."""

from flask import Blueprint, render_template, url_for

from qa.accounts.access import current_person, requires
from qa.accounts.permissions import Permission
from qa.analysis.presenting import agency_charts, agreed_chart, returns_chart, section_charts, themes_chart
from qa.analysis.queries import audit_figures
from qa.publishing.document import Block, Heading
from qa.publishing.web import render_blocks

blueprint = Blueprint("analysis", __name__, template_folder="templates")


@blueprint.get("/audits/<int:audit_id>/analysis")
@requires(Permission.ANALYSIS_READ)
def audit(audit_id: int) -> str:
    """Grades by section and by agency, themes by number of cases, returns in and out."""
    person = current_person()
    found, tree, figures = audit_figures(person, audit_id)
    links = [url_for("findings.index", audit_id=audit_id, theme=theme.theme_id) for theme in figures.themes]
    blocks: list[Block] = [
        Heading(2, "Returns in and out"),
        returns_chart(figures),
        Heading(2, "Grades agreed by the panel"),
        agreed_chart(tree.content, figures),
        Heading(2, "Grades by section"),
        *section_charts(tree.content, figures),
        Heading(2, "Grades by agency"),
        *agency_charts(tree.content, figures),
        Heading(2, "Themes"),
        themes_chart(figures, links),
    ]
    return render_template(
        "analysis/audit.html", audit=found, tree=tree, figures=figures, blocks=render_blocks(tuple(blocks))
    )
