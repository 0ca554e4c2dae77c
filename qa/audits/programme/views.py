"""Pages of programmes: the list of them, a year with its picture and its PDF, carrying over."""

from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from qa.accounts.access import current_person, requires
from qa.accounts.permissions import Permission
from qa.audits.forms import take_any
from qa.audits.forms.plan import ButtonForm
from qa.audits.programme import commands
from qa.audits.programme.blueprint import blueprint
from qa.audits.programme.carrying import carry_over as carry_over_planned
from qa.audits.programme.choices import areas_to_programme, year_now
from qa.audits.programme.document import programme_document
from qa.audits.programme.forms import ALL_AREAS, SAME_QUARTER, CarryOverForm, ProgrammeForm
from qa.audits.programme.lines import PlannedLine
from qa.audits.programme.planned import Status
from qa.audits.programme.queries import ProgrammeFilter, programme_list, year_view
from qa.audits.programme.reach import managed_programme, require_managing
from qa.audits.programme.year import ProgrammeYear
from qa.identifiers.asking import choices_in
from qa.problems import Refused, Stale
from qa.publishing.pdf import render_pdf
from qa.web.errors import conflict_page
from qa.web.forms import clean
from qa.web.paging import page_number


@blueprint.get("/audits/programmes")
@requires(Permission.PROGRAMME_READ)
def index() -> str:
    """The programmes within the person's reach."""
    narrowed = ProgrammeFilter(area_id=_asked_area(), starts_on=_asked_day("year"))
    page, areas, years = programme_list(current_person(), narrowed, page_number())
    return render_template(
        "programme/index.html",
        page=page,
        areas=areas,
        years=[ProgrammeYear(starts_on) for starts_on in years],
        narrowed=narrowed,
    )


def _asked_area() -> int | None:
    asked = request.args.get("area", "")
    if asked == ALL_AREAS:
        return 0
    return int(asked) if asked.isdigit() and 0 < len(asked) < 10 else None


def _asked_day(name: str) -> date | None:
    try:
        return date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None


@blueprint.route("/audits/programmes/new", methods=["GET", "POST"])
@requires(Permission.PROGRAMME_MANAGE)
def new() -> str | Response:
    """Begin a programme."""
    form = ProgrammeForm()
    if request.method == "POST":
        form.take_any(new=True)
        if form.validate_on_submit():
            try:
                made = commands.add_programme(
                    current_person(),
                    form.area_id,
                    form.starts_on,
                    form.note.data or "",
                    choices_in(request.form),
                )
            except Refused as refusal:
                form.refuse(refusal)
            else:
                flash("The programme is begun. Plan its audits next.")
                return redirect(url_for("programme.show", programme_id=made))
    areas, all_together = areas_to_programme(current_person())
    if request.method == "GET":
        year = year_now()
        data: dict[str, Any] = {"month": str(year.starts_on.month), "year": str(year.starts_on.year)}
        if len(areas) == 1 and not all_together:
            data["area"] = str(areas[0].id)
        form = ProgrammeForm(data=data)
    form.offer(areas, all_together=all_together)
    return render_template("programme/new.html", form=form, areas=areas, all_together=all_together)


@blueprint.get("/audits/programmes/<int:programme_id>")
@requires(Permission.PROGRAMME_READ)
def show(programme_id: int) -> str:
    """A year on one picture, which is its list."""
    view = year_view(current_person(), programme_id)
    status, lead, text = _narrowed()
    rows = [row for row in view.rows if _fits(row, status, lead, text)]
    return render_template(
        "programme/show.html",
        view=view,
        rows=rows,
        status=status,
        lead=lead,
        text=text,
        statuses=[status for status, _ in view.counts],
    )


def _narrowed() -> tuple[Status | None, int | None, str]:
    """What a year is narrowed to: a status, a lead (0 for nobody), words in its title or theme."""
    status, lead = request.args.get("status", ""), request.args.get("lead", "")
    return (
        Status(status) if status in set(Status) else None,
        int(lead) if lead.isdigit() and len(lead) < 10 else None,
        clean(request.args.get("text"))[:100],
    )


def _fits(row: PlannedLine, status: Status | None, lead: int | None, text: str) -> bool:
    return (
        status in {None, row.status}
        and (lead is None or (row.lead_id or 0) == lead)
        and text.casefold() in f"{row.title} {row.theme}".casefold()
    )


@blueprint.get("/audits/programmes/<int:programme_id>/programme.pdf")
@requires(Permission.PROGRAMME_READ)
def pdf(programme_id: int) -> Response:
    """A year as a PDF, without confidential audits: paper goes from hand to hand."""
    view = year_view(current_person(), programme_id, with_confidential=False)
    name = f"programme-{view.area}-{view.year.label}".lower()
    safe = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in name)
    return Response(
        render_pdf(programme_document(view)),
        mimetype="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{safe}.pdf"'},
    )


@blueprint.route("/audits/programmes/<int:programme_id>/edit", methods=["GET", "POST"])
@requires(Permission.PROGRAMME_MANAGE)
def edit(programme_id: int) -> str | Response:
    """Change when a programme begins, and what is said about it."""
    person, form = current_person(), ProgrammeForm()
    back = url_for("programme.show", programme_id=programme_id)
    if request.method == "POST":
        form.take_any(new=False)
        if form.validate_on_submit():
            try:
                commands.change_programme(
                    person,
                    programme_id,
                    form.version_number,
                    form.starts_on,
                    form.note.data or "",
                    choices_in(request.form),
                )
            except Stale as stale:
                return conflict_page(form, stale, back=back, what="this programme")
            except Refused as refusal:
                form.refuse(refusal)
            else:
                flash("The programme is changed.")
                return redirect(back)
    row = managed_programme(person, programme_id)
    year = ProgrammeYear(row.starts_on)
    if request.method == "GET":
        form = ProgrammeForm(
            data={
                "month": str(row.starts_on.month),
                "year": str(row.starts_on.year),
                "note": row.note,
                "version": row.version,
            }
        )
        del form.area
    return render_template("programme/edit.html", form=form, programme=row, year=year)


@blueprint.route("/audits/programmes/<int:programme_id>/remove", methods=["GET", "POST"])
@requires(Permission.PROGRAMME_MANAGE)
def remove(programme_id: int) -> str | Response:
    """Ask whether to remove a programme in which nothing is planned; then do it."""
    person, form = current_person(), ButtonForm()
    if form.validate_on_submit():
        try:
            commands.remove_programme(person, programme_id)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash("The programme is removed.")
            return redirect(url_for("programme.index"))
    row = managed_programme(person, programme_id)
    return render_template(
        "programme/remove.html", form=form, programme=row, year=ProgrammeYear(row.starts_on)
    )


@blueprint.route("/audits/programmes/<int:programme_id>/carry-over", methods=["GET", "POST"])
@requires(Permission.PROGRAMME_MANAGE)
def carry_over(programme_id: int) -> str | Response:
    """Choose what was not done and take it to the next year's programme."""
    person, form = current_person(), CarryOverForm()
    take_any(form.planned, form.quarter)
    if form.validate_on_submit():
        try:
            to, count = carry_over_planned(person, programme_id, form.planned_ids, form.chosen_quarter)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash("1 audit is carried over." if count == 1 else f"{count} audits are carried over.")
            return redirect(url_for("programme.show", programme_id=to))
    view = year_view(person, programme_id)
    require_managing(person, view.programme)
    rows = view.can_be_carried_over
    if request.method == "GET":
        ticked = [str(row.id) for row in rows if row.status is not Status.DROPPED]
        form = CarryOverForm(data={"planned": ticked, "quarter": SAME_QUARTER})
    form.offer([(row.id, row.title) for row in rows], view.following)
    return render_template(
        "programme/carry_over.html", form=form, view=view, rows=rows, ticked=form.planned_ids
    )
