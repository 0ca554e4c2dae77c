"""A draft as a whole: what it consists of and what is still to put right; undo, and giving it up."""

from collections.abc import Sequence

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from qa.accounts.access import current_person, requires
from qa.accounts.permissions import Permission
from qa.frameworks.builder_forms.base import merged, words_of
from qa.frameworks.builder_forms.details import DetailsForm, details_form
from qa.frameworks.drafts import commands
from qa.frameworks.drafts.closing import judged_on
from qa.frameworks.drafts.editing import with_details
from qa.frameworks.drafts.elements import Document, Kind, element, fingerprint
from qa.frameworks.drafts.minutes import SectorMinutes
from qa.frameworks.drafts.queries import DraftRecord
from qa.frameworks.forms import EditionForm
from qa.frameworks.views.blueprint import blueprint
from qa.frameworks.views.building import base
from qa.frameworks.views.building.listing import section_rows
from qa.frameworks.views.links import part_address
from qa.problems import Refused, Stale
from qa.web.errors import conflict_page
from qa.web.notices import not_done


@blueprint.get("/frameworks/drafts/<int:edition_id>")
@requires(Permission.FRAMEWORKS_MANAGE)
def draft(edition_id: int) -> str:
    """A draft as a whole: what it consists of, and what still keeps it from being published."""
    record = base.open_draft(edition_id)
    found = base.checked(record)
    return base.page(
        "draft.html",
        draft=record,
        checked=found,
        rows=section_rows(record.document, found),
        minutes=_minutes(found.minutes),
        address=part_address,
        state_form=EditionForm(data={"version": record.version}),
    )


def _minutes(sectors: Sequence[SectorMinutes]) -> str:
    """How long a return takes, over all sectors: "20 to 35 minutes"."""
    if not sectors:
        return ""
    least, most = min(one.least for one in sectors), max(one.most for one in sectors)
    return f"{least} to {most} minutes" if least < most else f"{most} minutes"


@blueprint.route("/frameworks/drafts/<int:edition_id>/details", methods=["GET", "POST"])
@requires(Permission.FRAMEWORKS_MANAGE)
def draft_details(edition_id: int) -> str | Response:
    """Name, summary, kind, method, the panel's scale and sources."""
    record = base.open_draft(edition_id)
    if request.method == "GET":
        own = base.part_of(record, Kind.DETAILS, "").value
        form = details_form(record.document, own)
        form.version.data = str(fingerprint(own))
        return _details_page(record, form)
    form = details_form(record.document)
    if not form.rearrange(base.asked_to()) and form.validate_on_submit():
        try:
            _save_details(record, form)
        except Stale as stale:
            return conflict_page(form, stale, back=request.path, what=base.NOUNS[Kind.DETAILS])
        except Refused as refusal:
            form.refuse(refusal)
        else:
            return base.saved("The details are saved.", base.overview_address(edition_id))
    return _details_page(record, form)


def _save_details(record: DraftRecord, form: DetailsForm) -> None:
    values = form.values()

    def apply(document: Document) -> Document:
        own = element(document, Kind.DETAILS)
        after = judged_on(document, values["judgement_scale"])
        return with_details(after, merged(form, own.value if own else {}, values))

    words = words_of(details_form, record.document, form)
    base.change_part(record.edition_id, Kind.DETAILS, "", apply, (values, form.version_number), words)


def _details_page(record: DraftRecord, form: DetailsForm) -> str:
    return base.page("build_details.html", draft=record, form=form)


@blueprint.post("/frameworks/drafts/<int:edition_id>/undo")
@requires(Permission.FRAMEWORKS_MANAGE)
def undo_change(edition_id: int) -> Response:
    """Take the last change back."""
    form = EditionForm()
    try:
        said = commands.take_back(current_person(), edition_id, form.version_number)
        flash(f"Undone: {said}.")
    except Refused as refusal:
        not_done(refusal)
    except Stale:
        not_done("Nothing was undone: the draft was changed after you opened the page. Look again.")
    section = request.form.get("section", "")
    if section and element(base.open_draft(edition_id).document, Kind.SECTION, section):
        return redirect(base.section_address(edition_id, section))
    return redirect(base.overview_address(edition_id))


@blueprint.route("/frameworks/drafts/<int:edition_id>/delete", methods=["GET", "POST"])
@requires(Permission.FRAMEWORKS_MANAGE)
def delete_draft(edition_id: int) -> str | Response:
    """Give the draft up, once that is confirmed."""
    record = base.open_draft(edition_id)
    form = EditionForm() if request.method == "POST" else EditionForm(data={"version": record.version})
    if form.validate_on_submit():
        try:
            commands.delete_draft(current_person(), edition_id, form.version_number)
        except Refused as refusal:
            form.refuse(refusal)
        except Stale:
            form.version.data = str(record.version)
            form.form_errors.append(
                "The draft was changed after you opened this page. Delete it all the same?"
            )
        else:
            flash(f"The draft of {record.document.get('name', '')} is deleted.")
            return redirect(url_for("frameworks.library"))
    return base.page("build_delete_draft.html", draft=record, form=form)
