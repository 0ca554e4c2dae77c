"""The blueprint that every page of links hangs on, and the whole address of a link."""

from flask import Blueprint, current_app, request, url_for

from qa.config import Settings

blueprint = Blueprint("guests", "qa.guests", template_folder="templates")


def link_address(token: str) -> str:
    """Where a message says the link is: under PUBLIC_URL, or under the host that the request came to."""
    settings: Settings = current_app.extensions["settings"]
    base = settings.public_url or request.url_root.rstrip("/")
    return base + url_for("guests.link", token=token).removeprefix(request.script_root)
