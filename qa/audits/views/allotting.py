"""Giving returns out automatically, with a look at what it would do first."""

from collections import Counter
from collections.abc import Sequence

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from qa.accounts.access import current_person, requires
from qa.accounts.permissions import Permission
from qa.audits import commands
from qa.audits.allotting import Refusal, Typed
from qa.audits.commands.allotting import CHANGED, Proposal
from qa.audits.forms import offer, take_any
from qa.audits.forms.allotting import WITHOUT, AllotForm, fresh_seed, rows_of, typed_rows
from qa.audits.lifecycle import OPEN_TO_CASES
from qa.audits.queries import allotting, get_audit
from qa.audits.queries.counting import agency_lines
from qa.audits.views.base import blueprint
from qa.frameworks.reading import edition_tree
from qa.problems import Refused

SHOWN_CASES = 12
"""How many cases a line of what could not be given names; the rest are counted."""


@blueprint.route("/audits/<int:audit_id>/allocation/automatic", methods=["GET", "POST"])
@requires(Permission.AUDITS_MANAGE)
def allot(audit_id: int) -> str | Response:
    """Rules to give returns out by; what would be done; and doing it, when that is what was looked at."""
    person, form = current_person(), AllotForm()
    take_any(form.agencies)
    rows = typed_rows(request.form) if request.method == "POST" else None
    proposal, errors = None, dict[str, str]()
    if form.validate_on_submit():
        ask = form.ask(rows or [])
        try:
            if "give" in request.form:
                outcome = commands.allot_returns(person, audit_id, ask, request.form.get("mark", ""))
                flash(_said(len(outcome.first), len(outcome.second)))
                return redirect(url_for("audits.allocate", audit_id=audit_id))
            proposal = commands.propose(person, audit_id, ask)
        except Refused as refusal:
            form.refuse(refusal)
            errors = dict(refusal.errors)
            if CHANGED in errors.values():
                proposal = commands.propose(person, audit_id, ask)
    return _page(audit_id, form, rows, proposal, errors)


def _said(firsts: int, seconds: int) -> str:
    first = "1 return is given out" if firsts == 1 else f"{firsts:,} returns are given out"
    if not seconds:
        return f"{first}."
    second = "1 second return is added" if seconds == 1 else f"{seconds:,} second returns are added"
    return f"{first}, and {second}."


def _page(
    audit_id: int,
    form: AllotForm,
    rows: Sequence[Typed] | None,
    proposal: Proposal | None,
    errors: dict[str, str],
) -> str:
    audit = get_audit(current_person(), audit_id, Permission.AUDITS_MANAGE)
    tree, lines, auditors = edition_tree(audit.edition_id), agency_lines(audit), allotting.auditors(audit)
    field = allotting.team_field(tree)
    if rows is None:
        every = [str(agency.id) for agency in audit.agencies]
        form = AllotForm(formdata=None, data={"which": WITHOUT, "agencies": every, "seed": fresh_seed()})
    offer(form.agencies, [(line.id, line.name) for line in lines])
    return render_template(
        "audits/allot.html",
        audit=audit,
        form=form,
        lines=lines,
        auditors=auditors,
        rows={row.person_id: row for row in (rows_of(auditors) if rows is None else rows)},
        errors=errors,
        names={line.id: line.name for line in lines},
        teams=[choice.label for choice in field.options] if field else [],
        team_label=field.label if field else "",
        proposal=proposal,
        refused=_grouped(proposal.outcome.refused) if proposal else [],
        shown=SHOWN_CASES,
        draws=allotting.draws(audit_id),
        self_assessment=tree.self_assessment,
        may_change=audit.stage in OPEN_TO_CASES,
    )


def _grouped(refused: Sequence[Refusal]) -> list[tuple[int, bool, str, list[str]]]:
    """What could not be given, by agency and reason: (agency's number, as second, why, references)."""
    found: dict[tuple[int, bool, str], list[str]] = {}
    for one in refused:
        found.setdefault((one.task.agency_id, one.second, one.why.value), []).append(one.task.reference)
    order = Counter({key: len(cases) for key, cases in found.items()})
    return [(*key, found[key]) for key, _ in sorted(order.items(), key=lambda each: (each[0][1], -each[1]))]
