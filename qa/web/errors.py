"""Error pages: what is wrong and what to do; typed text is shown again; no stack trace reaches anyone."""

import logging
from collections.abc import Mapping, Sequence

from flask import Flask, Response, make_response, redirect, render_template, request, session, url_for
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as BaseResponse

from qa.problems import NotAllowed, NotFound, Stale
from qa.web.forms import Form
from qa.web.resending import again, typed

log = logging.getLogger("qa")
# In a guest's cookie: the secret of the link they came by, which leads them back to its page.
GUEST_LINK = "guest_link"


class SignInNeeded(Exception):
    """Nobody is signed in and the page is not public."""


def init_app(app: Flask) -> None:
    """Register the handlers, and for templates the address at which one signs in again."""
    app.add_template_global(sign_in_address, "sign_in_address")
    app.register_error_handler(NotFound, lambda _e: _page(404, "web/not_found.html"))
    app.register_error_handler(404, lambda _e: _page(404, "web/not_found.html"))
    app.register_error_handler(405, lambda _e: _page(405, "web/not_found.html"))
    app.register_error_handler(
        NotAllowed, lambda error: _page(403, "web/not_allowed.html", reason=str(error))
    )
    app.register_error_handler(403, lambda _e: _page(403, "web/not_allowed.html", reason=""))
    app.register_error_handler(413, lambda _e: _page(413, "web/too_large.html"))
    app.register_error_handler(SignInNeeded, _sign_in_needed)
    app.register_error_handler(CSRFError, lambda _e: _page(400, "web/form_expired.html", **again()))
    app.register_error_handler(Stale, lambda _e: _page(409, "web/conflict_plain.html", typed=typed()))
    app.register_error_handler(Exception, _unexpected)


def conflict_page(form: Form, stale: Stale, back: str, what: str) -> Response:
    """409: somebody changed the record meanwhile. Shows both versions; either can be kept.

    back: address of the page with the present version. what: the record in words ("this section").
    """
    typed = form.typed()
    rows = []
    for name, theirs in stale.current.items():
        field = form._fields.get(name)
        label = field.label.text if field is not None else name
        rows.append({"label": label, "yours": typed.get(name, ""), "theirs": theirs})
    return two_versions(rows, stale, back, what)


def two_versions(
    rows: Sequence[Mapping[str, str]], stale: Stale, back: str, what: str, *, keep_theirs: bool = False
) -> Response:
    """409 with both versions of the rows given (label, yours, theirs); the form sent is carried along.

    keep_theirs: offer to save the rest of the form without these rows; it then carries keep=theirs.
    """
    hidden = [(k, v) for k, v in request.form.items(multi=True) if k not in {"csrf_token", "version", "keep"}]
    html = render_template(
        "web/conflict.html",
        rows=rows,
        stale=stale,
        back=back,
        what=what,
        hidden=hidden,
        action=request.full_path,
        keep_theirs=keep_theirs,
    )
    return make_response(html, 409)


def _page(status: int, template: str, **context: object) -> Response:
    return make_response(render_template(template, **context), status)


def sign_in_address(back: str | None = None) -> str:
    """Where one signs in again, a guest on the page of their link. back: where to go then."""
    token = session.get(GUEST_LINK)
    if token:
        return url_for("guests.link", token=token, next=back)
    return url_for("accounts.sign_in", next=back)


def _sign_in_needed(_error: SignInNeeded) -> BaseResponse:
    if request.method == "GET":
        return redirect(sign_in_address(request.full_path.rstrip("?")))
    return _page(401, "web/signed_out.html", **again())


def _unexpected(error: Exception) -> Response | HTTPException:
    if isinstance(error, HTTPException):
        if error.code and error.code < 500:
            return _page(error.code, "web/bad_request.html")
        return error
    # The address and the kind of error, never what was typed.
    log.error("%s %s failed", request.method, request.path, exc_info=error)
    return _page(500, "web/failed.html")
