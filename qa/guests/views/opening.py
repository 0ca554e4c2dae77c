"""A link's own pages: ask for a code, type it in, and on to the return. Looking at them changes nothing."""

import re

from flask import flash, g, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from qa.accounts.access import TOKEN, public
from qa.guests import opening
from qa.guests.forms import CodeForm
from qa.guests.queries import OpenedLink, opened_link
from qa.guests.views.blueprint import blueprint
from qa.problems import NotFound, Refused
from qa.web.errors import GUEST_LINK

_OF_RETURN = re.compile(r"/returns/([0-9]{1,9})(?:/[A-Za-z0-9_-]+){0,3}\??[^\\]*\Z")


@blueprint.get("/link/<token>")
@public
def link(token: str) -> str | Response | tuple[str, int]:
    """What a guest's link opens first: a button that sends a code."""
    found = _found(token)
    if found is None or found.ended is not None:
        return _ended(found)
    person = g.get("person")
    if person is not None and person.guest_of == found.return_id:
        return redirect(_onwards(found.return_id))
    return render_template("guests/link.html", link=found, token=token, next=request.args.get("next"))


@blueprint.post("/link/<token>/ask")
@public
def ask_code(token: str) -> str | Response | tuple[str, int]:
    """Send a code to the address that the link went to."""
    try:
        opening.ask_code(token)
    except NotFound:
        return _ended(_found(token))
    except Refused as refusal:
        form = CodeForm(formdata=None)
        form.refuse(refusal)
        return render_template("guests/code.html", form=form, token=token)
    flash("A code is on its way to the address that your link was sent to.")
    return redirect(url_for("guests.code", token=token, next=request.args.get("next")))


@blueprint.route("/link/<token>/code", methods=["GET", "POST"])
@public
def code(token: str) -> str | Response | tuple[str, int]:
    """Type the code in; the return opens."""
    found, form = _found(token), CodeForm()
    if found is None or found.ended is not None:
        return _ended(found)
    if form.validate_on_submit():
        try:
            opened, return_id = opening.open_return(token, form.code.data or "")
        except NotFound:
            return _ended(_found(token))
        except Refused as refusal:
            form.refuse(refusal)
        else:
            session.clear()  # a fresh cookie: nothing from before survives
            session[TOKEN], session[GUEST_LINK] = opened, token
            return redirect(_onwards(return_id))
    return render_template("guests/code.html", form=form, token=token)


def _found(token: str) -> OpenedLink | None:
    try:
        return opened_link(token)
    except NotFound:
        return None


def _ended(found: OpenedLink | None) -> tuple[str, int]:
    """That the link opens nothing, and why."""
    return render_template("guests/ended.html", link=found), 404 if found is None else 410


def _onwards(return_id: int) -> str:
    """Where the guest was when they were signed out, if that is a page of their return; else its first."""
    address = request.args.get("next") or ""
    place = _OF_RETURN.match(address)
    if place is not None and int(place[1]) == return_id:
        return address
    return url_for("returns.show", return_id=return_id)
