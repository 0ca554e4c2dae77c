"""The page of one audit, and its changes of stage."""

from datetime import date

from flask import current_app, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from qa.accounts.access import current_person, requires
from qa.accounts.permissions import Permission
from qa.audits import commands
from qa.audits.forms.plan import ButtonForm
from qa.audits.lifecycle import Move, Stage, cautions, missing
from qa.audits.planning import KEY_DATES, KeyDate, key_lines, range_in_words
from qa.audits.queries.hub import Hub, hub_of, stage_of
from qa.audits.queries.ties import ties_of
from qa.audits.sampling.methods import methods_of
from qa.audits.steps import next_step
from qa.audits.views.base import blueprint
from qa.problems import NotFound, Refused
from qa.web.cards import AuditCardMaker
from qa.web.paging import page_number

DONE = {
    Move.OPEN_FIELDWORK: "Fieldwork is open: agencies can complete their returns.",
    Move.OPEN_PANEL: "The audit is at the panel stage.",
    Move.BACK_TO_FIELDWORK: "The audit is back in fieldwork.",
    Move.REPORT: "The audit is marked as reported.",
    Move.BACK_TO_PANEL: "The audit is back at the panel stage.",
    Move.CLOSE: "The audit is closed.",
    Move.REOPEN: "The audit is open again, as reported.",
}
EFFECTS = {
    Move.OPEN_FIELDWORK: (
        "Auditors of the agencies taking part will find their returns under My work.",
        "You can still add cases and change the allocation.",
        "No e-mail is sent: tell the agencies yourself.",
    ),
    Move.OPEN_PANEL: (
        "Agencies can no longer change their returns.",
        "You can open each case to the panel, where agencies see one another’s returns.",
        "Cases and allocation cannot change any more.",
    ),
    Move.BACK_TO_FIELDWORK: (
        "Agencies can complete the returns that are not in.",
        "What the panel has agreed so far is kept, and cases opened to the panel stay open.",
    ),
    Move.REPORT: (
        "Partnership members of the area can read the analysis and issued reports.",
        "Findings and agreed grades should be final. You can go back to the panel stage if they are not.",
    ),
    Move.BACK_TO_PANEL: ("Analysis and reports are hidden from partnership members again until you report.",),
    Move.CLOSE: (
        "The audit’s plan cannot be changed any more. It can be read as before.",
        "Its recommendations are still followed until each is verified.",
    ),
    Move.REOPEN: ("The audit goes back to being reported, and its plan can be changed.",),
}

# What differs where the cases are the agencies themselves.
EFFECTS_OF_SELF_ASSESSMENT = {
    Move.OPEN_FIELDWORK: (
        "Auditors of the agencies will find their self-assessment under My work.",
        "You can still add agencies and change the allocation.",
        "No e-mail is sent: tell the agencies yourself.",
    ),
    Move.OPEN_PANEL: (
        "Agencies can no longer change their returns.",
        "You can open each agency’s return to the panel and moderate its grades.",
        "Agencies cannot be added and the allocation cannot change any more.",
    ),
    Move.BACK_TO_FIELDWORK: (
        "Agencies can complete the returns that are not in.",
        "What the panel has agreed so far is kept, and agencies opened to the panel stay open.",
    ),
    Move.REPORT: (
        "Partnership members of the area can read the analysis and issued reports.",
        "Findings and moderated grades should be final. You can go back to the panel stage if they are not.",
    ),
}


@blueprint.get("/audits/<int:audit_id>")
@requires(Permission.AUDITS_READ)
def show(audit_id: int) -> str:
    """One audit: where it stands, what comes next, and the way to everything in it."""
    hub = hub_of(current_person(), audit_id, page_number())
    audit = hub.audit
    return render_template(
        "audits/show.html" if hub.manages else "audits/show_agency.html",
        hub=hub,
        audit=audit,
        step=next_step(audit.stage, hub.progress),
        stages=list(Stage),
        dates=_dates(hub),
        key_lines=key_lines(audit.key_lines_of_enquiry),
        ties=ties_of(current_person(), audit),
        methods=methods_of(audit_id) if hub.manages else (),
        cards=[card for make in _card_makers() for card in make(audit_id)] if hub.manages else [],
    )


def _card_makers() -> list[AuditCardMaker]:
    makers: list[AuditCardMaker] = current_app.extensions["audit_cards"]
    return makers


def _dates(hub: Hub) -> list[KeyDate]:
    dates = []
    for name, label, _ in KEY_DATES:
        day: date | None = getattr(hub.audit, name)
        first, last = hub.due if name == "returns_due_on" else (day, day)
        if first and last:
            dates.append(KeyDate(label, range_in_words(first, last), last, several=first != last))
        else:
            dates.append(KeyDate(label))
    return dates


@blueprint.route("/audits/<int:audit_id>/stage/<word>", methods=["GET", "POST"])
@requires(Permission.AUDITS_MANAGE)
def move(audit_id: int, word: str) -> str | Response:
    """Ask whether to move the audit to another stage, saying what that does; then do it."""
    if word not in set(Move):
        raise NotFound
    wanted, form = Move(word), ButtonForm()
    if form.validate_on_submit():
        try:
            commands.change_stage(current_person(), audit_id, wanted)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash(DONE[wanted])
            return redirect(url_for("audits.show", audit_id=audit_id))
    audit, progress = stage_of(current_person(), audit_id)
    return render_template(
        "audits/move.html",
        audit=audit,
        move=wanted,
        form=form,
        here=audit.stage is wanted.start,
        missing=missing(wanted, progress),
        cautions=cautions(wanted, progress),
        effects=EFFECTS | EFFECTS_OF_SELF_ASSESSMENT if progress.self_assessment else EFFECTS,
    )
