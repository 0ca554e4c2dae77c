"""Pages of single actions: progress, evidence, verification, and planning."""

from datetime import date
from io import BytesIO
from typing import cast

from flask import flash, redirect, render_template, request, send_file, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response as BaseResponse

from qa.accounts.access import current_person, requires
from qa.accounts.permissions import Permission
from qa.identifiers.asking import choices_in
from qa.problems import NotAllowed, Refused, Stale
from qa.recommendations import offers, planning, progress, queries
from qa.recommendations.blueprint import blueprint
from qa.recommendations.evidence import Upload
from qa.recommendations.forms import (
    ActionForm,
    DecisionForm,
    DueDateForm,
    EditActionForm,
    ProgressForm,
    who_choices,
)
from qa.recommendations.lifecycle import ActionState, may_edit, untouched
from qa.recommendations.records import ActionDetail
from qa.trail.recording import record_reading
from qa.web.errors import conflict_page
from qa.web.forms import Form

Answer = str | BaseResponse


@blueprint.get("/actions/<int:action_id>")
@requires(Permission.RECOMMENDATIONS_READ)
def action(action_id: int) -> str:
    """An action, its progress, and the form of whoever's turn it is."""
    detail = queries.get_action(current_person(), action_id)
    form: Form | None = None
    if detail.may_progress:
        form = ProgressForm(formdata=None)
    elif detail.may_decide:
        form = DecisionForm(formdata=None)
        form.version.data = str(detail.version)
    return _page(detail, form)


def _page(detail: ActionDetail, form: Form | None) -> str:
    return render_template(
        "recommendations/action.html",
        action=detail,
        recommendation=detail.heading,
        form=form,
        may_edit=detail.may_manage and may_edit(detail.state),
        may_delete=detail.may_manage and untouched(detail.state, detail.updates),
    )


@blueprint.route("/actions/<int:action_id>/accept", methods=["POST"])
@requires(Permission.ACTIONS_PROGRESS)
def accept(action_id: int) -> BaseResponse:
    """Take an action on for one's agency."""
    progress.accept(current_person(), action_id)
    flash("The action is accepted.")
    return redirect(url_for("recommendations.action", action_id=action_id))


@blueprint.route("/actions/<int:action_id>/progress", methods=["GET", "POST"])
@requires(Permission.ACTIONS_PROGRESS)
def post_progress(action_id: int) -> Answer:
    """Say what has been done; the form itself is on the action's page."""
    if request.method == "GET":
        return action(action_id)
    person, form = current_person(), ProgressForm()
    back = url_for("recommendations.action", action_id=action_id)
    if form.validate_on_submit():
        state = ActionState(form.state.data)
        try:
            text, choices = form.text.data or "", choices_in(request.form)
            progress.post_progress(person, action_id, state, text, _uploads(form), choices)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            done = state is ActionState.AWAITING_VERIFICATION
            flash("Your update is posted. A QA lead will verify it." if done else "Your update is posted.")
            return redirect(back)
    form.remind_of_files()
    return _page(queries.get_action(person, action_id), form)


def _uploads(form: ProgressForm) -> list[Upload]:
    files = cast(list[FileStorage], form.evidence.data or [])
    return [Upload(file.filename or "", file.read()) for file in files]


@blueprint.route("/actions/<int:action_id>/decision", methods=["GET", "POST"])
@requires(Permission.ACTIONS_VERIFY)
def decide(action_id: int) -> Answer:
    """Verify or send back; the form itself is on the action's page."""
    if request.method == "GET":
        return action(action_id)
    person, form = current_person(), DecisionForm()
    back = url_for("recommendations.action", action_id=action_id)
    if form.validate_on_submit():
        outcome = ActionState(form.outcome.data)
        try:
            reason, choices = form.reason.data or "", choices_in(request.form)
            progress.decide(person, action_id, form.version_number, outcome, reason, choices)
        except Refused as refusal:
            form.refuse(refusal)
        except Stale as stale:
            return conflict_page(form, stale, back=back, what="this action")
        else:
            verified = outcome is ActionState.VERIFIED
            flash("The action is verified." if verified else "The action is sent back to its agency.")
            return redirect(back)
    return _page(queries.get_action(person, action_id), form)


@blueprint.get("/actions/<int:action_id>/evidence/<int:file_id>")
@requires(Permission.RECOMMENDATIONS_READ)
def evidence(action_id: int, file_id: int) -> BaseResponse:
    """Download an evidence file; never shown inside the browser."""
    person = current_person()
    file = queries.get_evidence(person, action_id, file_id)
    record_reading(person.id, "evidence_file", file.id, area_id=file.area_id)
    answer = send_file(
        BytesIO(file.content), mimetype=file.media_type, as_attachment=True, download_name=file.name
    )
    answer.direct_passthrough = False
    answer.set_data(file.content)  # it is in memory whole: nothing to stream
    return answer


@blueprint.route("/recommendations/<int:recommendation_id>/actions/new", methods=["GET", "POST"])
@requires(Permission.RECOMMENDATIONS_MANAGE)
def add_action(recommendation_id: int) -> Answer:
    """Add an action to an open recommendation."""
    person, form = current_person(), ActionForm()
    detail = queries.get_recommendation(person, recommendation_id)
    _check_manages(detail.may_manage)
    agencies = offers.agency_leads(detail.heading.audit_id)
    form.who.choices = who_choices(agencies)
    back = url_for("recommendations.show", recommendation_id=recommendation_id)
    if form.validate_on_submit():
        try:
            planning.add_action(person, recommendation_id, form.plan, choices_in(request.form))
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash("The action is added.")
            return redirect(back)
    return render_template(
        "recommendations/action_form.html",
        form=form,
        title="Add an action",
        recommendation=detail.heading,
        agencies=agencies,
        back=back,
    )


def _check_manages(manages: bool) -> None:
    if not manages:
        raise NotAllowed("Only a QA lead of the audit’s area can change its recommendations.")


def _managed(action_id: int) -> ActionDetail:
    detail = queries.get_action(current_person(), action_id)
    _check_manages(detail.may_manage)
    return detail


@blueprint.route("/actions/<int:action_id>/edit", methods=["GET", "POST"])
@requires(Permission.RECOMMENDATIONS_MANAGE)
def edit_action(action_id: int) -> Answer:
    """Change an action's lead and words."""
    detail, form = _managed(action_id), EditActionForm()
    agencies = offers.agency_leads(detail.heading.audit_id)
    if not untouched(detail.state, detail.updates):
        agencies = [entry for entry in agencies if entry.agency_id == detail.responsible.agency_id]
    form.who.choices = who_choices(agencies)
    back = url_for("recommendations.action", action_id=action_id)
    if request.method == "GET":
        form.version.data, form.text.data = str(detail.version), detail.text
        form.who.data = detail.responsible.code
    elif form.validate_on_submit():
        try:
            planning.edit_action(
                current_person(),
                action_id,
                form.version_number,
                form.responsible,
                form.text.data or "",
                choices_in(request.form),
            )
        except Refused as refusal:
            form.refuse(refusal)
        except Stale as stale:
            return conflict_page(form, stale, back=back, what="this action")
        else:
            flash("The action is changed.")
            return redirect(back)
    return render_template(
        "recommendations/action_form.html",
        form=form,
        title="Edit this action",
        recommendation=detail.heading,
        agencies=agencies,
        back=back,
    )


@blueprint.route("/actions/<int:action_id>/due-date", methods=["GET", "POST"])
@requires(Permission.RECOMMENDATIONS_MANAGE)
def due_date(action_id: int) -> Answer:
    """Move an action's due date, with a reason."""
    detail, form = _managed(action_id), DueDateForm()
    back = url_for("recommendations.action", action_id=action_id)
    if request.method == "GET":
        form.version.data = str(detail.version)
    elif form.validate_on_submit():
        try:
            day, reason = cast(date, form.due_on.data), form.reason.data or ""
            choices, version = choices_in(request.form), form.version_number
            planning.change_due_date(current_person(), action_id, version, day, reason, choices)
        except Refused as refusal:
            form.refuse(refusal)
        except Stale as stale:
            return conflict_page(form, stale, back=back, what="this action")
        else:
            flash("The due date is changed.")
            return redirect(back)
    return render_template(
        "recommendations/due_date.html", form=form, action=detail, recommendation=detail.heading, back=back
    )


@blueprint.route("/actions/<int:action_id>/delete", methods=["GET", "POST"])
@requires(Permission.RECOMMENDATIONS_MANAGE)
def delete_action(action_id: int) -> Answer:
    """Ask whether an action on which nothing has been done should be deleted, and delete it."""
    detail, form = _managed(action_id), Form()
    if form.validate_on_submit():
        try:
            owner = planning.delete_action(current_person(), action_id, form.version_number)
        except Refused as refusal:
            form.refuse(refusal)
        except Stale as stale:
            back = url_for("recommendations.action", action_id=action_id)
            return conflict_page(form, stale, back=back, what="this action")
        else:
            flash("The action is deleted.")
            return redirect(url_for("recommendations.show", recommendation_id=owner))
    form.version.data = str(detail.version)
    return render_template(
        "recommendations/delete.html", form=form, action=detail, recommendation=detail.heading
    )
