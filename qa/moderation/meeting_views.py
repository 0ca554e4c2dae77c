"""Pages of the panel's meetings: the list, one with its minutes, adding, changing and removing it."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from qa.accounts.access import current_person, requires
from qa.accounts.permissions import Permission
from qa.identifiers.asking import choices_in
from qa.moderation import meeting_commands as commands
from qa.moderation.attending import not_represented
from qa.moderation.blueprint import blueprint
from qa.moderation.meeting_forms import MeetingForm, meeting_form
from qa.moderation.meeting_queries import Meeting, get_meeting, list_meetings, new_meeting
from qa.problems import NotFound, Refused, Stale
from qa.trail.recording import record_reading
from qa.web.errors import conflict_page
from qa.web.paging import page_number

ADD = "add"


@blueprint.get("/audits/<int:audit_id>/panel/meetings")
@requires(Permission.PANEL_READ)
def meetings(audit_id: int) -> str:
    """The meetings of an audit's panel."""
    found = list_meetings(current_person(), audit_id, page_number())
    return render_template("moderation/meetings.html", meetings=found, audit=found.audit)


@blueprint.get("/audits/<int:audit_id>/panel/meetings/<int:meeting_id>")
@requires(Permission.PANEL_READ)
def meeting(audit_id: int, meeting_id: int) -> str:
    """One meeting with who came and its minutes."""
    person = current_person()
    found = get_meeting(person, audit_id, meeting_id)
    page = render_template(
        "moderation/meeting.html",
        meeting=found,
        audit=found.audit,
        missing=not_represented(found.people, found.agencies),
    )
    record_reading(person.id, "panel_meeting", meeting_id, area_id=found.audit.area_id)
    return page


@blueprint.route("/audits/<int:audit_id>/panel/meetings/new", methods=["GET", "POST"])
@requires(Permission.AUDITS_MODERATE)
def add_meeting(audit_id: int) -> str | Response:
    """Keep a meeting of the panel: it begins with the people of the last one, or a row for each agency."""
    person = current_person()
    new = new_meeting(person, audit_id)
    values = {"chair": person.name, "held_on": new.day}
    form = meeting_form(new.agencies, new.people, values, more=_asks_for_rows())
    if not _asks_for_rows() and form.validate_on_submit():
        try:
            number = commands.add_meeting(person, audit_id, form.typed_meeting, choices_in(request.form))
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash("The meeting is kept.")
            return redirect(url_for("moderation.meeting", audit_id=audit_id, meeting_id=number))
    return render_template("moderation/meeting_form.html", audit=new.audit, form=form, meeting=None)


@blueprint.route("/audits/<int:audit_id>/panel/meetings/<int:meeting_id>/change", methods=["GET", "POST"])
@requires(Permission.AUDITS_MODERATE)
def change_meeting(audit_id: int, meeting_id: int) -> str | Response:
    """Change a meeting, who came, or its minutes."""
    found = _own(audit_id, meeting_id)
    values = {"chair": found.chair, "held_on": found.held_on, "minutes": found.minutes}
    values |= {"shared": found.shared, "version": str(found.version)}
    form = meeting_form(found.agencies, found.people, values, more=_asks_for_rows())
    back = url_for("moderation.meeting", audit_id=audit_id, meeting_id=meeting_id)
    if not _asks_for_rows() and form.validate_on_submit():
        try:
            commands.change_meeting(
                current_person(),
                audit_id,
                meeting_id,
                form.typed_meeting,
                form.version_number,
                choices_in(request.form),
            )
        except Refused as refusal:
            form.refuse(refusal)
        except Stale as stale:
            return conflict_page(form, stale, back=back, what="this meeting")
        else:
            flash("The meeting is changed.")
            return redirect(back)
    return render_template("moderation/meeting_form.html", audit=found.audit, form=form, meeting=found)


@blueprint.route("/audits/<int:audit_id>/panel/meetings/<int:meeting_id>/removal", methods=["GET", "POST"])
@requires(Permission.AUDITS_MODERATE)
def remove_meeting(audit_id: int, meeting_id: int) -> str | Response:
    """Ask whether to remove a meeting, and remove it."""
    found = _own(audit_id, meeting_id)
    form = MeetingForm(data={"version": str(found.version)})
    if request.method == "POST":
        try:
            commands.remove_meeting(current_person(), audit_id, meeting_id, form.version_number)
        except Stale:
            flash(
                "Somebody changed the meeting meanwhile, so it was not removed. Look at it again.", "refused"
            )
            return redirect(url_for("moderation.meeting", audit_id=audit_id, meeting_id=meeting_id))
        flash("The meeting and its minutes are removed.")
        return redirect(url_for("moderation.meetings", audit_id=audit_id))
    return render_template("moderation/meeting_removal.html", audit=found.audit, meeting=found, form=form)


def _own(audit_id: int, meeting_id: int) -> Meeting:
    found = get_meeting(current_person(), audit_id, meeting_id)
    if not found.moderates:
        raise NotFound
    return found


def _asks_for_rows() -> bool:
    return request.form.get("do") == ADD
