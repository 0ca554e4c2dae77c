"""The library: frameworks a row each, the page of one with all its editions, and an edition whole."""

from flask import current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from qa.accounts.access import current_person, may, requires
from qa.accounts.permissions import Permission
from qa.frameworks import commands, library, queries
from qa.frameworks.comparing import compare
from qa.frameworks.describing import describe
from qa.frameworks.forms import ALL_AREAS, EditionForm, SharingForm
from qa.frameworks.reading import edition_tree
from qa.frameworks.sharing import check_manages
from qa.frameworks.shipped import shipped, shipped_keys
from qa.frameworks.side_by_side import sides
from qa.frameworks.states import EditionState
from qa.frameworks.uses import FrameworkUses, by_area
from qa.frameworks.views.blueprint import blueprint
from qa.frameworks.vocabulary import FrameworkKind
from qa.problems import Refused
from qa.web.forms import clean
from qa.web.paging import page_number

COMMANDS = {"publish": commands.publish, "withdraw": commands.withdraw, "restore": commands.restore}
DONE = {
    "publish": "The edition is published.",
    "withdraw": "The edition is withdrawn.",
    "restore": "The edition is published again.",
}


def uses() -> FrameworkUses:
    """What audits say of frameworks in use."""
    found: FrameworkUses = current_app.extensions["framework_uses"]
    return found


@blueprint.get("/frameworks", endpoint="library")
@requires(Permission.FRAMEWORKS_READ)
def index() -> str:
    """What exists, one row a framework, and what is shipped but not here yet."""
    person, narrowed = current_person(), _narrowed()
    page = library.library(person, narrowed, page_number())
    listed = uses().listed([line.id for line in page.items]) if page.items else ()
    here = library.frameworks_here(shipped_keys()) if may(Permission.FRAMEWORKS_MANAGE) else shipped_keys()
    return render_template(
        "frameworks/library.html",
        page=page,
        narrowed=narrowed,
        kinds=list(FrameworkKind),
        areas=library.areas_keeping(person),
        standings=[
            one
            for one in library.Standing
            if one is not library.Standing.DRAFT or may(Permission.FRAMEWORKS_MANAGE)
        ],
        uses={line.id: by_area(listed, line.id) for line in page.items},
        missing=[entry for entry in shipped() if entry.content.key not in here],
    )


def _narrowed() -> library.LibraryFilter:
    kind, standing = request.args.get("kind", ""), request.args.get("standing", "")
    area = request.args.get("area", "")
    return library.LibraryFilter(
        text=clean(request.args.get("text"))[:100],
        kind=FrameworkKind(kind) if kind in set(FrameworkKind) else None,
        area=area if area == library.SHARED or (area.isdecimal() and len(area) < 10) else "",
        standing=library.Standing(standing) if standing in set(library.Standing) else None,
    )


@blueprint.get("/frameworks/<int:framework_id>")
@requires(Permission.FRAMEWORKS_READ)
def framework(framework_id: int) -> str:
    """A framework: its editions, who can use it, which audits use which edition."""
    line = library.framework_line(current_person(), framework_id)
    listed = uses().listed([framework_id])
    return render_template(
        "frameworks/library_framework.html",
        line=line,
        uses={one.id: [use for use in listed if use.edition_id == one.id] for one in line.editions},
        comes_along=line.key in shipped_keys(),
        start_form=EditionForm(),
    )


@blueprint.route("/frameworks/<int:framework_id>/sharing", methods=["GET", "POST"])
@requires(Permission.FRAMEWORKS_MANAGE)
def sharing(framework_id: int) -> str | Response:
    """Share a framework with all areas, or keep it to one."""
    person = current_person()
    line = library.framework_line(person, framework_id)
    check_manages(person, line.area_id)
    form = SharingForm()
    form.offer_areas(library.areas_to_keep_in(person))
    if request.method == "GET":
        form.area.data, form.version.data = str(line.area_id or ALL_AREAS), str(line.area_id or 0)
    elif form.validate_on_submit():
        try:
            commands.keep_to(person, framework_id, form.area_id, form.seen_area_id, uses().areas)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash("All areas can use it now." if form.area_id is None else "It is kept to that area now.")
            return redirect(url_for("frameworks.framework", framework_id=framework_id))
    return render_template("frameworks/library_sharing.html", form=form, line=line)


@blueprint.get("/frameworks/editions/<int:edition_id>")
@requires(Permission.FRAMEWORKS_READ)
def edition(edition_id: int) -> str | Response:
    """An edition whole, as auditors will be asked; a draft is opened to be written."""
    facts = queries.edition_facts(current_person(), edition_id)
    if facts.state is EditionState.DRAFT:
        return redirect(url_for("frameworks.draft", edition_id=edition_id))
    tree = edition_tree(edition_id)
    return render_template(
        "frameworks/edition.html",
        tree=tree,
        facts=facts,
        start_form=EditionForm(),
        described=describe(tree.content),
        wordings=queries.wordings_of(facts.framework_id, facts.number) if facts.number > 1 else {},
    )


@blueprint.route(
    "/frameworks/editions/<int:edition_id>/<any(publish, withdraw, restore):step>", methods=["GET", "POST"]
)
@requires(Permission.FRAMEWORKS_MANAGE)
def change_state(edition_id: int, step: str) -> str | Response:
    """Publish a draft, withdraw an edition or restore it: says first what that means."""
    person, form = current_person(), EditionForm()
    facts = queries.edition_facts(person, edition_id)
    check_manages(person, facts.area_id)
    if request.method == "POST":
        try:
            COMMANDS[step](person, edition_id, form.version_number)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash(DONE[step])
            return redirect(url_for("frameworks.edition", edition_id=edition_id))
    form.version.data = str(facts.version)
    context = _to_publish(facts) if step == "publish" else {}
    return render_template("frameworks/edition_step.html", form=form, facts=facts, step=step, **context)


def _to_publish(facts: queries.EditionFacts) -> dict[str, object]:
    """What the draft changes against the framework's current edition, where there is one."""
    person = current_person()
    line = library.framework_line(person, facts.framework_id)
    if line.current is None or facts.state is not EditionState.DRAFT:
        return {"current": None, "comparison": None}
    both = sides(person, line.current.id, facts.id)
    found = compare(both.old, both.new) if both.old and both.new else None
    return {"current": line.current, "comparison": found}
