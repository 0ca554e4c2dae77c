"""Reports: the thematic report as a page and a PDF, its words, and the register of issued ones."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from qa.accounts.access import current_person, requires
from qa.accounts.permissions import Permission
from qa.audits.queries import get_audit
from qa.problems import Refused, Stale
from qa.publishing.pdf import render_pdf
from qa.publishing.web import render_html
from qa.reports import commands, queries
from qa.reports.forms import DraftForm, IssueForm
from qa.reports.thematic import thematic_report
from qa.trail.recording import record_reading
from qa.web.errors import conflict_page
from qa.web.paging import page_number

blueprint = Blueprint("reports", __name__, template_folder="templates")


@blueprint.get("/reports")
@requires(Permission.REPORTS_READ)
def index() -> str:
    """Issued reports within reach, newest first."""
    text = request.args.get("text", "").strip()[:100]
    page = queries.issued_reports(current_person(), page_number(), text=text)
    return render_template("reports/index.html", page=page, text=text)


@blueprint.get("/audits/<int:audit_id>/report")
@requires(Permission.REPORTS_WRITE)
def thematic(audit_id: int) -> str:
    """The thematic report of an audit as it stands, as a web page."""
    person = current_person()
    report = thematic_report(person, audit_id)
    issued = queries.reports_of(audit_id)
    record_reading(person.id, "report", audit_id, area_id=report.audit.area_id, part="thematic draft")
    return render_template(
        "reports/thematic.html",
        audit=report.audit,
        report=render_html(report.document),
        issued=issued,
        issue_form=IssueForm(),
    )


@blueprint.get("/audits/<int:audit_id>/report.pdf")
@requires(Permission.REPORTS_WRITE)
def thematic_pdf(audit_id: int) -> Response:
    """The same as a PDF."""
    person = current_person()
    report = thematic_report(person, audit_id)
    record_reading(person.id, "report", audit_id, area_id=report.audit.area_id, part="thematic draft pdf")
    return _pdf(render_pdf(report.document), f"{report.audit.reference}-thematic-report-draft.pdf")


@blueprint.route("/audits/<int:audit_id>/report/edit", methods=["GET", "POST"])
@requires(Permission.REPORTS_WRITE)
def edit(audit_id: int) -> str | Response:
    """Write the executive summary, the method note and the marking."""
    person = current_person()
    audit = get_audit(person, audit_id, Permission.REPORTS_WRITE)
    draft = queries.draft_of(audit_id)
    form = DraftForm(obj=draft) if draft else DraftForm(data={"protective_marking": "OFFICIAL-SENSITIVE"})
    if form.validate_on_submit():
        words = {name: form[name].data or "" for name in commands.WORDS}
        try:
            commands.write_draft(person, audit_id, form.version_number, words)
        except Stale as stale:
            return conflict_page(form, stale, url_for("reports.edit", audit_id=audit_id), "this report")
        flash("The report’s words are saved.")
        return redirect(url_for("reports.thematic", audit_id=audit_id))
    return render_template("reports/edit.html", audit=audit, form=form)


@blueprint.post("/audits/<int:audit_id>/report/issue")
@requires(Permission.REPORTS_WRITE)
def issue(audit_id: int) -> Response:
    """Issue the report as it stands."""
    try:
        report_id = commands.issue(current_person(), audit_id)
    except Refused as refusal:
        flash(str(refusal))
        return redirect(url_for("reports.thematic", audit_id=audit_id))
    flash("The report is issued. It will not change any more.")
    return redirect(url_for("reports.issued_page", report_id=report_id))


@blueprint.get("/reports/<int:report_id>")
@requires(Permission.REPORTS_READ)
def issued_page(report_id: int) -> str:
    """An issued report as a web page, as it was issued."""
    person = current_person()
    report = queries.issued_report(person, report_id, part="page")
    record_reading(person.id, "report", report.id, area_id=report.area_id, part="page")
    # Written by render_html at issue, which escapes every text.
    return render_template("reports/issued.html", report=report, page=Markup(report.page))  # noqa: S704


@blueprint.get("/reports/<int:report_id>/file")
@requires(Permission.REPORTS_READ)
def issued(report_id: int) -> Response:
    """An issued report's PDF, as it was issued."""
    person = current_person()
    report = queries.issued_report(person, report_id, part="content")
    record_reading(person.id, "report", report.id, area_id=report.area_id, part="pdf")
    return _pdf(report.content, f"{report.audit.reference}-{report.kind}-report-{report.number}.pdf")


def _pdf(content: bytes, name: str) -> Response:
    safe = "".join(letter for letter in name if letter.isalnum() or letter in "-_.")
    return Response(
        content,
        mimetype="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{safe}"'},
    )
