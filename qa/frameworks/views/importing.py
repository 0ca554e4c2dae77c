"""Bringing a framework in from a file."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from qa.accounts.access import current_person, requires
from qa.accounts.permissions import Permission
from qa.frameworks import commands
from qa.frameworks.file_problems import FileProblem
from qa.frameworks.forms import ImportForm
from qa.frameworks.views.blueprint import blueprint
from qa.problems import Refused

LARGEST_FILE = 2 * 1024 * 1024


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
