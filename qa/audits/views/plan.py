"""Planning an audit: creating it and changing its plan."""

from collections.abc import Sequence
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from qa.accounts.access import current_person, requires
from qa.accounts.permissions import Permission
from qa.audits import commands
from qa.audits.forms import named, offer
from qa.audits.forms.plan import DAYS, AreaForm, PlanForm
from qa.audits.planning import Origin
from qa.audits.queries import get_audit
from qa.audits.queries.choices import (
    Choice,
    PlanChoices,
    areas_to_plan_in,
    last_twelve_months,
    named_numbers,
    plan_choices,
    plans_in_several_areas,
    suggested_reference,
)
from qa.audits.queries.starting import Start, from_audit, from_planned, taken_in
from qa.audits.views.base import blueprint
from qa.identifiers.asking import choices_in
from qa.problems import Refused, Stale
from qa.web.errors import conflict_page

TEXTS = ("title", "reference", "theme", "terms_of_reference", "key_lines_of_enquiry")


@blueprint.route("/audits/new", methods=["GET", "POST"])
@requires(Permission.AUDITS_MANAGE)
def new() -> str | Response:
    """Create an audit, also from a planned one or an earlier one; with several areas, the area first."""
    person, start = current_person(), _start()
    area_id = start.area_id if start and start.area_id else _number("area")
    if area_id is None:
        areas = start.areas if start else [Choice(row.id, row.name) for row in areas_to_plan_in(person)]
        if len(areas) != 1:
            return _choose_area(areas, start)
        area_id = areas[0].id
    form = PlanForm()
    if request.method == "POST":
        form.take_any(new=True)
        if form.validate_on_submit():
            try:
                origin = start.origin if start else Origin()
                said = choices_in(request.form)
                audit_id = commands.create_audit(person, area_id, form.edition_id, form.plan, origin, said)
            except Refused as refusal:
                form.refuse(refusal)
            else:
                flash("The audit is created. Add its cases next.")
                return redirect(url_for("audits.show", audit_id=audit_id))
    choices = plan_choices(person, area_id)
    taken = taken_in(start, choices) if start else None
    if request.method == "GET":
        form = PlanForm(data={**_defaults(choices), **(taken.data if taken else {})})
    form.offer(choices, new=True)
    return render_template(
        "audits/new.html",
        form=form,
        choices=choices,
        start=start,
        notes=taken.notes if taken else (),
        here=url_for("audits.new", area=area_id, **_origin(start)),
        several_areas=plans_in_several_areas(person) and not (start and start.area_id),
    )


def _start() -> Start | None:
    """What the audit begins from, as the address says. Raises NotFound when that is out of reach."""
    planned_id, repeats_id = _number("planned"), _number("repeats")
    if planned_id is not None:
        return from_planned(current_person(), planned_id)
    return None if repeats_id is None else from_audit(current_person(), repeats_id)


def _origin(start: Start | None) -> dict[str, Any]:
    """The address's part that says what the audit begins from."""
    if start is None:
        return {}
    named = {"planned": start.origin.planned_id, "repeats": start.origin.repeats_id}
    return {name: number for name, number in named.items() if number is not None}


def _number(name: str) -> int | None:
    asked = request.args.get(name, "")
    return int(asked) if asked.isdigit() and len(asked) < 10 else None


def _defaults(choices: PlanChoices) -> dict[str, object]:
    """A new audit: a free reference, the last twelve months, every agency, open to them all, one's own."""
    begins, ends = last_twelve_months()
    return {
        "reference": suggested_reference(choices.area),
        "period_start": begins,
        "period_end": ends,
        "agencies": [str(choice.id) for choice in choices.agencies],
        "lead": str(current_person().id),
    }


def _choose_area(areas: Sequence[Choice], start: Start | None) -> str:
    form = AreaForm(request.args) if "area" in request.args else AreaForm()
    offer(form.area, named(areas))
    if "area" in request.args:
        form.validate()
    return render_template(
        "audits/choose_area.html", form=form, areas=areas, start=start, origin=_origin(start)
    )


@blueprint.route("/audits/<int:audit_id>/edit", methods=["GET", "POST"])
@requires(Permission.AUDITS_MANAGE)
def edit(audit_id: int) -> str | Response:
    """Change an audit's plan; its area and framework stay."""
    person, form = current_person(), PlanForm()
    back, stale = url_for("audits.show", audit_id=audit_id), None
    if request.method == "POST":
        form.take_any(new=False)
        if form.validate_on_submit():
            try:
                said = choices_in(request.form)
                commands.edit_audit(person, audit_id, form.version_number, form.plan, said)
            except Stale as somebody_else:
                stale = somebody_else
            except Refused as refusal:
                form.refuse(refusal)
            else:
                flash("The audit is changed.")
                return redirect(back)
    audit = get_audit(person, audit_id, Permission.AUDITS_MANAGE)
    choices = plan_choices(person, audit.area_id, audit)
    if request.method == "GET":
        data: dict[str, object] = {name: getattr(audit, name) for name in (*TEXTS, *DAYS, "version")}
        data["agencies"] = [str(agency.id) for agency in audit.agencies]
        data["lead"] = str(audit.lead_id or "")
        data["confidential"] = audit.confidential
        data["named"] = [str(number) for number in named_numbers(audit)]
        form = PlanForm(data=data)
        del form.edition
    form.offer(choices, new=False)
    if stale is not None:
        return conflict_page(form, stale, back=back, what="this audit")
    return render_template("audits/edit.html", form=form, choices=choices, audit=audit)
