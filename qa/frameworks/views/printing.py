"""An edition as a file to take away: YAML, a workbook, a blank tool to print."""

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from qa.accounts.access import current_person, requires
from qa.accounts.permissions import Permission
from qa.frameworks.checking import load_themes
from qa.frameworks.taking_out import content_to_take
from qa.frameworks.views.blueprint import blueprint
from qa.frameworks.workbook.writing import MEDIA_TYPE, workbook_bytes
from qa.frameworks.yaml_source import dump_yaml
from qa.problems import NotFound, Refused


@blueprint.get("/frameworks/editions/<int:edition_id>/file")
@requires(Permission.FRAMEWORKS_READ)
def file(edition_id: int) -> Response:
    """The edition as a file that can be brought in again. format: yaml (also when none is given) or xlsx."""
    form = request.args.get("format", "yaml")
    if form not in {"yaml", "xlsx"}:
        raise NotFound("no such kind of file")
    try:
        content = content_to_take(current_person(), edition_id)
        raw = workbook_bytes(content, load_themes().themes) if form == "xlsx" else dump_yaml(content).encode()
    except Refused as refusal:
        flash(str(refusal))
        return redirect(url_for("frameworks.edition", edition_id=edition_id))
    return Response(
        raw,
        mimetype=MEDIA_TYPE if form == "xlsx" else "application/yaml",
        headers={"Content-Disposition": f'attachment; filename="{content.key}.{form}"'},
    )
