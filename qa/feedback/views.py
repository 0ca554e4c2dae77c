"""Pages of the views of the child, their family and practitioners on a case."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from qa.accounts.access import current_person, requires
from qa.accounts.permissions import Permission
from qa.feedback import commands
from qa.feedback.forms import FORMS, NoViewsForm, RemoveForm
from qa.feedback.queries import Place, get_entry, get_place, list_views
from qa.feedback.vocabulary import Sought, Voice
from qa.identifiers.asking import choices_in
from qa.problems import NotAllowed, NotFound, Refused, Stale
from qa.trail.recording import record_reading
from qa.web.errors import conflict_page
from qa.web.paging import page_number

blueprint = Blueprint("feedback", __name__, template_folder="templates")

CASE = "/audits/<int:audit_id>/cases/<int:case_id>/views"


@blueprint.get(CASE, endpoint="case")
@requires(Permission.FEEDBACK_READ)
def case_views(audit_id: int, case_id: int) -> str:
    """What was said about the work on a case; ?voice= leaves one voice."""
    person = current_person()
    place = get_place(person, audit_id, case_id)
    asked = request.args.get("voice", "")
    voice = Voice(asked) if asked in set(Voice) else None
    page = render_template(
        "feedback/case.html",
        place=place,
        page=list_views(place, voice, page_number()),
        voice=voice,
        voices=list(Voice),
    )
    record_reading(person.id, "case", case_id, area_id=place.area_id, part="views")
    return page


def _back(place: Place) -> str:
    return url_for("feedback.case", audit_id=place.audit_id, case_id=place.case_id)


def _voice(word: str) -> Voice:
    if word not in set(Voice):
        raise NotFound
    return Voice(word)


def _to_enter(audit_id: int, case_id: int) -> Place:
    place = get_place(current_person(), audit_id, case_id)
    if not (place.leads or place.writes):
        raise NotAllowed("Views are entered by auditors of an agency with a return on the case.")
    return place


@blueprint.route(f"{CASE}/new/<voice>", methods=["GET", "POST"])
@requires(Permission.FEEDBACK_WRITE)
def add(audit_id: int, case_id: int, voice: str) -> str | Response:
    """Enter what somebody said."""
    place, whose = _to_enter(audit_id, case_id), _voice(voice)
    form = FORMS[whose]()
    if form.validate_on_submit():
        try:
            choices = choices_in(request.form)
            commands.add_views(current_person(), audit_id, case_id, whose, form.views(), choices)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash("The views are kept with the case.")
            return redirect(_back(place))
    return render_template("feedback/views.html", place=place, voice=whose, form=form, entry=None)


@blueprint.route(f"{CASE}/new/<voice>/none", methods=["GET", "POST"])
@requires(Permission.FEEDBACK_WRITE)
def add_none(audit_id: int, case_id: int, voice: str) -> str | Response:
    """Say why there are no views of somebody."""
    place, whose = _to_enter(audit_id, case_id), _voice(voice)
    form = NoViewsForm()
    if form.validate_on_submit():
        reason, choices = form.reason.data or "", choices_in(request.form)
        try:
            commands.add_no_views(current_person(), audit_id, case_id, whose, form.chosen, reason, choices)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash("Why there are no views is kept with the case.")
            return redirect(_back(place))
    return render_template("feedback/none.html", place=place, voice=whose, form=form, entry=None)


@blueprint.route(f"{CASE}/<int:feedback_id>/edit", methods=["GET", "POST"])
@requires(Permission.FEEDBACK_WRITE)
def edit(audit_id: int, case_id: int, feedback_id: int) -> str | Response:
    """Change an entry."""
    place = get_place(current_person(), audit_id, case_id)
    entry = get_entry(place, feedback_id)
    if not place.open and request.method == "GET":
        raise NotAllowed(f"{commands.CLOSED}.")
    if place.open and not entry.may_change:
        raise NotAllowed("Only the QA lead and the agency that entered these views can change them.")
    given = entry.outcome is Sought.GIVEN
    form = FORMS[entry.voice]() if given else NoViewsForm()
    if request.method == "GET":
        form.fill(entry)
    elif form.validate_on_submit():
        numbers, version = (audit_id, case_id, feedback_id), form.version_number
        choices = choices_in(request.form)
        try:
            if isinstance(form, NoViewsForm):
                absence = form.chosen, form.reason.data or ""
                commands.change_reason(current_person(), *numbers, absence, version, choices)
            else:
                commands.change_views(current_person(), *numbers, form.views(), version, choices)
        except Refused as refusal:
            form.refuse(refusal)
        except Stale as stale:
            return conflict_page(form, stale, _back(place), "these views")
        else:
            flash("The change is saved.")
            return redirect(_back(place))
    template = "feedback/views.html" if given else "feedback/none.html"
    return render_template(template, place=place, voice=entry.voice, form=form, entry=entry)


@blueprint.route(f"{CASE}/<int:feedback_id>/remove", methods=["GET", "POST"])
@requires(Permission.FEEDBACK_WRITE)
def remove(audit_id: int, case_id: int, feedback_id: int) -> str | Response:
    """Remove an entry, with the reason."""
    place = get_place(current_person(), audit_id, case_id)
    entry, form = get_entry(place, feedback_id), RemoveForm()
    if not entry.may_remove:
        raise NotAllowed("Only the QA lead and the agency that entered these views can remove them.")
    if request.method == "GET":
        form.version.data = str(entry.version)
    elif form.validate_on_submit():
        reason, version = form.reason.data or "", form.version_number
        choices = choices_in(request.form)
        try:
            commands.remove(current_person(), audit_id, case_id, feedback_id, reason, version, choices)
        except Refused as refusal:
            form.refuse(refusal)
        except Stale as stale:
            return conflict_page(form, stale, _back(place), "these views")
        else:
            flash("It is removed. Its words are deleted.")
            return redirect(_back(place))
    return render_template("feedback/remove.html", place=place, entry=entry, form=form)
