"""Pages of the tracker of returns: the grid, one return, chasing, extending, who was chased."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from qa.accounts.access import current_person, requires
from qa.accounts.permissions import Permission
from qa.chasing import commands
from qa.chasing.forms import ChaseForm, ExtendForm
from qa.chasing.grid import Show
from qa.chasing.letters import SUBJECT, usual_text
from qa.chasing.queries import Which, chased, followed, tracker
from qa.chasing.showing import recipients_of
from qa.identifiers.asking import choices_in
from qa.problems import NotFound, Refused, Stale
from qa.web.addresses import public_address
from qa.web.errors import conflict_page
from qa.web.paging import page_number

blueprint = Blueprint("chasing", __name__, template_folder="templates")


def _number(name: str) -> int | None:
    asked = request.args.get(name, "")
    return int(asked) if asked.isdecimal() and len(asked) < 10 else None


@blueprint.get("/audits/<int:audit_id>/tracker", endpoint="tracker")
@requires(Permission.AUDITS_MANAGE)
def tracker_page(audit_id: int) -> str:
    """The audit's returns, case by case and agency by agency."""
    asked = request.args.get("show", "")
    show = Show(asked) if asked in set(Show) else Show.ALL
    agency_id = _number("agency")
    found = tracker(current_person(), audit_id, show, agency_id, page_number())
    if not found.shown:
        raise NotFound
    return render_template(
        "chasing/tracker.html",
        tracker=found,
        audit=found.audit,
        show=show,
        shows=list(Show),
        agency_id=agency_id,
    )


@blueprint.get("/audits/<int:audit_id>/tracker/<int:return_id>", endpoint="followed")
@requires(Permission.AUDITS_MANAGE)
def followed_page(audit_id: int, return_id: int) -> str:
    """One return: where it stands, who was chased about it when, and its due dates."""
    found = followed(current_person(), audit_id, return_id)
    return render_template("chasing/followed.html", followed=found, audit=found.audit)


@blueprint.route("/audits/<int:audit_id>/tracker/chase", methods=["GET", "POST"])
@requires(Permission.AUDITS_MANAGE)
def chase(audit_id: int) -> str | Response:
    """Write to those with late returns (?agency= of one agency, ?return= about one return)."""
    person, which = current_person(), Which(_number("return"), _number("agency"))
    found = recipients_of(person, audit_id, which)
    audit = found.audit
    title = None if audit.confidential else audit.title
    form = ChaseForm(data={"subject": SUBJECT, "text": usual_text(title, person.name)})
    if form.validate_on_submit():
        letter = commands.Letter(
            form.subject.data or "", form.text.data or "", public_address("returns.my_work")
        )
        try:
            sent = commands.chase(person, audit_id, which, letter, choices_in(request.form))
        except Refused as refusal:
            form.refuse(refusal)
        else:
            if sent.job_id is not None:
                return redirect(url_for("jobs.show", job_id=sent.job_id))
            flash(
                "1 message is on its way."
                if sent.people == 1
                else f"{sent.people:,} messages are on their way."
            )
            return redirect(_back(audit_id, which))
    return render_template("chasing/chase.html", found=found, audit=audit, form=form, which=which)


@blueprint.route("/audits/<int:audit_id>/tracker/extend", methods=["GET", "POST"])
@requires(Permission.AUDITS_MANAGE)
def extend(audit_id: int) -> str | Response:
    """Put off every late return (?agency= of one agency)."""
    person, agency_id = current_person(), _number("agency")
    found = tracker(person, audit_id, Show.LATE, agency_id, 1)
    form = ExtendForm()
    if form.validate_on_submit():
        try:
            reason, choices = form.reason.data or "", choices_in(request.form)
            count = commands.extend_late(person, audit_id, agency_id, form.day, reason, choices)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash("1 return has a new date." if count == 1 else f"{count:,} returns have a new date.")
            return redirect(_back(audit_id, Which(agency_id=agency_id)))
    return render_template(
        "chasing/extend.html", audit=found.audit, form=form, late=found.late, followed=None, shown=found.shown
    )


@blueprint.route("/audits/<int:audit_id>/tracker/<int:return_id>/extend", methods=["GET", "POST"])
@requires(Permission.AUDITS_MANAGE)
def extend_one(audit_id: int, return_id: int) -> str | Response:
    """Put off one return."""
    person = current_person()
    found = followed(person, audit_id, return_id)
    form = ExtendForm(data={"version": str(found.version)})
    back = url_for("chasing.followed", audit_id=audit_id, return_id=return_id)
    if form.validate_on_submit():
        try:
            commands.extend_one(
                person,
                audit_id,
                return_id,
                form.day,
                form.reason.data or "",
                form.version_number,
                choices_in(request.form),
            )
        except Refused as refusal:
            form.refuse(refusal)
        except Stale as stale:
            return conflict_page(form, stale, back=back, what="this return")
        else:
            flash("The return has a new date.")
            return redirect(back)
    return render_template(
        "chasing/extend.html", audit=found.audit, form=form, late=1, followed=found, shown=()
    )


@blueprint.get("/audits/<int:audit_id>/tracker/chases", endpoint="chased")
@requires(Permission.AUDITS_MANAGE)
def chased_page(audit_id: int) -> str:
    """Everybody who was written to about the audit's returns."""
    found = chased(current_person(), audit_id, page_number())
    return render_template("chasing/chased.html", chased=found, audit=found.audit)


def _back(audit_id: int, which: Which) -> str:
    if which.return_id is not None:
        return url_for("chasing.followed", audit_id=audit_id, return_id=which.return_id)
    return url_for("chasing.tracker", audit_id=audit_id, agency=which.agency_id)
