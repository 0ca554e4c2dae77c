"""Concerns: raising one, the list of them, and what was done about each."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from qa.accounts.access import current_person, may, requires
from qa.accounts.permissions import Permission
from qa.identifiers.asking import choices_in
from qa.problems import NotAllowed, Refused, Stale
from qa.returns import concerns as commands
from qa.returns.concern_clock import ago
from qa.returns.concern_forms import ActionForm, CloseForm, ConcernForm, ReopenForm
from qa.returns.concern_queries import ShowConcerns, get_concern, list_concerns
from qa.returns.queries import get_return
from qa.returns.views.blueprint import blueprint
from qa.trail.recording import record_reading
from qa.web.errors import conflict_page
from qa.web.paging import page_number


@blueprint.route("/returns/<int:return_id>/concern", methods=["GET", "POST"])
@requires(Permission.CONCERNS_RAISE)
def raise_concern(return_id: int) -> str | Response:
    """Raise a concern about the child of a return."""
    person, form = current_person(), ConcernForm()
    record = get_return(person, return_id, Permission.CONCERNS_RAISE)
    if form.validate_on_submit():
        text, already_done = form.text.data or "", form.already_done.data or ""
        try:
            choices = choices_in(request.form)
            number = commands.raise_concern(person, return_id, text, already_done, choices)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash(f"Your concern has reached the QA leads of {record.area}.")
            if person.is_guest:  # who has no page but their return's
                return redirect(url_for("returns.show", return_id=return_id))
            return redirect(url_for("returns.concern", concern_id=number))
    return render_template("returns/raise_concern.html", record=record, form=form)


@blueprint.get("/concerns", endpoint="concerns")
@requires(Permission.HOME_SEE)
def concern_list() -> str:
    """The concerns this person must act on, or has raised."""
    if not (may(Permission.CONCERNS_HANDLE) or may(Permission.CONCERNS_RAISE)):
        raise NotAllowed("Concerns are seen only by those who raise them and those who must act.")
    asked = request.args.get("show", "")
    show = ShowConcerns(asked) if asked in set(ShowConcerns) else ShowConcerns.OPEN
    audit = request.args.get("audit", "")
    audit_id = int(audit) if audit.isascii() and audit.isdigit() and len(audit) < 10 else None
    page = list_concerns(current_person(), show, page_number(), audit_id)
    shows = list(ShowConcerns)
    return render_template("returns/concerns.html", page=page, show=show, shows=shows, audit_id=audit_id)


@blueprint.get("/concerns/<int:concern_id>")
@requires(Permission.HOME_SEE)
def concern(concern_id: int) -> str:
    """One concern, and for those who must act the forms to do so."""
    return _page(concern_id)


def _page(concern_id: int, refused: ActionForm | CloseForm | ReopenForm | None = None) -> str:
    """A concern's page. refused: the form that was sent and cannot be taken; the others stand empty."""
    person = current_person()
    found = get_concern(person, concern_id)
    action = refused if isinstance(refused, ActionForm) else ActionForm(formdata=None)
    if action is not refused:
        action.begin(person.name, found.read_at)
    seen = {"version": str(len(found.steps))}
    page = render_template(
        "returns/concern.html",
        found=found,
        concern=found.concern,
        since=ago(found.concern.raised_at, found.read_at),
        form=refused,
        action=action,
        closing=refused if isinstance(refused, CloseForm) else CloseForm(formdata=None, data=seen),
        reopening=refused if isinstance(refused, ReopenForm) else ReopenForm(formdata=None),
    )
    # Last, since a unit of work makes the rows above forget what they hold.
    record_reading(person.id, "concern", concern_id, area_id=found.concern.area_id)
    return page


def _done(concern_id: int, message: str) -> Response:
    flash(message)
    return redirect(url_for("returns.concern", concern_id=concern_id))


@blueprint.post("/concerns/<int:concern_id>/acknowledge")
@requires(Permission.CONCERNS_HANDLE)
def acknowledge(concern_id: int) -> Response:
    """Say that the concern has been seen."""
    commands.acknowledge(current_person(), concern_id)
    return _done(concern_id, "You have acknowledged this concern. Its raiser can see that you have.")


@blueprint.post("/concerns/<int:concern_id>/actions")
@requires(Permission.CONCERNS_HANDLE)
def add_action(concern_id: int) -> str | Response:
    """Record an action taken."""
    form = ActionForm()
    if form.validate_on_submit():
        text, done_by = form.action.data or "", form.done_by.data or ""
        try:
            choices = choices_in(request.form)
            commands.add_action(current_person(), concern_id, text, done_by, form.happened_at, choices)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            return _done(concern_id, "The action is recorded.")
    return _page(concern_id, form)


@blueprint.post("/concerns/<int:concern_id>/close")
@requires(Permission.CONCERNS_HANDLE)
def close(concern_id: int) -> str | Response:
    """Close the concern with its outcome."""
    form = CloseForm()
    if form.validate_on_submit():
        try:
            outcome, choices = form.outcome.data or "", choices_in(request.form)
            commands.close(current_person(), concern_id, outcome, form.version_number, choices)
        except Refused as refusal:
            form.refuse(refusal)
        except Stale as stale:
            back = url_for("returns.concern", concern_id=concern_id)
            return conflict_page(form, stale, back, "this concern")
        else:
            return _done(concern_id, "The concern is closed.")
    return _page(concern_id, form)


@blueprint.post("/concerns/<int:concern_id>/reopen")
@requires(Permission.CONCERNS_HANDLE)
def reopen(concern_id: int) -> str | Response:
    """Open a closed concern again."""
    form = ReopenForm()
    if form.validate_on_submit():
        try:
            reason, choices = form.reason.data or "", choices_in(request.form)
            commands.reopen(current_person(), concern_id, reason, choices)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            return _done(concern_id, "The concern is open again.")
    return _page(concern_id, form)
