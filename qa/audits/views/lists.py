"""The list of audits."""

from flask import render_template, request

from qa.accounts.access import current_person, requires
from qa.accounts.permissions import Permission
from qa.audits.lifecycle import Stage
from qa.audits.queries.lists import AuditFilter, areas_of_audits, audit_list, frameworks_of_audits
from qa.audits.views.base import blueprint
from qa.web.forms import clean
from qa.web.paging import page_number


@blueprint.get("/audits")
@requires(Permission.AUDITS_READ)
def index() -> str:
    """The audits within the person's reach."""
    person = current_person()
    stage = request.args.get("stage", "")
    narrowed = AuditFilter(
        area_id=_number("area"),
        framework_id=_number("framework"),
        stage=Stage(stage) if stage in set(Stage) else None,
        text=clean(request.args.get("text"))[:100],
    )
    return render_template(
        "audits/index.html",
        page=audit_list(person, narrowed, page_number()),
        areas=areas_of_audits(person),
        frameworks=frameworks_of_audits(person),
        narrowed=narrowed,
        stages=list(Stage),
    )


def _number(name: str) -> int | None:
    text = request.args.get(name, "")
    return int(text) if text.isdigit() and len(text) < 10 else None
