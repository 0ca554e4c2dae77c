"""Reports: the thematic report as a page and a PDF, its words, and the register of issued ones."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from qa.accounts.access import current_person, requires
from qa.accounts.permissions import Permission
from qa.audits.queries import get_audit
from qa.identifiers.asking import choices_in
from qa.problems import Refused, Stale
from qa.publishing.pdf import render_pdf
from qa.publishing.web import render_html
from qa.reports import commands, queries
from qa.reports.forms import IssueForm, WordsForm
from qa.reports.records import ISSUABLE, KIND
from qa.reports.thematic import ThematicReport, thematic_report
from qa.trail.recording import record_reading
from qa.web.errors import conflict_page
from qa.web.paging import page_number

blueprint = Blueprint("reports", __name__, template_folder="templates")
TITLE_LIMIT = 100


@blueprint.get("/reports")
@requires(Permission.REPORTS_READ)
def index() -> str:
    """Issued reports within reach, newest first."""
    text = " ".join(request.args.get("text", "").replace("\x00", "").split())[:TITLE_LIMIT]
    page = queries.issued_reports(current_person(), page_number(), text=text)
    return render_template("reports/index.html", page=page, text=text)


@blueprint.get("/audits/<int:audit_id>/report")
@requires(Permission.REPORTS_WRITE)
def thematic(audit_id: int) -> str:
    """The thematic report of an audit as it stands, as a web page."""
    return _thematic_page(audit_id)


def _thematic_page(audit_id: int, refusal: Refused | None = None) -> str:
    report = thematic_report(current_person(), audit_id)
    _note_draft(report, "thematic")
    form = IssueForm(formdata=None, data={"version": report.desk.last})
    if refusal:
        form.refuse(refusal)
    return render_template(
        "reports/thematic.html",
        audit_id=audit_id,
        title=report.document.title,
        stage=report.stage.value,
        report=render_html(report.document),
        issued=report.desk.issued,
        may_issue=report.stage in ISSUABLE,
        form=form,
    )


@blueprint.get("/audits/<int:audit_id>/report.pdf")
@requires(Permission.REPORTS_WRITE)
def thematic_pdf(audit_id: int) -> Response:
    """The same as a PDF."""
    report = thematic_report(current_person(), audit_id)
    _note_draft(report, "thematic pdf")
    return pdf_file(render_pdf(report.document), f"{report.document.reference}-{KIND}-report-draft.pdf")


@blueprint.route("/audits/<int:audit_id>/report/edit", methods=["GET", "POST"])
@requires(Permission.REPORTS_WRITE)
def edit(audit_id: int) -> str | Response:
    """Write the executive summary, the method note and the marking."""
    person = current_person()
    audit = get_audit(person, audit_id, Permission.REPORTS_WRITE)
    title, area_id = audit.title, audit.area_id
    form = WordsForm(obj=queries.desk_of(audit_id).words)
    if form.validate_on_submit():
        try:
            commands.write_words(person, audit_id, form.words(), choices_in(request.form))
        except Stale as stale:
            return conflict_page(form, stale, url_for("reports.edit", audit_id=audit_id), "this report")
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash("The report’s words are saved.")
            return redirect(url_for("reports.thematic", audit_id=audit_id))
    record_reading(person.id, "report_draft", audit_id, area_id=area_id, part="words")
    return render_template("reports/edit.html", audit_id=audit_id, title=title, form=form)


@blueprint.post("/audits/<int:audit_id>/report/issue")
@requires(Permission.REPORTS_WRITE)
def issue(audit_id: int) -> str | Response:
    """Issue the report as it stands."""
    try:
        report_id = commands.issue(current_person(), audit_id, after=IssueForm().version_number)
    except Refused as refusal:
        return _thematic_page(audit_id, refusal)
    flash("The report is issued. It will not change any more.")
    return redirect(url_for("reports.issued_page", report_id=report_id))


@blueprint.get("/reports/<int:report_id>")
@requires(Permission.REPORTS_READ)
def issued_page(report_id: int) -> str:
    """An issued report as a web page, as it was issued."""
    person = current_person()
    report = queries.issued_page(person, report_id)
    record_reading(person.id, "report", report.id, area_id=report.area_id, part="page")
    # Written by render_html at issue, which escapes every text.
    return render_template("reports/issued.html", report=report, page=Markup(report.page))  # noqa: S704


@blueprint.get("/reports/<int:report_id>/file")
@requires(Permission.REPORTS_READ)
def issued(report_id: int) -> Response:
    """An issued report's PDF, as it was issued."""
    person = current_person()
    report = queries.issued_file(person, report_id)
    record_reading(person.id, "report", report.id, area_id=report.area_id, part="pdf")
    return pdf_file(report.content, report.file_name)


def _note_draft(report: ThematicReport, part: str) -> None:
    """Note in the trail that a report not issued yet was read; it goes by the number of its audit."""
    record_reading(current_person().id, "report_draft", report.audit_id, area_id=report.area_id, part=part)


def pdf_file(content: bytes, name: str) -> Response:
    """A PDF to keep, under a name of letters that every system takes."""
    safe = "".join(letter for letter in name if letter.isascii() and (letter.isalnum() or letter in "-_."))
    return Response(
        content,
        mimetype="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{safe}"'},
    )
