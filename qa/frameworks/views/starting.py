"""Starting a draft: from blank, from an edition, from a shipped framework; updating what was shipped."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from qa.accounts.access import current_person, requires
from qa.accounts.permissions import Permission
from qa.frameworks.drafts import commands as drafts
from qa.frameworks.forms import ALL_AREAS, NEXT, BlankForm, CopyForm, EditionForm, FromEditionForm
from qa.frameworks.library import areas_to_keep_in, editions_to_start_from
from qa.frameworks.shipped import one
from qa.frameworks.updating import Here, bring_up_to_date, shipped_record, shipped_records
from qa.frameworks.views.blueprint import blueprint
from qa.frameworks.word_difference import word_difference
from qa.problems import Refused
from qa.web.notices import not_done


def _to_draft(edition_id: int) -> Response:
    return redirect(url_for("frameworks.draft", edition_id=edition_id))


@blueprint.get("/frameworks/new")
@requires(Permission.FRAMEWORKS_MANAGE)
def new() -> str:
    """The ways to start a framework."""
    return render_template("frameworks/new.html")


@blueprint.route("/frameworks/new/blank", methods=["GET", "POST"])
@requires(Permission.FRAMEWORKS_MANAGE)
def new_blank() -> str | Response:
    """Start from nothing: its name and what it is for."""
    person, form = current_person(), BlankForm()
    form.offer_areas(areas_to_keep_in(person))
    if request.method == "GET":
        form.area.data = ALL_AREAS
    elif form.validate_on_submit():
        fields = ("name", "summary", "kind", "method")
        document = {name: str(form[name].data) for name in fields}
        edition_id = drafts.start_blank(person, document, form.area_id)
        flash("The draft is started. Add its scales, sections and questions.")
        return _to_draft(edition_id)
    return render_template("frameworks/new_blank.html", form=form)


@blueprint.route("/frameworks/new/edition", methods=["GET", "POST"])
@requires(Permission.FRAMEWORKS_MANAGE)
def new_from_edition() -> str | Response:
    """Start from an edition that is here: as its framework's next one, or as a framework of its own."""
    person, form = current_person(), FromEditionForm()
    form.offer_areas(areas_to_keep_in(person))
    editions = editions_to_start_from(person)
    form.offer_editions([(str(edition.id), edition.said) for edition in editions])
    if request.method == "GET":
        form.area.data, form.edition.data = ALL_AREAS, request.args.get("edition", "")
    elif form.validate_on_submit():
        chosen = int(form.edition.data)
        try:
            if form.what.data == NEXT:
                edition_id = drafts.start_from_edition(person, chosen)
            else:
                edition_id = drafts.start_copy(person, chosen, str(form.name.data), form.area_id)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash("The draft is started.")
            return _to_draft(edition_id)
    return render_template("frameworks/new_edition.html", form=form, editions=editions)


@blueprint.post("/frameworks/editions/<int:edition_id>/draft")
@requires(Permission.FRAMEWORKS_MANAGE)
def start_next(edition_id: int) -> Response:
    """Start the framework's next edition from this one."""
    try:
        draft_id = drafts.start_from_edition(current_person(), edition_id)
    except Refused as refusal:
        not_done(refusal)
        return redirect(url_for("frameworks.edition", edition_id=edition_id))
    flash("The draft is started.")
    return _to_draft(draft_id)


@blueprint.get("/frameworks/shipped")
@requires(Permission.FRAMEWORKS_MANAGE)
def shipped_list() -> str:
    """The frameworks that come with the product, and how each stands here."""
    return render_template("frameworks/new_shipped.html", records=shipped_records())


@blueprint.route("/frameworks/shipped/<key>", methods=["GET", "POST"])
@requires(Permission.FRAMEWORKS_MANAGE)
def add_shipped(key: str) -> str | Response:
    """A shipped framework beside the edition here: what it changes first, then add, restore or update."""
    person, form = current_person(), EditionForm()
    if request.method == "POST":
        publish = request.form.get("how", "publish") == "publish"
        try:
            edition_id = bring_up_to_date(person, key, form.version_number, publish=publish)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            name = one(key).content.name
            flash(f"{name} is published and ready for audits." if publish else f"{name} is here as a draft.")
            return redirect(url_for("frameworks.edition", edition_id=edition_id))
    found = shipped_record(key)
    form.version.data = str(found.version or "")
    return render_template(
        "frameworks/new_shipped_one.html", form=form, found=found, Here=Here, word_difference=word_difference
    )


@blueprint.route("/frameworks/shipped/<key>/copy", methods=["GET", "POST"])
@requires(Permission.FRAMEWORKS_MANAGE)
def copy_shipped(key: str) -> str | Response:
    """Start a framework of one's own from a shipped one."""
    person, form, content = current_person(), CopyForm(), one(key).content
    form.offer_areas(areas_to_keep_in(person))
    if request.method == "GET":
        form.area.data = ALL_AREAS
    elif form.validate_on_submit():
        try:
            edition_id = drafts.start_own(person, content, str(form.name.data), form.area_id)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash("The draft is started.")
            return _to_draft(edition_id)
    return render_template("frameworks/new_copy.html", form=form, content=content)
