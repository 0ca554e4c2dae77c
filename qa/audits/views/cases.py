"""The cases of an audit: list, page, form, removal."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from qa.accounts.access import current_person, requires
from qa.accounts.permissions import Permission
from qa.audits import commands
from qa.audits.commands.cases import profile_name
from qa.audits.forms import numbers, offer, take_any
from qa.audits.forms.allocation import AddReturnForm
from qa.audits.forms.cases import case_form
from qa.audits.forms.plan import ButtonForm
from qa.audits.lifecycle import OPEN_TO_CASES
from qa.audits.queries import get_audit
from qa.audits.queries.cases import agencies_without_case, case_view, suggested_case_reference
from qa.audits.queries.lists import CaseFilter, CaseOrder, CaseState, case_list
from qa.audits.sampling.queries import was_drawn
from qa.audits.views.base import blueprint
from qa.frameworks.reading import edition_tree
from qa.problems import NotFound, Refused, Stale
from qa.trail.recording import record_reading
from qa.web.errors import conflict_page
from qa.web.forms import clean
from qa.web.paging import page_number


def _narrowed() -> CaseFilter:
    state, order = request.args.get("state", ""), request.args.get("order", "")
    return CaseFilter(
        text=clean(request.args.get("text"))[:60],
        pathway=clean(request.args.get("pathway"))[:60],
        state=CaseState(state) if state in set(CaseState) else None,
        order=CaseOrder(order) if order in set(CaseOrder) else CaseOrder.ADDED,
    )


@blueprint.get("/audits/<int:audit_id>/cases")
@requires(Permission.CASES_READ)
def cases(audit_id: int) -> str:
    """The cases of an audit."""
    return _cases(audit_id, ButtonForm(formdata=None))


def _cases(audit_id: int, form: ButtonForm) -> str:
    """The list of cases. form: what was refused stands above it."""
    audit = get_audit(current_person(), audit_id, Permission.CASES_READ)
    tree = edition_tree(audit.edition_id)
    narrowed, pathway = _narrowed(), tree.content.pathway
    return render_template(
        "audits/cases.html",
        form=form,
        audit=audit,
        tree=tree,
        page=case_list(audit.id, tree, narrowed, page_number()),
        narrowed=narrowed,
        states=list(CaseState),
        orders=list(CaseOrder),
        pathways={option.key: option.label for option in pathway.choices} if pathway else {},
        agencies=agencies_without_case(audit) if tree.self_assessment else (),
        may_add=audit.stage in OPEN_TO_CASES,
    )


@blueprint.post("/audits/<int:audit_id>/cases/agencies")
@requires(Permission.AUDITS_MANAGE)
def add_agencies(audit_id: int) -> str | Response:
    """In a self-assessment: make one agency, or every one that is none yet, a case."""
    form = ButtonForm()
    if form.validate_on_submit():
        asked = request.form.getlist("agency")
        try:
            added = commands.add_agencies(current_person(), audit_id, numbers(asked) if asked else None)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash(_added(added))
            return redirect(url_for("audits.cases", audit_id=audit_id))
    return _cases(audit_id, form)


def _added(number: int) -> str:
    if not number:
        return "Every agency was there already."
    return "1 agency is added." if number == 1 else f"{number:,} agencies are added."


@blueprint.route("/audits/<int:audit_id>/cases/new", methods=["GET", "POST"])
@requires(Permission.AUDITS_MANAGE)
def add_case(audit_id: int) -> str | Response:
    """Add a case by hand."""
    audit = get_audit(current_person(), audit_id, Permission.AUDITS_MANAGE)
    tree = edition_tree(audit.edition_id)
    if tree.self_assessment:
        return redirect(url_for("audits.cases", audit_id=audit_id))
    form = case_form(tree, {} if request.method == "POST" else {"reference": suggested_case_reference(audit)})
    if form.validate_on_submit():
        reference = form.reference.data or ""
        try:
            case_id = commands.add_case(current_person(), audit_id, reference, form.profile)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash(f"Case {reference} is added.")
            if "another" in request.form:
                return redirect(url_for("audits.add_case", audit_id=audit_id))
            return redirect(url_for("audits.case", audit_id=audit_id, case_id=case_id))
    return render_template(
        "audits/case_form.html",
        audit=audit,
        form=form,
        case=None,
        profile=[profile_name(field.key) for field in tree.content.profile],
        may_add=audit.stage in OPEN_TO_CASES,
    )


@blueprint.get("/audits/<int:audit_id>/cases/<int:case_id>")
@requires(Permission.CASES_READ)
def case(audit_id: int, case_id: int) -> str:
    """One case: its profile and its returns. Opening it is noted in the trail."""
    person = current_person()
    found, drawn = case_view(person, audit_id, case_id), was_drawn(case_id)
    record_reading(person.id, "case", found.id, area_id=found.area_id)
    return render_template("audits/case.html", case=found, drawn=drawn)


@blueprint.route("/audits/<int:audit_id>/cases/<int:case_id>/returns/new", methods=["GET", "POST"])
@requires(Permission.AUDITS_MANAGE)
def add_return(audit_id: int, case_id: int) -> str | Response:
    """Give one more agency a return on a case."""
    person, form = current_person(), AddReturnForm()
    take_any(form.agency)
    back = url_for("audits.case", audit_id=audit_id, case_id=case_id)
    if form.validate_on_submit():
        try:
            agency = commands.add_return(person, audit_id, case_id, form.agency_id)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash(f"{agency} is given a return. Give it to an auditor under Allocation.")
            return redirect(back)
    found = case_view(person, audit_id, case_id)
    if not found.without_return and request.method == "GET":
        return redirect(back)
    offer(form.agency, found.without_return)
    return render_template("audits/add_return.html", case=found, form=form)


@blueprint.route("/audits/<int:audit_id>/cases/<int:case_id>/edit", methods=["GET", "POST"])
@requires(Permission.AUDITS_MANAGE)
def edit_case(audit_id: int, case_id: int) -> str | Response:
    """Put a case's reference and profile right."""
    person, form = current_person(), None
    back = url_for("audits.case", audit_id=audit_id, case_id=case_id)
    if request.method == "POST":
        audit = get_audit(person, audit_id, Permission.AUDITS_MANAGE)
        tree = edition_tree(audit.edition_id)
        form = case_form(tree, with_reference=not tree.self_assessment)
        if form.validate_on_submit():
            reference = "" if tree.self_assessment else form.reference.data or ""
            try:
                commands.edit_case(person, audit_id, case_id, form.version_number, reference, form.profile)
            except Stale as stale:
                return conflict_page(form, stale, back=back, what="this case")
            except Refused as refusal:
                form.refuse(refusal)
            else:
                flash("The agency’s profile is changed." if tree.self_assessment else "The case is changed.")
                return redirect(back)
    found = case_view(person, audit_id, case_id)
    if form is None:
        data: dict[str, Any] = {profile_name(key): value for key, value in found.profile.items()}
        data |= {"reference": found.reference, "version": found.version}
        form = case_form(found.tree, data, with_reference=found.agency is None)
    record_reading(person.id, "case", found.id, area_id=found.area_id, part="profile")
    return render_template(
        "audits/case_form.html",
        audit={"id": found.audit_id, "title": found.audit_title},
        form=form,
        case=found,
        profile=[profile_name(field.key) for field in found.tree.content.profile],
        may_add=found.editable,
    )


@blueprint.route("/audits/<int:audit_id>/cases/<int:case_id>/remove", methods=["GET", "POST"])
@requires(Permission.AUDITS_MANAGE)
def remove_case(audit_id: int, case_id: int) -> str | Response:
    """Ask whether to remove a case that no agency has begun; then do it."""
    person, form = current_person(), ButtonForm()
    if form.validate_on_submit():
        try:
            name = commands.remove_case(person, audit_id, case_id)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash(f"{name} is removed.")
            return redirect(url_for("audits.cases", audit_id=audit_id))
    found = case_view(person, audit_id, case_id)
    if not found.removable and request.method == "GET":
        raise NotFound
    return render_template("audits/remove_case.html", case=found, form=form)
