"""Bringing a framework in from a file."""

from flask import current_app, flash, redirect, render_template, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from qa.accounts.access import current_person, requires
from qa.accounts.permissions import Permission
from qa.config import ImportLimits, Settings
from qa.frameworks.checking import load_themes
from qa.frameworks.commands import BadFile
from qa.frameworks.forms import CHECK, PUBLISH, ImportForm
from qa.frameworks.importing import BroughtIn, bring_in, would_become
from qa.frameworks.views.blueprint import blueprint
from qa.frameworks.workbook.writing import MEDIA_TYPE, blank_workbook
from qa.problems import Refused, refused

MOST_SHOWN = 200
_COMPARED = Markup(' <a class="govuk-notification-banner__link" href="{}">Compare it with edition {}</a>')


@blueprint.route("/frameworks/import", methods=["GET", "POST"])
@requires(Permission.FRAMEWORKS_MANAGE)
def import_file() -> str | Response:
    """Bring in a framework file; every problem is named, and nothing is kept until it checks."""
    form, bad, checked = ImportForm(), None, None
    if form.validate_on_submit():
        person, limits = current_person(), _limits()
        try:
            raw, name = _raw(form, limits), _name(form)
            if form.publish.data == CHECK:
                checked = would_become(person, raw, name, limits)
            else:
                publish = form.publish.data == PUBLISH
                return _arrived(bring_in(person, raw, name, limits, publish=publish), publish=publish)
        except BadFile as problem:
            bad = problem
        except Refused as refusal:
            form.refuse(refusal)
    return render_template(
        "frameworks/import.html",
        form=form,
        problems=bad.problems if bad else (),
        most=MOST_SHOWN,
        checked=checked,
        limits=_limits(),
    )


@blueprint.get("/frameworks/import/blank-workbook")
@requires(Permission.FRAMEWORKS_MANAGE)
def blank_import_workbook() -> Response:
    """An Excel workbook to write a framework in."""
    return Response(
        blank_workbook(load_themes().themes),
        mimetype=MEDIA_TYPE,
        headers={"Content-Disposition": 'attachment; filename="framework.xlsx"'},
    )


def _arrived(brought: BroughtIn, *, publish: bool) -> Response:
    """Lead to the new edition, and offer the comparison with the one before it."""
    becoming = brought.becoming
    state = "published" if publish else "here as a draft"
    said = Markup("{}, edition {}, is {}.").format(brought.content.name, becoming.number, state)
    if becoming.earlier_id is not None:
        address = url_for(
            "frameworks.compare_editions", edition_id=becoming.earlier_id, other_id=brought.edition_id
        )
        said += _COMPARED.format(address, becoming.earlier_number)
    flash(said)
    return redirect(url_for("frameworks.edition", edition_id=brought.edition_id))


def _limits() -> ImportLimits:
    settings: Settings = current_app.extensions["settings"]
    return settings.import_limits


def _name(form: ImportForm) -> str:
    return str(form.file.data.filename or "framework.yaml").replace("\\", "/").rsplit("/", 1)[-1][:100]


def _raw(form: ImportForm, limits: ImportLimits) -> bytes:
    most = limits.file_mb * 1_000_000
    content: bytes = form.file.data.read(most + 1)
    if len(content) > most:
        raise refused(f"The file is larger than {limits.file_mb} MB; a framework is far smaller", "file")
    return content
