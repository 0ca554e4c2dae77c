"""The address at which the owner of a one-time token sets a password."""

from flask import current_app, has_request_context, request, url_for

from qa.config import Settings

LOCAL = "http://127.0.0.1:5000"


def set_password_link(token: str) -> str:
    """The whole address, under PUBLIC_URL, or under the host that the request came to.

    From the command line, without PUBLIC_URL, it is where `python app.py` serves.
    """
    settings: Settings = current_app.extensions["settings"]
    if has_request_context():
        base = settings.public_url or request.url_root.rstrip("/")
        return base + url_for("accounts.set_password", token=token).removeprefix(request.script_root)
    base = settings.public_url or LOCAL
    with current_app.test_request_context(base_url=base):
        return url_for("accounts.set_password", token=token, _external=True)
