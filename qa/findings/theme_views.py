"""Pages of the library of themes."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from qa.accounts.access import current_person, requires
from qa.accounts.permissions import Permission
from qa.findings import commands
from qa.findings.blueprint import blueprint
from qa.findings.forms import ThemeForm
from qa.findings.themes import library, own_areas, own_theme
from qa.identifiers.asking import choices_in
from qa.problems import Refused, Stale
from qa.web.errors import conflict_page


@blueprint.get("/themes")
@requires(Permission.FINDINGS_CODE)
def themes() -> str:
    """The shared themes and those of one's own areas."""
    person = current_person()
    found = library(person)
    own = {name for _, name in own_areas(person)}
    return render_template(
        "findings/themes.html",
        themes=found,
        own=own,
        empty_library=not any(theme.area is None for theme in found),
    )


@blueprint.post("/themes/starting-library")
@requires(Permission.FINDINGS_CODE)
def load_library() -> Response:
    """Add the themes of the starting library."""
    count = commands.load_library(current_person())
    flash(f"{count} themes added." if count else "Every theme of the starting library is there already.")
    return redirect(url_for("findings.themes"))


@blueprint.route("/themes/new", methods=["GET", "POST"])
@requires(Permission.FINDINGS_CODE)
def add_theme() -> str | Response:
    """Add a theme of an area's own."""
    person, form = current_person(), ThemeForm()
    areas = own_areas(person)
    form.area.choices = [(str(number), name) for number, name in areas]
    if form.validate_on_submit():
        try:
            name, description = form.name.data or "", form.description.data or ""
            choices = choices_in(request.form)
            commands.add_theme(person, int(form.area.data), name, description, choices)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash("The theme is in the library.")
            return redirect(url_for("findings.themes"))
    return render_template("findings/theme.html", form=form, areas=areas, theme=None)


@blueprint.route("/themes/<int:theme_id>", methods=["GET", "POST"])
@requires(Permission.FINDINGS_CODE)
def theme(theme_id: int) -> str | Response:
    """Change a theme of an area's own."""
    person, form = current_person(), ThemeForm()
    found = own_theme(person, theme_id)
    del form.area
    if request.method == "GET":
        form.name.data, form.description.data = found.name, found.description
        form.version.data = str(found.version)
    elif form.validate_on_submit():
        name, description = form.name.data or "", form.description.data or ""
        try:
            choices, version = choices_in(request.form), form.version_number
            commands.change_theme(person, theme_id, name, description, version, choices)
        except Refused as refusal:
            form.refuse(refusal)
        except Stale as stale:
            back = url_for("findings.theme", theme_id=theme_id)
            return conflict_page(form, stale, back=back, what="this theme")
        else:
            flash("The theme is changed.")
            return redirect(url_for("findings.themes"))
    return render_template("findings/theme.html", form=form, areas=(), theme=found)
