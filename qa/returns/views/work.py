"""My work, and the task list of one return."""

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from qa.accounts.access import current_person, requires
from qa.accounts.permissions import Permission, can
from qa.audits.lifecycle import ReturnState
from qa.frameworks.reading import edition_tree
from qa.problems import NotFound
from qa.returns.decoding import profile_labels, profile_of
from qa.returns.progress import counts, progress_of
from qa.returns.queries import contents, get_return, section_keys
from qa.returns.views.blueprint import blueprint
from qa.returns.work import Show, WorkFilter, my_work, neighbours
from qa.trail.recording import record_reading
from qa.web.paging import page_number


@blueprint.get("/my-work", endpoint="my_work")
@requires(Permission.RETURNS_READ)
def my_work_page() -> str:
    """The returns that wait for this person; a guest has one, and no list of them."""
    if current_person().is_guest:
        raise NotFound
    audit = request.args.get("audit", "")
    wanted = WorkFilter(
        show=_show(request.args.get("show", "")),
        audit_id=int(audit) if audit.isdigit() and len(audit) < 10 else None,
        who=request.args.get("who") or None,
    )
    work = my_work(current_person(), wanted, page_number())
    return render_template("returns/my_work.html", work=work, wanted=wanted, shows=list(Show))


def _show(text: str) -> Show:
    return Show(text) if text in set(Show) else Show.OPEN


@blueprint.get("/returns/<int:return_id>")
@requires(Permission.RETURNS_READ)
def show(return_id: int) -> str | Response:
    """The task list of a return; for those who only read it, or once it is submitted, its answers."""
    person = current_person()
    record = get_return(person, return_id)
    completes = can(person, Permission.RETURNS_COMPLETE, record.facts(person))
    if not completes or record.state is ReturnState.SUBMITTED or not record.fieldwork:
        return redirect(url_for("returns.read", return_id=return_id))
    tree = edition_tree(record.edition_id)
    held = contents(return_id, tree)
    profile = profile_of(record.profile_text, tree)
    with_findings = section_keys(held, tree)
    sections = progress_of(tree.content, record.sector, profile, held.answers, with_findings)
    beside = neighbours(person, record)
    record_reading(person.id, "return", record.id, area_id=record.area_id)
    return render_template(
        "returns/show.html",
        record=record,
        tree=tree,
        sections=sections,
        counts=counts(sections),
        profile=profile_labels(profile, tree),
        beside=beside,
        last_change=held.last_change,
    )
