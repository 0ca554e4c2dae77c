"""Pages of a planned audit: planning it, its page, changing and removing it, tying audits to it."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from qa.accounts.access import current_person, requires
from qa.accounts.permissions import Permission
from qa.audits.forms import offer, take_any
from qa.audits.forms.plan import ButtonForm
from qa.audits.programme import commands
from qa.audits.programme.blueprint import blueprint
from qa.audits.programme.carrying import tie_audit, untie_audit
from qa.audits.programme.choices import as_typed, audits_to_tie, managed_planned, planned_choices
from qa.audits.programme.forms import PlannedForm, TieForm
from qa.audits.programme.planned import AuditMethod, Status
from qa.audits.programme.queries import planned_view
from qa.audits.programme.reach import managed_programme
from qa.audits.programme.year import ProgrammeYear
from qa.audits.queries.starting import begins_somewhere
from qa.identifiers.asking import choices_in
from qa.problems import Refused, Stale
from qa.web.errors import conflict_page


@blueprint.route("/audits/programmes/<int:programme_id>/planned/new", methods=["GET", "POST"])
@requires(Permission.PROGRAMME_MANAGE)
def plan(programme_id: int) -> str | Response:
    """Plan an audit."""
    person, form = current_person(), PlannedForm()
    if request.method == "POST":
        form.take_any(decided=True)
        if form.validate_on_submit():
            try:
                planned_id = commands.plan_audit(person, programme_id, form.plan, choices_in(request.form))
            except Refused as refusal:
                form.refuse(refusal)
            else:
                flash("The audit is planned.")
                if "another" in request.form:
                    return redirect(url_for("programme.plan", programme_id=programme_id))
                return redirect(url_for("programme.planned", planned_id=planned_id))
    programme = managed_programme(person, programme_id)
    year, choices = ProgrammeYear(programme.starts_on), planned_choices(programme.area_id)
    if request.method == "GET":
        form = PlannedForm(data={"agencies": [str(each.id) for each in choices.agencies]})
        form.take_any(decided=True)
    form.offer(choices, year)
    return render_template(
        "programme/plan.html",
        form=form,
        programme=programme,
        year=year,
        planned=None,
        methods=list(AuditMethod),
    )


@blueprint.get("/audits/planned/<int:planned_id>")
@requires(Permission.PROGRAMME_READ)
def planned(planned_id: int) -> str:
    """A planned audit: what it is to be, where it stands, the way to its audits."""
    view = planned_view(current_person(), planned_id)
    return render_template(
        "programme/planned.html",
        view=view,
        line=view.line,
        may_start=view.line.status is not Status.CARRIED_OVER
        and begins_somewhere(current_person(), view.row),
    )


@blueprint.route("/audits/planned/<int:planned_id>/edit", methods=["GET", "POST"])
@requires(Permission.PROGRAMME_MANAGE)
def change(planned_id: int) -> str | Response:
    """Change what is planned."""
    person, form, stale = current_person(), PlannedForm(), None
    back = url_for("programme.planned", planned_id=planned_id)
    row, begun = managed_planned(person, planned_id)
    if request.method == "POST":
        form.take_any(decided=begun)
        if form.validate_on_submit():
            try:
                said, version = choices_in(request.form), form.version_number
                commands.change_planned(person, planned_id, version, form.plan, said)
            except Stale as somebody_else:
                stale = somebody_else
            except Refused as refusal:
                form.refuse(refusal)
            else:
                flash("The planned audit is changed.")
                return redirect(back)
            row, begun = managed_planned(person, planned_id)
    else:
        form = PlannedForm(data=as_typed(row))
        form.take_any(decided=begun)
    year = ProgrammeYear(row.programme.starts_on)
    form.offer(planned_choices(row.programme.area_id, row), year)
    if stale is not None:
        return conflict_page(form, stale, back=back, what="this planned audit")
    return render_template(
        "programme/plan.html",
        form=form,
        programme=row.programme,
        year=year,
        planned=row,
        methods=list(AuditMethod),
    )


@blueprint.route("/audits/planned/<int:planned_id>/remove", methods=["GET", "POST"])
@requires(Permission.PROGRAMME_MANAGE)
def remove_planned(planned_id: int) -> str | Response:
    """Ask whether to take an audit out of its programme, as a mistake; then do it."""
    person, form = current_person(), ButtonForm()
    row, begun = managed_planned(person, planned_id)
    programme_id = row.programme_id
    if form.validate_on_submit():
        try:
            title = commands.remove_planned(person, planned_id)
        except Refused as refusal:
            form.refuse(refusal)
            row, begun = managed_planned(person, planned_id)
        else:
            flash(f"{title} is removed from the programme.")
            return redirect(url_for("programme.show", programme_id=programme_id))
    return render_template(
        "programme/remove_planned.html",
        form=form,
        planned=row,
        begun=begun,
        year=ProgrammeYear(row.programme.starts_on),
    )


@blueprint.route("/audits/planned/<int:planned_id>/audits", methods=["GET", "POST"])
@requires(Permission.PROGRAMME_MANAGE)
def tie(planned_id: int) -> str | Response:
    """Say that an audit which runs already is the planned one, or that it is not."""
    person, form = current_person(), TieForm()
    take_any(form.audit)
    row, _ = managed_planned(person, planned_id)
    if form.validate_on_submit():
        try:
            if "untie" in request.form:
                untie_audit(person, planned_id, form.audit_id)
                flash("The audit is taken out of the programme.")
            else:
                tie_audit(person, planned_id, form.audit_id)
                flash("The audit stands in the programme.")
            return redirect(url_for("programme.planned", planned_id=planned_id))
        except Refused as refusal:
            form.refuse(refusal)
            row, _ = managed_planned(person, planned_id)
    tied, free = audits_to_tie(person, row)
    offer(form.audit, [(each.id, f"{each.name} ({each.note})") for each in free])
    return render_template(
        "programme/tie.html",
        form=form,
        planned=row,
        tied=tied,
        free=free,
        year=ProgrammeYear(row.programme.starts_on),
    )
