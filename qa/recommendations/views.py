"""Pages of the tracker and of recommendations. Those of actions are in action_views."""

from flask import Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

import qa.recommendations.action_views  # noqa: F401 its routes belong to the same blueprint
from qa.accounts.access import current_person, requires
from qa.accounts.permissions import Permission
from qa.identifiers.asking import choices_in
from qa.problems import NotAllowed, Refused, Stale
from qa.recommendations import commands, offers, queries, tracking
from qa.recommendations.blueprint import blueprint
from qa.recommendations.forms import (
    CloseForm,
    NewRecommendationForm,
    RecommendationForm,
    ReopenForm,
    who_choices,
)
from qa.recommendations.lifecycle import ActionState, Level, Priority, RecommendationState
from qa.recommendations.records import RecommendationDetail
from qa.recommendations.spreadsheet import tracker_file
from qa.recommendations.tracker import Due, Order, parse_filters
from qa.trail.recording import record_reading
from qa.web.errors import conflict_page
from qa.web.paging import page_number

Answer = str | BaseResponse
BASIS_LIMIT = 100
VOCABULARY = {
    "states": RecommendationState,
    "action_states": ActionState,
    "dues": Due,
    "levels": Level,
    "priorities": Priority,
    "orders": Order,
}


@blueprint.get("/recommendations")
@requires(Permission.RECOMMENDATIONS_READ)
def index() -> str:
    """The tracker: every recommendation within reach, filtered and sorted."""
    person, filters = current_person(), parse_filters(request.args)
    counts, asked = tracking.counts(person, filters), offers.asked_audit(person, filters.audit)
    return render_template(
        "recommendations/index.html",
        filters=filters,
        counts=counts,
        drift=tracking.drift(person, filters) if counts.overdue else [],
        page=tracking.tracker_page(person, filters, page_number(), counts),
        choices=tracking.choices(person).with_audit(asked),
        asked=asked,
        **VOCABULARY,
    )


@blueprint.get("/recommendations/download")
@requires(Permission.RECOMMENDATIONS_READ)
def download() -> Response:
    """The filtered tracker as CSV, a row an action."""
    rows = tracking.every_line(current_person(), parse_filters(request.args))
    return Response(
        tracker_file(rows),
        mimetype="text/csv",
        headers={"Content-Disposition": "attachment; filename=recommendations.csv"},
    )


@blueprint.route("/audits/<int:audit_id>/recommendations/new", methods=["GET", "POST"])
@requires(Permission.RECOMMENDATIONS_MANAGE)
def new(audit_id: int) -> Answer:
    """Write a recommendation of an audit, resting on ?theme= and ?finding=, with its first actions."""
    person, form = current_person(), NewRecommendationForm()
    themes, findings = _numbers("theme"), _numbers("finding")
    basis = offers.basis(person, audit_id, findings)
    form.offer(basis)
    form.actions.offer(who_choices(basis.agencies))
    if request.method == "GET":
        form.rest_on(themes, findings)
        if basis.findings:
            record_reading(person.id, "audit", audit_id, area_id=basis.area_id, part="findings")
    elif form.change_rows(add="add_action" in request.form, remove=request.form.get("remove_action")):
        form.actions.offer(who_choices(basis.agencies))
    elif form.validate_on_submit():
        try:
            number = commands.create(person, audit_id, form.wording, form.plans, choices_in(request.form))
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash("The recommendation is added.")
            return redirect(url_for("recommendations.show", recommendation_id=number))
    return render_template("recommendations/new.html", form=form, basis=basis, levels=Level)


def _numbers(name: str) -> list[int]:
    texts = request.args.getlist(name)[:BASIS_LIMIT]
    return [int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 10]


@blueprint.get("/recommendations/<int:recommendation_id>")
@requires(Permission.RECOMMENDATIONS_READ)
def show(recommendation_id: int) -> str:
    """A recommendation with its actions and history."""
    person = current_person()
    detail = queries.get_recommendation(person, recommendation_id)
    if detail.findings:
        area_id = detail.heading.area_id
        record_reading(person.id, "recommendation", recommendation_id, area_id=area_id, part="findings")
    return render_template(
        "recommendations/show.html",
        detail=detail,
        recommendation=detail.heading,
        steps_shown=queries.STEPS_SHOWN,
    )


@blueprint.route("/recommendations/<int:recommendation_id>/edit", methods=["GET", "POST"])
@requires(Permission.RECOMMENDATIONS_MANAGE)
def edit(recommendation_id: int) -> Answer:
    """Change a recommendation's words and what it rests on."""
    person, form = current_person(), RecommendationForm()
    detail = _managed(recommendation_id)
    linked = [line.id for line in detail.findings or ()]
    basis = offers.basis(person, detail.heading.audit_id, linked)
    form.offer(basis)
    back = url_for("recommendations.show", recommendation_id=recommendation_id)
    if request.method == "GET":
        form.fill(detail.heading)
        form.rest_on([number for number, _name in detail.themes], linked)
    elif form.validate_on_submit():
        try:
            choices = choices_in(request.form)
            commands.edit(person, recommendation_id, form.version_number, form.wording, choices)
        except Refused as refusal:
            form.refuse(refusal)
        except Stale as stale:
            return conflict_page(form, stale, back=back, what="this recommendation")
        else:
            flash("The recommendation is changed.")
            return redirect(back)
    return render_template(
        "recommendations/edit.html", form=form, recommendation=detail.heading, basis=basis, levels=Level
    )


def _managed(recommendation_id: int) -> RecommendationDetail:
    detail = queries.get_recommendation(current_person(), recommendation_id)
    if not detail.may_manage:
        raise NotAllowed("Only a QA lead of the audit’s area can change its recommendations.")
    return detail


@blueprint.route("/recommendations/<int:recommendation_id>/close", methods=["GET", "POST"])
@requires(Permission.RECOMMENDATIONS_MANAGE)
def close(recommendation_id: int) -> Answer:
    """Close a recommendation whose every action is verified."""
    detail, form = _managed(recommendation_id), CloseForm()
    if form.validate_on_submit():
        try:
            note, choices = form.note.data or "", choices_in(request.form)
            commands.close(current_person(), recommendation_id, form.version_number, note, choices)
        except Refused as refusal:
            form.refuse(refusal)
        except Stale as stale:
            return conflict_page(form, stale, back=_to(detail), what="this recommendation")
        else:
            flash("The recommendation is closed.")
            return redirect(_to(detail))
    intro = "Every action has been verified." if detail.ready else ""
    blocked = "" if detail.ready else detail.why_not_close
    return _decision(form, detail, ("Close this recommendation", "Close recommendation"), intro, blocked)


@blueprint.route("/recommendations/<int:recommendation_id>/reopen", methods=["GET", "POST"])
@requires(Permission.RECOMMENDATIONS_MANAGE)
def reopen(recommendation_id: int) -> Answer:
    """Open a closed recommendation again."""
    detail, form = _managed(recommendation_id), ReopenForm()
    if form.validate_on_submit():
        try:
            reason, choices = form.reason.data or "", choices_in(request.form)
            commands.reopen(current_person(), recommendation_id, form.version_number, reason, choices)
        except Refused as refusal:
            form.refuse(refusal)
        except Stale as stale:
            return conflict_page(form, stale, back=_to(detail), what="this recommendation")
        else:
            flash("The recommendation is open again. Add an action for what is still to be done.")
            return redirect(_to(detail))
    intro = "Its verified actions stay verified. Once it is open, add an action for what is still to be done."
    blocked = "This recommendation is open already." if detail.is_open else ""
    return _decision(form, detail, ("Reopen this recommendation", "Reopen"), intro, blocked)


def _to(detail: RecommendationDetail) -> str:
    return url_for("recommendations.show", recommendation_id=detail.heading.id)


def _decision(
    form: CloseForm | ReopenForm,
    detail: RecommendationDetail,
    words: tuple[str, str],
    intro: str,
    blocked: str,
) -> str:
    if not form.is_submitted():
        form.version.data = str(detail.heading.version)
    return render_template(
        "recommendations/decision.html",
        form=form,
        field=form.note if isinstance(form, CloseForm) else form.reason,
        title=words[0],
        button_text=words[1],
        intro=intro,
        blocked=blocked,
        back=_to(detail),
        recommendation=detail.heading,
    )
