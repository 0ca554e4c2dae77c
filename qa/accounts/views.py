"""Pages of signing in, and of one's own account."""

from urllib.parse import urlsplit

from flask import flash, g, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from qa.accounts import inviting, signing_in
from qa.accounts.access import TOKEN, current_person, public, requires
from qa.accounts.blueprint import blueprint
from qa.accounts.forms import ChangePasswordForm, ForgottenForm, NewPasswordForm, SignInForm
from qa.accounts.granting import in_words
from qa.accounts.links import set_password_link
from qa.accounts.people_queries import own_roles
from qa.accounts.permissions import Permission
from qa.problems import NotFound, Refused
from qa.web.errors import sign_in_address


@blueprint.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> str | Response:
    """Sign in; then on to where the person was going."""
    form = SignInForm()
    if form.validate_on_submit():
        try:
            token = signing_in.sign_in(form.email.data or "", form.password.data or "")
        except Refused as refusal:
            form.refuse(refusal)
        else:
            session.clear()  # a fresh cookie: nothing from before sign-in survives
            session[TOKEN] = token
            return redirect(_inside(request.args.get("next")))
    return render_template("accounts/sign_in.html", form=form)


def _inside(address: str | None) -> str:
    """The address if it is a path of this site, the home page if not."""
    parts = urlsplit(address or "")
    safe = address and address.startswith("/") and not address.startswith("//") and "\\" not in address
    return address if safe and address and not parts.netloc and not parts.scheme else url_for("home.home")


@blueprint.post("/sign-out")
@requires(Permission.SESSION_USE)
def sign_out() -> Response:
    """End this session."""
    signing_in.sign_out(current_person().id, g.sign_in_id)
    onwards = sign_in_address()  # for a guest the page of their link, which the cookie knows
    session.clear()
    return redirect(onwards)


@blueprint.route("/set-password/<token>", methods=["GET", "POST"])
@public
def set_password(token: str) -> str | Response | tuple[str, int]:
    """Choose a password by an invitation or reset link."""
    form = NewPasswordForm()
    try:
        owner = signing_in.link_owner(token)
        if form.validate_on_submit():
            signing_in.set_password_by_link(token, form.new_password.data or "")
            flash("Your password is set. Sign in with it.")
            return redirect(url_for("accounts.sign_in"))
    except NotFound:
        return render_template("accounts/link_ended.html"), 404
    except Refused as refusal:
        form.refuse(refusal)
    return render_template("accounts/set_password.html", form=form, owner=owner)


@blueprint.route("/account", methods=["GET", "POST"])
@requires(Permission.HOME_SEE)
def account() -> str | Response:
    """One's own roles and password."""
    person, form = current_person(), ChangePasswordForm()
    if form.validate_on_submit():
        try:
            signing_in.change_password(
                person.id, g.sign_in_id, form.current_password.data or "", form.new_password.data or ""
            )
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash("Your password is changed, and your other sign-ins have ended.")
            return redirect(url_for("accounts.account"))
    roles = [
        in_words(row.role, row.area.name if row.area else None, row.agency.name if row.agency else None)
        for row in own_roles(person)
    ]
    return render_template("accounts/account.html", form=form, roles=roles)


@blueprint.post("/account/end-other-sign-ins")
@requires(Permission.HOME_SEE)
def end_other_sign_ins() -> Response:
    """End every session but this one."""
    signing_in.end_other_sign_ins(current_person().id, g.sign_in_id)
    flash("You are signed out everywhere else.")
    return redirect(url_for("accounts.account"))


@blueprint.route("/forgotten-password", methods=["GET", "POST"])
@public
def forgotten() -> str:
    """Ask for a reset link. The answer is the same whether or not the address is known."""
    form = ForgottenForm()
    sent = form.validate_on_submit()
    if sent:
        inviting.ask_reset(form.email.data or "", set_password_link)
    return render_template("accounts/forgotten.html", form=form, sent=sent)
