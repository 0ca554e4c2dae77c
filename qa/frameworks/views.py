"""The library: frameworks, their editions, and ways to bring one in."""

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from qa.accounts.access import current_person, requires
from qa.accounts.permissions import Permission
from qa.frameworks import commands, queries
from qa.frameworks.describing import describe
from qa.frameworks.file_problems import FileProblem
from qa.frameworks.forms import EditionForm, ImportForm
from qa.frameworks.reading import edition_tree
from qa.frameworks.shipped import one, shipped
from qa.frameworks.yaml_source import dump_yaml
from qa.problems import Refused

blueprint = Blueprint("frameworks", __name__, template_folder="templates")
LARGEST_FILE = 2 * 1024 * 1024


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
def edition(edition_id: int) -> str:
    """An edition whole, as auditors will be asked."""
    version = queries.check_readable(current_person(), edition_id)
    tree = edition_tree(edition_id)
    form = EditionForm(data={"version": version})
    return render_template(
        "frameworks/edition.html", tree=tree, state_form=form, described=describe(tree.content)
    )


@blueprint.get("/frameworks/editions/<int:edition_id>/file")
@requires(Permission.FRAMEWORKS_READ)
def file(edition_id: int) -> Response:
    """The edition as a YAML file that can be brought in again."""
    queries.check_readable(current_person(), edition_id)
    tree = edition_tree(edition_id)
    name = f"{tree.content.key}.yaml"
    return Response(
        dump_yaml(tree.content),
        mimetype="application/yaml",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
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


@blueprint.route("/frameworks/import", methods=["GET", "POST"])
@requires(Permission.FRAMEWORKS_MANAGE)
def import_file() -> str | Response:
    """Bring in a framework file; every problem is named, and nothing is kept until it checks."""
    form, problems = ImportForm(), tuple[FileProblem, ...]()
    if form.validate_on_submit():
        try:
            text = _text(form)
            edition_id = commands.import_text(
                current_person(), text, _name(form), publish=form.publish.data == "publish"
            )
        except commands.BadFile as bad:
            problems = bad.problems
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash("The framework is here.")
            return redirect(url_for("frameworks.edition", edition_id=edition_id))
    return render_template("frameworks/import.html", form=form, problems=problems)


def _name(form: ImportForm) -> str:
    return str(form.file.data.filename or "framework.yaml").replace("\\", "/").rsplit("/", 1)[-1][:100]


def _text(form: ImportForm) -> str:
    content: bytes = form.file.data.read(LARGEST_FILE + 1)
    if len(content) > LARGEST_FILE:
        raise Refused({"file": "The file is larger than 2 MB; a framework is far smaller"})
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused({"file": "The file is not text in UTF-8: save it as UTF-8 and try again"}) from None
