"""A return in Excel: download its form, upload it, see what differs, take it in."""

import re
import secrets
from collections.abc import Mapping

from flask import current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from qa.accounts.access import current_person, requires
from qa.accounts.permissions import Permission
from qa.config import ImportLimits, Settings
from qa.frameworks.editions import EditionTree
from qa.frameworks.reading import edition_tree
from qa.frameworks.workbook.grid import Place
from qa.frameworks.workbook.writing import MEDIA_TYPE
from qa.problems import Refused, refused
from qa.returns.decoding import profile_of
from qa.returns.drafts import FormKey
from qa.returns.forms import FilledForm
from qa.returns.offline.differing import Differences, carried, chosen, differences
from qa.returns.offline.filled import Fields, Wrong, read_filled
from qa.returns.offline.layout import lay_out
from qa.returns.offline.writing import form_bytes
from qa.returns.queries import contents, get_return
from qa.returns.records import ReturnRecord
from qa.returns.saving import Clashed, save_all
from qa.returns.views.blueprint import blueprint
from qa.trail.recording import record_reading
from qa.web.notices import not_done

MOST_SHOWN = 200
CHANGED = "Somebody changed the same answers meanwhile. Nothing was taken in: look at what differs now"
NOTHING_TICKED = "Nothing was ticked, so nothing was taken in"


@blueprint.route("/returns/<int:return_id>/excel", methods=["GET", "POST"])
@requires(Permission.RETURNS_COMPLETE)
def excel(return_id: int) -> str | Response:
    """Download the form, or upload one and see what it would change. Nothing is taken in here."""
    person, form = current_person(), FilledForm()
    record = get_return(person, return_id, Permission.RETURNS_COMPLETE)
    if not record.open:
        return redirect(url_for("returns.show", return_id=return_id))
    tree, wrong = edition_tree(record.edition_id), list[Wrong]()
    if form.validate_on_submit():
        try:
            filled = read_filled(_raw(form), _limits(), record, tree)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            found = _compared(record, tree, filled.key, filled.forms)
            wrong = [*filled.wrong, *_malformed(found, filled.places)]
            if not wrong:
                record_reading(person.id, "return", record.id, area_id=record.area_id, part="excel_upload")
                return _page(record, tree, found)
    return render_template(
        "returns/excel.html", record=record, form=form, wrong=wrong, most=MOST_SHOWN, limits=_limits()
    )


@blueprint.get("/returns/<int:return_id>/excel/form")
@requires(Permission.RETURNS_COMPLETE)
def excel_form(return_id: int) -> Response:
    """The return as a workbook to complete."""
    person = current_person()
    record = get_return(person, return_id, Permission.RETURNS_COMPLETE)
    if not record.open:
        return redirect(url_for("returns.show", return_id=return_id))
    tree = edition_tree(record.edition_id)
    held = contents(return_id, tree)
    profile = profile_of(record.profile_text, tree)
    try:
        raw = form_bytes(lay_out(record, tree, held, profile, FormKey(secrets.token_hex(6))))
    except Refused as refusal:
        not_done(refusal)
        return redirect(url_for("returns.excel", return_id=return_id))
    record_reading(person.id, "return", record.id, area_id=record.area_id, part="excel_form")
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", f"{record.case_reference} {record.agency}").strip("-")
    headers = {"Content-Disposition": f'attachment; filename="{name[:80] or "return"}.xlsx"'}
    return Response(raw, mimetype=MEDIA_TYPE, headers=headers)


@blueprint.post("/returns/<int:return_id>/excel/take-in")
@requires(Permission.RETURNS_COMPLETE)
def take_in(return_id: int) -> str | Response:
    """Take in what was ticked of a file's differences, or all of it; all of that or nothing."""
    person = current_person()
    record = get_return(person, return_id, Permission.RETURNS_COMPLETE)
    everything = request.form.get("do") == "all"
    picked = chosen(request.form.get("file", ""), None if everything else set(request.form.getlist("take")))
    if picked is None:
        not_done("The file could not be taken in. Choose it again")
        return redirect(url_for("returns.excel", return_id=return_id))
    tree = edition_tree(record.edition_id)
    if not picked.names:
        problem = NOTHING_TICKED
    else:
        order = [section.key for section in tree.content.sections if section.key in picked.forms]
        try:
            save_all(person, return_id, {key: picked.forms[key] for key in order}, picked.key)
        except Clashed:
            problem = CHANGED
        except Refused as refusal:
            problem = str(refusal)
        else:
            count = len(picked.names)
            flash("1 answer was taken in." if count == 1 else f"{count} answers were taken in.")
            return redirect(url_for("returns.show", return_id=return_id))
    found = _compared(record, tree, picked.key, picked.everything)
    return _page(record, tree, found, problem)


def _compared(
    record: ReturnRecord, tree: EditionTree, key: FormKey, forms: Mapping[str, Fields]
) -> Differences:
    held = contents(record.id, tree)
    return differences(record, tree, held, profile_of(record.profile_text, tree), key, forms)


def _malformed(found: Differences, places: Mapping[tuple[str, str], Place]) -> list[Wrong]:
    """What is malformed, with its cell."""
    return [Wrong(places.get((section, error.field)), error.summary) for section, error in found.errors]


def _page(record: ReturnRecord, tree: EditionTree, found: Differences, problem: str = "") -> str:
    titles = {section.key: section.title for section in tree.content.sections}
    listed = [
        (titles[key], [one for one in found.found if one.section == key])
        for key in titles
        if any(one.section == key for one in found.found)
    ]
    return render_template(
        "returns/excel_differences.html",
        record=record,
        found=found,
        listed=listed,
        carried=carried(found),
        conflicts=sum(one.conflict for one in found.found),
        problem=problem,
    )


def _limits() -> ImportLimits:
    settings: Settings = current_app.extensions["settings"]
    return settings.import_limits


def _raw(form: FilledForm) -> bytes:
    """The file, once it is known to be no larger than it may."""
    limits = _limits()
    most = limits.file_mb * 1_000_000
    content: bytes = form.file.data.read(most + 1)
    if len(content) > most:
        raise refused(
            f"The file is larger than {limits.file_mb} MB. The form of a return is far smaller", "file"
        )
    return content
