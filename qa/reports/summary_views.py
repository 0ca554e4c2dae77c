"""The printed summary of a case, and every one of an audit as one zip."""

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from qa.accounts.access import current_person, requires
from qa.accounts.permissions import Permission
from qa.problems import Refused
from qa.publishing.pdf import render_pdf
from qa.reports import summary_jobs
from qa.reports.case_summary import case_summary
from qa.reports.forms import SummariesForm
from qa.reports.views import blueprint, pdf_file
from qa.trail.recording import record_reading


@blueprint.get("/audits/<int:audit_id>/cases/<int:case_id>/summary.pdf", endpoint="case_summary")
@requires(Permission.RETURNS_READ)
def case_summary_pdf(audit_id: int, case_id: int) -> Response:
    """One case as far as the person may read it, to print."""
    person = current_person()
    summary = case_summary(person, audit_id, case_id)
    content = render_pdf(summary.document)
    record_reading(person.id, "case", case_id, area_id=summary.area_id, part="summary")
    for number in summary.own:  # whoever has read a return is no blind second auditor of it
        record_reading(person.id, "return", number, area_id=summary.area_id, part="summary")
    return pdf_file(content, summary.file_name)


@blueprint.route("/audits/<int:audit_id>/summaries", methods=["GET", "POST"])
@requires(Permission.AUDITS_MANAGE)
def summaries(audit_id: int) -> str | Response:
    """Ask for every case summary of an audit: long work."""
    form = SummariesForm()
    if form.validate_on_submit():
        try:
            return redirect(url_for("jobs.show", job_id=summary_jobs.ask(current_person(), audit_id)))
        except Refused as refusal:
            form.refuse(refusal)
    found = summary_jobs.asked(current_person(), audit_id)
    return render_template("reports/summaries.html", asked=found, form=form)
