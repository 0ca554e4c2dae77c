"""Allocating returns to agencies and giving them to auditors."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from qa.accounts.access import current_person, requires
from qa.accounts.permissions import Permission
from qa.audits import commands
from qa.audits.forms import numbers, offer, take_any
from qa.audits.forms.allocation import WITHOUT, AllocateForm, AssignForm, ShareOutForm
from qa.audits.lifecycle import OPEN_TO_CASES, Move, Progress, ReturnState, Stage, missing
from qa.audits.queries import get_audit
from qa.audits.queries.allocation import (
    LATE,
    NOBODY,
    OUTSTANDING,
    ReturnFilter,
    auditors_of,
    returns_list,
)
from qa.audits.queries.counting import agency_lines, progress_of
from qa.audits.views.base import blueprint
from qa.problems import NotFound, Refused
from qa.web.forms import clean
from qa.web.paging import page_number

FILTERS = ("agency", "auditor", "state", "text")
STATES = [
    (OUTSTANDING, "Not in"),
    (LATE, "Late"),
    *((state.value, state.label) for state in ReturnState),
]


def _narrowed() -> ReturnFilter:
    agency, auditor = request.args.get("agency", ""), request.args.get("auditor", "")
    state = request.args.get("state", "")
    return ReturnFilter(
        agency_id=int(agency) if agency.isdigit() and len(agency) < 10 else None,
        auditor=auditor if auditor == NOBODY or (auditor.isdigit() and len(auditor) < 10) else "",
        state=state if state in dict(STATES) else "",
        text=clean(request.args.get("text"))[:60],
    )


def _kept() -> dict[str, Any]:
    """The filters and the page of the list of returns, to come back to."""
    return {name: request.args[name] for name in (*FILTERS, "page") if request.args.get(name)}


@blueprint.route("/audits/<int:audit_id>/allocation", methods=["GET", "POST"])
@requires(Permission.AUDITS_MANAGE)
def allocate(audit_id: int) -> str | Response:
    """Who has been given which returns; and returns on every case for the agencies ticked."""
    form = AllocateForm()
    take_any(form.agencies)
    if form.validate_on_submit():
        try:
            added = commands.allocate(current_person(), audit_id, form.agency_ids)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash(
                "The ticked agencies have all their returns already."
                if not added
                else f"{added:,} {'return is' if added == 1 else 'returns are'} allocated."
            )
            return redirect(url_for("audits.allocate", audit_id=audit_id))
    return _page(audit_id, form, AssignForm(formdata=None), form)


def _page(
    audit_id: int, form: AllocateForm, assign_form: AssignForm, shown: AllocateForm | AssignForm
) -> str:
    """The page of allocation. shown: the form whose errors stand at the top."""
    audit = get_audit(current_person(), audit_id, Permission.AUDITS_MANAGE)
    lines, narrowed, auditors = agency_lines(audit), _narrowed(), auditors_of(audit)
    progress = progress_of(audit, lines)
    names = {agency.id: agency.name for agency in audit.agencies}
    groups = [
        (names[number], people) for number, people in auditors.items() if narrowed.agency_id in {None, number}
    ]
    assign_form.offer(groups)
    people = {auditor.id: auditor.name for of_agency in auditors.values() for auditor in of_agency}
    return render_template(
        "audits/allocate.html",
        audit=audit,
        form=shown,
        allocate_form=form,
        assign_form=assign_form,
        lines=lines,
        progress=progress,
        cases=progress.cases,
        returns=progress.returns,
        next_move=_next_move(audit.stage, progress),
        auditors=auditors,
        people=sorted(people.items(), key=lambda entry: entry[1]),
        page=returns_list(audit_id, narrowed, page_number(), progress.returns),
        ticked=assign_form.return_ids,
        narrowed=narrowed,
        assign_to=url_for("audits.assign", audit_id=audit_id, **_kept()),
        states=STATES,
        self_assessment=progress.self_assessment,
        may_change=audit.stage in OPEN_TO_CASES,
    )


def _next_move(stage: Stage, progress: Progress) -> Move | None:
    """Where the way leads on once every case has a return."""
    ready = stage is Stage.PLANNING and not missing(Move.OPEN_FIELDWORK, progress)
    return Move.OPEN_FIELDWORK if ready else None


@blueprint.post("/audits/<int:audit_id>/allocation/returns")
@requires(Permission.AUDITS_MANAGE)
def assign(audit_id: int) -> str | Response:
    """Give the returns ticked to an auditor, or take them back."""
    form = AssignForm()
    take_any(form.auditor)
    if form.validate_on_submit():
        try:
            _assign(audit_id, form)
            return redirect(url_for("audits.allocate", audit_id=audit_id, **_kept()))
        except Refused as refusal:
            form.refuse(refusal)
    return _page(audit_id, AllocateForm(formdata=None), form, form)


def _assign(audit_id: int, form: AssignForm) -> None:
    person, chosen = current_person(), form.auditor.data or ""
    if "remove" in request.form:
        count = commands.remove_returns(person, audit_id, form.return_ids)
        flash("1 return is removed." if count == 1 else f"{count} returns are removed.")
        return
    to = next(iter(numbers([chosen])), None)
    twice = "second" in request.form
    if to is None and (twice or chosen != NOBODY):
        which = "the second auditor" if twice else "an auditor"
        raise Refused({"auditor": f"Choose {which} for the ticked returns"})
    if twice and to is not None:
        count = commands.add_seconds(person, audit_id, form.return_ids, to)
        flash("1 second return is added." if count == 1 else f"{count} second returns are added.")
        return
    count = commands.assign(person, audit_id, form.return_ids, to)
    flash("1 return is reassigned." if count == 1 else f"{count} returns are reassigned.")


@blueprint.route("/audits/<int:audit_id>/allocation/agencies/<int:agency_id>", methods=["GET", "POST"])
@requires(Permission.AUDITS_MANAGE)
def share_out(audit_id: int, agency_id: int) -> str | Response:
    """Share an agency's returns out among its auditors."""
    person, form = current_person(), ShareOutForm()
    take_any(form.auditors)
    if form.validate_on_submit():
        only_without = form.which.data == WITHOUT
        try:
            count = commands.share_out(
                person, audit_id, agency_id, form.auditor_ids, only_without=only_without
            )
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash(f"{count:,} {'return is' if count == 1 else 'returns are'} shared out.")
            return redirect(url_for("audits.allocate", audit_id=audit_id, agency=agency_id))
    audit = get_audit(person, audit_id, Permission.AUDITS_MANAGE)
    line = next(iter(agency_lines(audit, frozenset({agency_id}))), None)
    if line is None:
        raise NotFound
    auditors = auditors_of(audit, with_held=True)[agency_id]
    if request.method == "GET":
        every = [str(auditor.id) for auditor in auditors]
        form = ShareOutForm(data={"which": WITHOUT, "auditors": every})
    offer(form.auditors, [(auditor.id, auditor.name) for auditor in auditors])
    return render_template(
        "audits/share_out.html",
        audit=audit,
        line=line,
        auditors=auditors,
        form=form,
        may_change=audit.stage in OPEN_TO_CASES,
    )
