"""The blueprint of programmes, and what their pages share."""

from flask import Blueprint

from qa.audits.programme.planned import Status

blueprint = Blueprint("programme", __name__, template_folder="templates")

STATUS_COLOURS = {
    Status.PLANNED: "grey",
    Status.UNDER_WAY: "blue",
    Status.DONE: "green",
    Status.POSTPONED: "yellow",
    Status.DROPPED: "orange",
    Status.CARRIED_OVER: "turquoise",
}


@blueprint.app_template_filter("status_colour")
def status_colour(status: Status) -> str:
    """The colour of a status's tag; the tag's words say the status."""
    return STATUS_COLOURS[status]
