"""An edition as a file to take away: YAML, a workbook, a blank tool to print."""

from importlib import import_module

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from qa.accounts.access import current_person, requires
from qa.accounts.permissions import Permission
from qa.accounts.sectors import Sector
from qa.frameworks.blank_reading import blank_of
from qa.frameworks.blank_tool import blank_tool
from qa.frameworks.checking import load_themes
from qa.frameworks.content import FrameworkContent
from qa.frameworks.taking_out import content_to_take
from qa.frameworks.views.blueprint import blueprint
from qa.frameworks.workbook.writing import MEDIA_TYPE, workbook_bytes
from qa.problems import NotFound, Refused
from qa.publishing.pdf import render_pdf
from qa.publishing.word import render_docx
from qa.web.notices import not_done

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def _yaml(content: FrameworkContent) -> str:
    # Loaded when it is asked for: the library would make every start longer.
    text: str = import_module("qa.frameworks.yaml_source").dump_yaml(content)
    return text


@blueprint.get("/frameworks/editions/<int:edition_id>/file")
@requires(Permission.FRAMEWORKS_READ)
def file(edition_id: int) -> Response:
    """The edition as a file that can be brought in again. format: yaml (also when none is given) or xlsx."""
    form = request.args.get("format", "yaml")
    if form not in {"yaml", "xlsx"}:
        raise NotFound("no such kind of file")
    try:
        content = content_to_take(current_person(), edition_id)
        raw = workbook_bytes(content, load_themes().themes) if form == "xlsx" else _yaml(content).encode()
    except Refused as refusal:
        not_done(refusal)
        return redirect(url_for("frameworks.edition", edition_id=edition_id))
    return Response(
        raw,
        mimetype=MEDIA_TYPE if form == "xlsx" else "application/yaml",
        headers={"Content-Disposition": f'attachment; filename="{content.key}.{form}"'},
    )


@blueprint.get("/frameworks/editions/<int:edition_id>/blank")
@requires(Permission.FRAMEWORKS_READ)
def blank(edition_id: int) -> Response:
    """The edition as a tool to fill in on paper, as a PDF or a Word document.

    format: pdf (also when none is given) or docx. sector: whose questions; everybody's without it.
    """
    form, sector = request.args.get("format", "pdf"), request.args.get("sector", "")
    if form not in {"pdf", "docx"} or sector not in {"", *Sector}:
        raise NotFound("no such kind of blank tool")
    try:
        of = blank_of(current_person(), edition_id, Sector(sector) if sector else None)
    except Refused as refusal:
        not_done(refusal)
        return redirect(url_for("frameworks.edition", edition_id=edition_id))
    tool = blank_tool(of)
    content = render_pdf(tool) if form == "pdf" else render_docx(tool)
    parts = [of.content.key.replace("_", "-"), f"edition-{of.number}", "blank", sector.replace("_", "-")]
    name = "-".join(part for part in parts if part)
    return Response(
        content,
        mimetype="application/pdf" if form == "pdf" else WORD,
        headers={"Content-Disposition": f'attachment; filename="{name}.{form}"'},
    )
