"""Two editions side by side."""

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from qa.accounts.access import current_person, requires
from qa.accounts.permissions import Permission
from qa.frameworks.comparing import Change, Part, compare
from qa.frameworks.gathering import gathered
from qa.frameworks.library import framework_line
from qa.frameworks.side_by_side import sides
from qa.frameworks.views.blueprint import blueprint
from qa.frameworks.word_difference import word_difference


@blueprint.get("/frameworks/<int:framework_id>/compare")
@requires(Permission.FRAMEWORKS_READ)
def choose_editions(framework_id: int) -> Response:
    """Lead to the comparison of the two editions chosen on the framework's page."""
    line = framework_line(current_person(), framework_id)
    there = {str(edition.id) for edition in line.editions}
    chosen = (request.args.get("old", ""), request.args.get("new", ""))
    if not there.issuperset(chosen):
        return redirect(url_for("frameworks.framework", framework_id=framework_id))
    return redirect(
        url_for("frameworks.compare_editions", edition_id=int(chosen[0]), other_id=int(chosen[1]))
    )


@blueprint.get("/frameworks/editions/<int:edition_id>/compare/<int:other_id>")
@requires(Permission.FRAMEWORKS_READ)
def compare_editions(edition_id: int, other_id: int) -> str:
    """What the second edition changes against the first: counts, then every change, marked word by word."""
    both = sides(current_person(), edition_id, other_id)
    asked = request.args.get("change", "")
    change = Change(asked) if asked in set(Change) else None
    comparison = compare(both.old, both.new) if both.old and both.new else None
    return render_template(
        "frameworks/compare.html",
        both=both,
        comparison=comparison,
        change=change,
        changes=list(Change),
        parts=[Part.QUESTION, Part.SECTION, Part.SCALE, Part.PROFILE_FIELD, Part.DETAILS],
        gathered=gathered,
        word_difference=word_difference,
    )
