"""The door of every route: who is asking, and the permission the route declares."""

import ipaddress
from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar

from flask import Flask, Response, current_app, g, make_response, request, session
from sqlalchemy import select

from qa.accounts.models import Installation
from qa.accounts.permissions import CurrentPerson, Permission, holds
from qa.accounts.sessions import presence
from qa.db import db
from qa.problems import NotAllowed
from qa.web.errors import SignInNeeded

View = TypeVar("View", bound=Callable[..., Any])
TOKEN = "sign_in"  # noqa: S105 the name of the cookie's entry, not a secret
LOOPBACK_NAMES = {"localhost", "127.0.0.1", "[::1]"}


def requires(permission: Permission) -> Callable[[View], View]:
    """Declare the permission a view needs; checked before it runs. Scope is for queries and commands."""

    def mark(view: View) -> View:
        view.permission = permission  # type: ignore[attr-defined]
        return view

    return mark


def public(view: View) -> View:
    """Declare that a view needs nobody to be signed in."""
    view.public = True  # type: ignore[attr-defined]
    return view


def current_person() -> CurrentPerson:
    """Who is asking. Raises SignInNeeded on a public page with nobody signed in."""
    person: CurrentPerson | None = g.get("person")
    if person is None:
        raise SignInNeeded
    return person


def may(permission: Permission) -> bool:
    """For templates and navigation: whether the person holds the permission for anything at all."""
    return holds(g.get("person"), permission)


def init_app(app: Flask) -> None:
    """Put the door in front of every route."""
    app.before_request(_identify)
    app.before_request(_check)

    @app.context_processor
    def who() -> dict[str, object]:
        return {
            "person": g.get("person"),
            "may": may,
            "Permission": Permission,
            "demonstration": g.get("demonstration", False),
        }


def _identify() -> Response | None:
    if request.endpoint == "static":
        return None
    token = session.get(TOKEN)
    found = presence(token, timedelta(minutes=current_app.config["IDLE_MINUTES"])) if token else None
    if found:
        g.person, g.sign_in_id, g.demonstration = found.person, found.sign_in_id, found.demonstration
    else:
        g.demonstration = is_demonstration()
    if g.demonstration and not _from_this_machine():
        text = "This is a demonstration database: it is served on this machine only (127.0.0.1)."
        return make_response(text, 403, {"Content-Type": "text/plain"})
    return None


def _check() -> None:
    if request.endpoint in {None, "static"}:
        return
    view = current_app.view_functions[request.endpoint or ""]
    if getattr(view, "public", False):
        return
    if g.get("person") is None:
        raise SignInNeeded
    permission: Permission | None = getattr(view, "permission", None)
    if permission is None or not holds(g.person, permission):
        raise NotAllowed("")


def is_demonstration() -> bool:
    """Whether this database holds the demonstration partnership."""
    return bool(db.session.scalar(select(Installation.demonstration)))


def _from_this_machine() -> bool:
    host = request.host.rsplit(":", 1)[0] if not request.host.endswith("]") else request.host
    try:
        near = ipaddress.ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        near = False
    return near and host in LOOPBACK_NAMES and "X-Forwarded-For" not in request.headers
