"""Pages of the lists of names: for QA leads of the area. What is searched for stands in no address."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from qa.accounts.access import current_person, requires
from qa.accounts.permissions import Permission
from qa.identifiers import commands, queries
from qa.identifiers.forms import AddNamesForm, ButtonForm, SearchForm
from qa.identifiers.queries import ListedName
from qa.problems import Refused
from qa.trail.recording import record_reading
from qa.web.paging import page_number

blueprint = Blueprint("identifiers", __name__, template_folder="templates")
LEFT_SHOWN = 12


@blueprint.get("/names")
@requires(Permission.NAMES_MANAGE)
def areas() -> str | Response:
    """The lists that the person keeps; straight to the list where there is one."""
    found = queries.name_areas(current_person())
    if len(found) == 1:
        return redirect(url_for("identifiers.names", area_id=found[0].id))
    return render_template("identifiers/areas.html", areas=found)


@blueprint.get("/names/<int:area_id>")
@requires(Permission.NAMES_MANAGE)
def names(area_id: int) -> str:
    """An area's list of names."""
    return _list(area_id, SearchForm(formdata=None))


def _list(area_id: int, form: SearchForm, found: list[ListedName] | None = None) -> str:
    person = current_person()
    area = queries.name_area(person, area_id)
    title, several = area.name, len(queries.name_areas(person)) > 1
    page = queries.listed_names(area_id, page_number())
    # Last, since a unit of work makes the rows above forget what they hold.
    record_reading(person.id, "name_list", area_id, area_id=area_id)
    return render_template(
        "identifiers/names.html",
        area_id=area_id,
        area=title,
        several=several,
        page=page,
        form=form,
        found=found,
        remove=ButtonForm(formdata=None),
    )


@blueprint.post("/names/<int:area_id>")
@requires(Permission.NAMES_MANAGE)
def search(area_id: int) -> str:
    """The entries that hold what was typed."""
    form = SearchForm()
    queries.name_area(current_person(), area_id)
    found = queries.names_like(area_id, form.text.data or "") if form.validate_on_submit() else None
    return _list(area_id, form, found)


@blueprint.route("/names/<int:area_id>/add", methods=["GET", "POST"])
@requires(Permission.NAMES_MANAGE)
def add(area_id: int) -> str | Response:
    """Add names to a list."""
    person = current_person()
    area = queries.name_area(person, area_id).name
    form = AddNamesForm()
    if request.method == "GET":
        form.words.data = True
    elif form.validate_on_submit():
        try:
            added = commands.add_names(
                person, area_id, form.names.data or "", word_by_word=bool(form.words.data)
            )
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash(_said(added))
            return redirect(url_for("identifiers.names", area_id=area_id))
    return render_template("identifiers/add.html", form=form, area_id=area_id, area=area)


def _said(added: commands.Added) -> str:
    """What came of adding names, in words."""
    said = [f"{added.new:,} {'entry is' if added.new == 1 else 'entries are'} added."]
    if added.already:
        said.append(f"{added.already:,} {'was' if added.already == 1 else 'were'} there already.")
    if added.left:
        words = ", ".join(word.capitalize() for word in added.left[:LEFT_SHOWN])
        more = f" and {len(added.left) - LEFT_SHOWN:,} more" if len(added.left) > LEFT_SHOWN else ""
        said.append(f"Found only within the whole name, being everyday words: {words}{more}.")
    return " ".join(said)


@blueprint.post("/names/<int:area_id>/<int:name_id>/removal")
@requires(Permission.NAMES_MANAGE)
def remove(area_id: int, name_id: int) -> Response:
    """Take a name out of a list."""
    name = commands.remove_name(current_person(), area_id, name_id)
    flash(f"“{name}” is taken out.")
    return redirect(url_for("identifiers.names", area_id=area_id, page=page_number()))


@blueprint.route("/names/<int:area_id>/clear", methods=["GET", "POST"])
@requires(Permission.NAMES_MANAGE)
def clear(area_id: int) -> str | Response:
    """Ask whether a whole list should go, and take every name out of it."""
    person, form = current_person(), ButtonForm()
    area = queries.name_area(person, area_id).name
    if form.validate_on_submit():
        count = commands.clear_names(person, area_id)
        flash(f"{count:,} {'entry is' if count == 1 else 'entries are'} taken out. The list is empty.")
        return redirect(url_for("identifiers.names", area_id=area_id))
    total = queries.listed_names(area_id, 1).total
    return render_template("identifiers/clear.html", form=form, area_id=area_id, area=area, total=total)
