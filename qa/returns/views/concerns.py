"""Concerns: raising one, the list of them, and what was done about each."""

from flask import current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from qa.accounts.access import current_person, may, requires
from qa.accounts.permissions import Permission
from qa.config import Settings
from qa.problems import NotAllowed, Refused, Stale
from qa.returns import concerns as commands
from qa.returns.concern_queries import ShowConcerns, get_concern, list_concerns
from qa.returns.forms import ConcernForm, OutcomeForm
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
        number = commands.raise_concern(
            person, return_id, form.text.data or "", form.already_done.data or "", _address
        )
        flash(f"Your concern has reached the QA leads of {record.area}.")
        return redirect(url_for("returns.concern", concern_id=number))
    return render_template("returns/raise_concern.html", record=record, form=form)


def _address(concern_id: int) -> str:
    """Where a message says the concern is: under PUBLIC_URL, or under the host that the request came to."""
    settings: Settings = current_app.extensions["settings"]
    base = settings.public_url or request.url_root.rstrip("/")
    return base + url_for("returns.concern", concern_id=concern_id).removeprefix(request.script_root)


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
    return _page(concern_id, OutcomeForm())


def _page(concern_id: int, form: OutcomeForm) -> str:
    person = current_person()
    found = get_concern(person, concern_id)
    if not form.is_submitted():
        form.version.data, form.outcome.data = str(found.concern.version), found.concern.outcome
    row = found.concern
    record_reading(person.id, "concern", row.id, area_id=row.area_id)
    return render_template("returns/concern.html", found=found, concern=row, form=form)


@blueprint.post("/concerns/<int:concern_id>/acknowledge")
@requires(Permission.CONCERNS_HANDLE)
def acknowledge(concern_id: int) -> Response:
    """Say that the concern has been seen."""
    commands.acknowledge(current_person(), concern_id)
    flash("You have acknowledged this concern. Its raiser can see that you have.")
    return redirect(url_for("returns.concern", concern_id=concern_id))


@blueprint.post("/concerns/<int:concern_id>")
@requires(Permission.CONCERNS_HANDLE)
def record_outcome(concern_id: int) -> str | Response:
    """Record what was done; close the concern when that button was pressed."""
    form = OutcomeForm()
    close = request.form.get("do") == "close"
    if form.validate_on_submit():
        try:
            commands.record_outcome(
                current_person(), concern_id, form.outcome.data or "", form.version_number, close=close
            )
        except Refused as refusal:
            form.refuse(refusal)
        except Stale as stale:
            back = url_for("returns.concern", concern_id=concern_id)
            return conflict_page(form, stale, back, "this concern")
        else:
            flash("The concern is closed." if close else "What was done is recorded.")
            return redirect(url_for("returns.concern", concern_id=concern_id))
    return _page(concern_id, form)
