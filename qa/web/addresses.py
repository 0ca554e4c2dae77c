"""Whole addresses of pages, for messages that are read outside the application."""

from typing import Any

from flask import current_app, has_request_context, request, url_for

from qa.config import Settings

LOCAL = "http://127.0.0.1:5000"


def public_address(endpoint: str, **values: Any) -> str:
    """The whole address of a page: under PUBLIC_URL, or under the host that the request came to.

    From the command line, without PUBLIC_URL, it is where `python app.py` serves.
    """
    settings: Settings = current_app.extensions["settings"]
    if has_request_context():
        base = settings.public_url or request.url_root.rstrip("/")
        return base + url_for(endpoint, **values).removeprefix(request.script_root)
    with current_app.test_request_context(base_url=settings.public_url or LOCAL):
        return url_for(endpoint, **values, _external=True)
