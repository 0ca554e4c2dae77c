"""The library: frameworks, their editions, and ways to bring one in."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from qa.accounts.access import current_person, requires
from qa.accounts.permissions import Permission
from qa.frameworks import commands, queries
from qa.frameworks.describing import describe
from qa.frameworks.forms import EditionForm
from qa.frameworks.reading import edition_tree
from qa.frameworks.shipped import one, shipped
from qa.frameworks.states import EditionState
from qa.frameworks.views.blueprint import blueprint
from qa.problems import Refused


@blueprint.get("/frameworks")
@requires(Permission.FRAMEWORKS_READ)
def library() -> str:
    """What exists, and what is shipped but not here yet."""
    rows = queries.editions(current_person())
    here = {row.key for row in rows}
    return render_template(
        "frameworks/library.html",
        rows=rows,
        missing=[entry for entry in shipped() if entry.content.key not in here],
    )


@blueprint.post("/frameworks/shipped/<key>")
@requires(Permission.FRAMEWORKS_MANAGE)
def add_shipped(key: str) -> Response:
    """Publish a shipped framework here."""
    person, entry = current_person(), one(key)
    edition_id = commands.import_framework(person.id, entry.content, publish=True)
    flash(f"{entry.content.name} is published and ready for audits.")
    return redirect(url_for("frameworks.edition", edition_id=edition_id))


@blueprint.get("/frameworks/editions/<int:edition_id>")
@requires(Permission.FRAMEWORKS_READ)
def edition(edition_id: int) -> str | Response:
    """An edition whole, as auditors will be asked; a draft is opened to be written."""
    version = queries.check_readable(current_person(), edition_id)
    tree = edition_tree(edition_id)
    if tree.state is EditionState.DRAFT:
        return redirect(url_for("frameworks.draft", edition_id=edition_id))
    form = EditionForm(data={"version": version})
    return render_template(
        "frameworks/edition.html", tree=tree, state_form=form, described=describe(tree.content)
    )


@blueprint.post("/frameworks/editions/<int:edition_id>/<any(publish, withdraw):step>")
@requires(Permission.FRAMEWORKS_MANAGE)
def change_state(edition_id: int, step: str) -> Response:
    """Publish a draft, or withdraw a published edition."""
    form = EditionForm()
    act = commands.publish if step == "publish" else commands.withdraw
    try:
        act(current_person(), edition_id, form.version_number)
        flash("The edition is published." if step == "publish" else "The edition is withdrawn.")
    except Refused as refusal:
        flash(str(refusal))
    return redirect(url_for("frameworks.edition", edition_id=edition_id))
