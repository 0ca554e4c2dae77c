"""Pages of areas and agencies, for administrators."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from qa.accounts import organising, queries
from qa.accounts.access import current_person, requires
from qa.accounts.admin_forms import AgencyForm, AreaForm
from qa.accounts.arguments import one_of, row_number
from qa.accounts.blueprint import blueprint
from qa.accounts.permissions import Permission
from qa.accounts.sectors import Sector
from qa.problems import Refused, Stale
from qa.web.errors import conflict_page
from qa.web.forms import Form
from qa.web.paging import page_number


@blueprint.get("/areas")
@requires(Permission.AREAS_MANAGE)
def areas() -> str:
    """Every area."""
    return render_template("accounts/areas.html", rows=queries.areas())


@blueprint.route("/areas/new", methods=["GET", "POST"])
@requires(Permission.AREAS_MANAGE)
def add_area() -> str | Response:
    """Add an area."""
    form = AreaForm()
    if form.validate_on_submit():
        try:
            organising.add_area(current_person(), form.name.data or "")
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash(f"{form.name.data} is added.")
            return redirect(url_for("accounts.areas"))
    return render_template("accounts/area.html", form=form, title="")


@blueprint.route("/areas/<int:area_id>", methods=["GET", "POST"])
@requires(Permission.AREAS_MANAGE)
def area(area_id: int) -> str | Response:
    """Rename an area."""
    row = queries.area(area_id)
    form, title = AreaForm(data={"name": row.name, "version": row.version}), row.name
    if form.validate_on_submit():
        try:
            organising.rename_area(current_person(), area_id, form.version_number, form.name.data or "")
        except Refused as refusal:
            form.refuse(refusal)
        except Stale as stale:
            return conflict_page(form, stale, back=url_for("accounts.areas"), what="this area")
        else:
            flash("The area's name is changed.")
            return redirect(url_for("accounts.areas"))
    return render_template("accounts/area.html", form=form, title=title)


@blueprint.get("/agencies")
@requires(Permission.AGENCIES_MANAGE)
def agencies() -> str:
    """Agencies by sector, area, and whether they are active."""
    state = one_of("state", ("active", "deactivated", "any")) or "active"
    wanted = queries.AgencyFilter(
        sector=Sector(sector) if (sector := one_of("sector", tuple(Sector))) else None,
        area_id=row_number("area"),
        active={"active": True, "deactivated": False, "any": None}[state],
    )
    return render_template(
        "accounts/agencies.html",
        page=queries.agencies(wanted, page_number()),
        wanted=wanted,
        state=state,
        sectors=[(sector.value, sector.label) for sector in Sector],
        areas=queries.area_choices(),
        narrowed=bool(request.args),
    )


@blueprint.route("/agencies/new", methods=["GET", "POST"])
@requires(Permission.AGENCIES_MANAGE)
def add_agency() -> str | Response:
    """Add an agency."""
    form = AgencyForm()
    form.areas.choices = queries.area_choices()
    if form.validate_on_submit():
        try:
            organising.add_agency(current_person(), *_agency_of(form))
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash(f"{form.name.data} is added.")
            return redirect(url_for("accounts.agencies"))
    return render_template("accounts/agency.html", form=form, agency_id=None, title="", active=True)


@blueprint.route("/agencies/<int:agency_id>", methods=["GET", "POST"])
@requires(Permission.AGENCIES_MANAGE)
def agency(agency_id: int) -> str | Response:
    """Change an agency."""
    row = queries.agency(agency_id)
    shown = {"name": row.name, "short_name": row.short_name, "sector": row.sector.value}
    form = AgencyForm(data={**shown, "areas": [str(area.id) for area in row.areas], "version": row.version})
    form.areas.choices = queries.area_choices()
    title, active = row.name, row.active
    if form.validate_on_submit():
        try:
            organising.change_agency(current_person(), agency_id, form.version_number, *_agency_of(form))
        except Refused as refusal:
            form.refuse(refusal)
        except Stale as stale:
            return conflict_page(form, stale, back=url_for("accounts.agencies"), what="this agency")
        else:
            flash("The agency is changed.")
            return redirect(url_for("accounts.agencies"))
    return render_template("accounts/agency.html", form=form, agency_id=agency_id, title=title, active=active)


@blueprint.post("/agencies/<int:agency_id>/deactivate")
@requires(Permission.AGENCIES_MANAGE)
def deactivate_agency(agency_id: int) -> Response:
    """Offer an agency for new work no more."""
    name = organising.set_agency_active(current_person(), agency_id, active=False)
    flash(f"{name} is deactivated.")
    return redirect(url_for("accounts.agency", agency_id=agency_id))


@blueprint.post("/agencies/<int:agency_id>/reactivate")
@requires(Permission.AGENCIES_MANAGE)
def reactivate_agency(agency_id: int) -> Response:
    """Offer an agency for new work again."""
    name = organising.set_agency_active(current_person(), agency_id, active=True)
    flash(f"{name} is active again.")
    return redirect(url_for("accounts.agency", agency_id=agency_id))


def _agency_of(form: Form) -> tuple[str, str, Sector, list[int]]:
    return (
        form.name.data,
        form.short_name.data,
        Sector(form.sector.data),
        [int(number) for number in form.areas.data],
    )
