"""Pages of what was drawn: how, a list checked against it, things deleted, a case replaced."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from qa.accounts.access import current_person, requires
from qa.accounts.permissions import Permission
from qa.audits.forms.plan import ButtonForm
from qa.audits.lifecycle import OPEN_TO_CASES
from qa.audits.queries import get_audit
from qa.audits.sampling import commands
from qa.audits.sampling.forms import (
    ListForm,
    ReplaceForm,
)
from qa.audits.sampling.long_work import under_way
from qa.audits.sampling.queries import (
    WAITS_DAYS,
    record_of,
    replacing,
    sample_page,
)
from qa.audits.sampling.verifying import verify
from qa.audits.sampling.views.base import blueprint, read_list
from qa.audits.sampling.vocabulary import Reason
from qa.frameworks.reading import edition_tree
from qa.identifiers.asking import choices_in
from qa.problems import NotFound, Refused, Stale
from qa.web.errors import conflict_page


@blueprint.get("/audits/<int:audit_id>/sample")
@requires(Permission.AUDITS_MANAGE)
def show(audit_id: int) -> str:
    """The samples of an audit: a list that waits, what was drawn and how, cases replaced."""
    commands.delete_overdue()
    page = sample_page(current_person(), audit_id)
    return render_template(
        "sampling/show.html",
        page=page,
        audit=page.audit,
        self_assessment=edition_tree(page.audit.edition_id).self_assessment,
        may_draw=page.audit.stage in OPEN_TO_CASES,
        waits_days=WAITS_DAYS,
        under_way=under_way(page.audit.area_id, audit_id),
    )


@blueprint.route("/audits/<int:audit_id>/sample/<int:sample_id>/check", methods=["GET", "POST"])
@requires(Permission.AUDITS_MANAGE)
def check(audit_id: int, sample_id: int) -> str:
    """Tell whether a list is the one that was drawn from, and whether the draw comes out the same."""
    form, verdict = ListForm(), None
    page = record_of(current_person(), audit_id, sample_id)
    fields = edition_tree(page.audit.edition_id).content.profile
    if form.validate_on_submit():
        try:
            verdict = verify(read_list(form), page.record, fields)
        except Refused as refusal:
            form.refuse(refusal)
    return render_template("sampling/check.html", page=page, audit=page.audit, form=form, verdict=verdict)


@blueprint.route("/audits/<int:audit_id>/sample/<int:sample_id>/<what>/delete", methods=["GET", "POST"])
@requires(Permission.AUDITS_MANAGE)
def delete(audit_id: int, sample_id: int, what: str) -> str | Response:
    """Ask whether to delete a list, a reserve or a whole draw; then do it."""
    if what not in DELETES:
        raise NotFound
    person, form = current_person(), ButtonForm()
    back = url_for("sampling.show", audit_id=audit_id)
    if form.validate_on_submit():
        try:
            DELETES[what](person, audit_id, sample_id, form.version_number)
        except Stale as stale:
            return conflict_page(form, stale, back, "the sample")
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash(DELETED[what])
            return redirect(back)
    page = sample_page(person, audit_id)
    waiting = page.waiting if page.waiting and page.waiting.id == sample_id and what == "list" else None
    sample = next((one for one in page.drawn if one.id == sample_id), None)
    found = waiting or sample
    if found is None:
        raise NotFound
    if request.method == "GET":
        form.version.data = str(found.version)
    return render_template(
        "sampling/delete.html", form=form, audit=page.audit, what=what, waiting=waiting, sample=sample
    )


DELETES = {
    "list": commands.delete_list,
    "reserve": commands.delete_reserve,
    "draw": commands.undo_draw,
}
DELETED = {
    "list": "The list is deleted.",
    "reserve": "The reserve is deleted.",
    "draw": "The draw is undone and its cases are removed.",
}


@blueprint.route("/audits/<int:audit_id>/cases/<int:case_id>/replace", methods=["GET", "POST"])
@requires(Permission.AUDITS_MANAGE)
def replace(audit_id: int, case_id: int) -> str | Response:
    """Replace a drawn case by the next in line of its stratum, saying why."""
    person, form = current_person(), ReplaceForm()
    if form.validate_on_submit():
        try:
            reason, note = Reason(form.reason.data), form.note.data or ""
            version, choices = form.version_number, choices_in(request.form)
            made = commands.replace_case(person, audit_id, case_id, version, reason, note, choices)
        except Stale as stale:
            back = url_for("sampling.replace", audit_id=audit_id, case_id=case_id)
            return conflict_page(form, stale, back, "the sample")
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash(f"Case {made.instead_of} is replaced by case {made.reference}.")
            return redirect(url_for("audits.case", audit_id=audit_id, case_id=made.case_id))
    audit = get_audit(person, audit_id, Permission.AUDITS_MANAGE)
    unit = replacing(person, audit_id, case_id)
    if request.method == "GET":
        form.version.data = str(unit.version)
    return render_template(
        "sampling/replace.html", form=form, audit=audit, unit=unit, may_replace=audit.stage in OPEN_TO_CASES
    )
