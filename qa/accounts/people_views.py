"""Pages of people, for administrators."""

from flask import current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from qa.accounts import inviting, managing, people_queries, queries
from qa.accounts.access import current_person, requires
from qa.accounts.admin_forms import InviteForm, PersonForm, RolesForm
from qa.accounts.arguments import one_of, row_number
from qa.accounts.blueprint import blueprint
from qa.accounts.links import set_password_link
from qa.accounts.permissions import Permission, Role
from qa.problems import NotAllowed, Refused, Stale
from qa.web.errors import conflict_page
from qa.web.forms import clean
from qa.web.paging import page_number

STATES = [("active", "Active"), ("invited", "Invited"), ("deactivated", "Deactivated"), ("guests", "Guests")]


@blueprint.get("/people")
@requires(Permission.PEOPLE_MANAGE)
def people() -> str:
    """People by name, role, area, agency and state."""
    wanted = people_queries.PeopleFilter(
        text=clean(request.args.get("q"))[:100],
        role=Role(role) if (role := one_of("role", tuple(Role))) else None,
        area_id=row_number("area"),
        agency_id=row_number("agency"),
        state=one_of("state", [value for value, _ in STATES]) or "",
    )
    return render_template(
        "accounts/people.html",
        page=people_queries.people(wanted, page_number()),
        wanted=wanted,
        roles=[(role.value, role.label) for role in Role],
        areas=queries.area_choices(),
        agencies=queries.agency_choices(inactive=True),
        states=STATES,
        narrowed=bool(request.args),
        mail_to_files=_mail_to_files(),
    )


@blueprint.route("/people/invite", methods=["GET", "POST"])
@requires(Permission.PEOPLE_MANAGE)
def invite() -> str | Response:
    """Invite a person, with their roles."""
    form = InviteForm()
    form.offer(queries.area_choices(), queries.agency_choices())
    if form.validate_on_submit():
        name, email = form.name.data or "", form.email.data or ""
        try:
            person_id, _ = inviting.invite(current_person(), name, email, form.grants(), set_password_link)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash(f"{name} is invited. {_where_it_went(email)}")
            return redirect(url_for("accounts.person", person_id=person_id))
    return render_template("accounts/invite.html", form=form, mail_to_files=_mail_to_files())


@blueprint.get("/people/<int:person_id>")
@requires(Permission.PEOPLE_MANAGE)
def person(person_id: int) -> str:
    """One person: details, roles, state."""
    return render_template("accounts/person.html", row=people_queries.person_page(person_id))


@blueprint.route("/people/<int:person_id>/details", methods=["GET", "POST"])
@requires(Permission.PEOPLE_MANAGE)
def person_details(person_id: int) -> str | Response:
    """Change a person's name and e-mail address."""
    row = people_queries.person_page(person_id)
    form = PersonForm(data={"name": row.name, "email": row.email, "version": row.version})
    back = url_for("accounts.person", person_id=person_id)
    if form.validate_on_submit():
        try:
            name, email = form.name.data or "", form.email.data or ""
            managing.change_details(current_person(), person_id, form.version_number, name, email)
        except Refused as refusal:
            form.refuse(refusal)
        except Stale as stale:
            return conflict_page(form, stale, back=back, what="this person's details")
        else:
            flash("The details are changed.")
            return redirect(back)
    return render_template("accounts/person_details.html", form=form, row=row)


@blueprint.route("/people/<int:person_id>/roles", methods=["GET", "POST"])
@requires(Permission.PEOPLE_MANAGE)
def person_roles(person_id: int) -> str | Response:
    """Change a person's roles."""
    row = people_queries.person_page(person_id)
    form = RolesForm(data={**RolesForm.showing(row.grants), "version": row.version})
    held = [grant.agency_id for grant in row.grants]
    form.offer(queries.area_choices(), queries.agency_choices(also=held))
    back = url_for("accounts.person", person_id=person_id)
    if form.validate_on_submit():
        try:
            managing.change_roles(current_person(), person_id, form.version_number, form.grants())
        except Refused as refusal:
            form.refuse(refusal)
        except Stale as stale:
            return conflict_page(form, stale, back=back, what="this person's roles")
        else:
            flash(f"The roles of {row.name} are changed.")
            return redirect(back)
    return render_template("accounts/person_roles.html", form=form, row=row)


@blueprint.post("/people/<int:person_id>/invite-again")
@requires(Permission.PEOPLE_MANAGE)
def invite_again(person_id: int) -> Response:
    """Send a new invitation."""
    row = people_queries.person_page(person_id)
    try:
        inviting.invite_again(current_person(), person_id, set_password_link)
    except Refused as refusal:
        raise NotAllowed(str(refusal)) from refusal
    flash(f"A new invitation is made; the old link no longer works. {_where_it_went(row.email)}")
    return _back_to(person_id)


@blueprint.post("/people/<int:person_id>/give-account")
@requires(Permission.PEOPLE_MANAGE)
def give_account(person_id: int) -> Response:
    """Make a guest somebody with an account."""
    name = managing.give_account(current_person(), person_id)
    flash(f"{name} is no guest any more. Give them a role, then send an invitation.")
    return _back_to(person_id)


@blueprint.post("/people/<int:person_id>/deactivate")
@requires(Permission.PEOPLE_MANAGE)
def deactivate_person(person_id: int) -> Response:
    """Let a person sign in no more."""
    try:
        name = managing.deactivate(current_person(), person_id)
    except Refused as refusal:
        raise NotAllowed(str(refusal)) from refusal
    flash(f"{name} is deactivated and signed out everywhere.")
    return _back_to(person_id)


@blueprint.post("/people/<int:person_id>/reactivate")
@requires(Permission.PEOPLE_MANAGE)
def reactivate_person(person_id: int) -> Response:
    """Let a person sign in again."""
    name = managing.reactivate(current_person(), person_id)
    flash(f"{name} is active again.")
    return _back_to(person_id)


@blueprint.post("/people/<int:person_id>/end-sign-ins")
@requires(Permission.PEOPLE_MANAGE)
def end_sign_ins(person_id: int) -> Response:
    """Sign a person out everywhere."""
    name = managing.end_all_sign_ins(current_person(), person_id)
    flash(f"{name} is signed out everywhere.")
    return _back_to(person_id)


def _back_to(person_id: int) -> Response:
    return redirect(url_for("accounts.person", person_id=person_id))


def _mail_to_files() -> bool:
    return current_app.extensions["settings"].smtp_url is None


def _where_it_went(email: str) -> str:
    if _mail_to_files():
        return "No mail server is set up, so the message was put into the outbox folder on the server."
    return f"A link to choose a password is on its way to {email}."
