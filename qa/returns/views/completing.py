"""Checking, submitting and reading a return; not involved; sending back."""

import secrets

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from qa.accounts.access import current_person, requires
from qa.accounts.permissions import CurrentPerson, Permission, can
from qa.frameworks.editions import EditionTree
from qa.frameworks.reading import edition_tree
from qa.identifiers.asking import GUARD, REPLACE, choices_in, in_words
from qa.problems import NotAllowed, Questioned, Refused, Stale
from qa.returns import answering, completing
from qa.returns.answers_page import AnsweredSection, answered_sections
from qa.returns.decoding import profile_labels, profile_of
from qa.returns.drafts import FormKey
from qa.returns.earlier import earlier_editions
from qa.returns.forms import NotInvolvedForm, SendBackForm, SubmitForm
from qa.returns.identifying import asked_of
from qa.returns.progress import progress_of
from qa.returns.queries import contents, get_readable, get_return, section_keys
from qa.returns.records import Contents, ReturnRecord
from qa.returns.views.blueprint import blueprint
from qa.returns.work import Neighbours, neighbours
from qa.trail.recording import record_reading
from qa.web.errors import conflict_page
from qa.web.notices import not_done

CHANGED = "Somebody changed answers after you opened this page. Check them again, then submit"


@blueprint.route("/returns/<int:return_id>/check-answers", methods=["GET", "POST"])
@requires(Permission.RETURNS_COMPLETE)
def check(return_id: int) -> str | Response:
    """Every answer on one page, what is missing, and the button to submit."""
    person, form = current_person(), SubmitForm()
    problems: list[tuple[str, str]] = []
    unanswered: dict[str, str] = {}
    if request.method == "POST" and GUARD in request.form:
        unanswered = _answer(person, return_id)
        if not unanswered:
            return redirect(url_for("returns.check", return_id=return_id, _anchor="asked"))
        problems = [(message, f"#why-{token}") for token, message in unanswered.items()]
    elif form.validate_on_submit():
        problems = _submit(person, return_id, form)
        if not problems:
            flash("Your return is submitted. Thank you.")
            return redirect(url_for("returns.read", return_id=return_id))
    record = get_return(person, return_id, Permission.RETURNS_COMPLETE)
    if not record.open:
        return redirect(url_for("returns.show", return_id=return_id))
    tree, held, sections = _whole(record)
    missing = completing.missing_from([one.progress for one in sections])
    asked = asked_of(record, tree, held, choices_in(request.form))
    form.seen.data = completing.seen_digest(held)
    record_reading(person.id, "return", record.id, area_id=record.area_id, part="check_answers")
    return render_template(
        "returns/check.html",
        record=record,
        tree=tree,
        sections=sections,
        missing=missing,
        asked=asked,
        unanswered=unanswered,
        beside=_beside(person, record),
        submit=form,
        problems=problems,
        declared_error=next((text for text, href in problems if href == "#declared"), None),
    )


def _beside(person: CurrentPerson, record: ReturnRecord) -> Neighbours | None:
    """The cases before and after; None for a guest, who has one return."""
    return None if person.is_guest else neighbours(person, record)


def _answer(person: CurrentPerson, return_id: int) -> dict[str, str]:
    """Replace or keep what a button was pressed for; gives back what is in the way, by its token."""
    pressed = request.form.get(GUARD, "")
    token = pressed.partition(":")[2]
    try:
        fresh = FormKey(secrets.token_hex(6))
        answering.answer(person, return_id, token, choices_in(request.form), fresh)
    except Questioned as questioned:
        return dict(questioned.errors)
    except Refused as refusal:
        not_done(refusal)
    else:
        flash("It is replaced." if pressed.startswith(REPLACE) else "It stays, for the reason that you gave.")
    return {}


def _submit(person: CurrentPerson, return_id: int, form: SubmitForm) -> list[tuple[str, str]]:
    """Submit; gives back what is in the way: (message, address)."""
    try:
        completing.submit(person, return_id, form.seen.data or "", declared=bool(form.declared.data))
    except completing.Incomplete as incomplete:
        return [
            (error.summary, f"{url_for('returns.section', return_id=return_id, key=key)}#{error.field}")
            for key, error in incomplete.missing
        ]
    except completing.Unanswered as unanswered:
        return [(in_words([one]), f"#why-{one.token}") for one in unanswered.asked]
    except completing.Changed:
        return [(CHANGED, "#answers")]
    except Refused as refusal:
        return [(message, f"#{name or 'answers'}") for name, message in refusal.errors.items()]
    return []


def _whole(record: ReturnRecord) -> tuple[EditionTree, Contents, list[AnsweredSection]]:
    tree = edition_tree(record.edition_id)
    held = contents(record.id, tree)
    profile = profile_of(record.profile_text, tree)
    progress = progress_of(tree.content, record.sector, profile, held.answers, section_keys(held, tree))
    return tree, held, answered_sections(record, tree, held, profile, progress)


@blueprint.get("/returns/<int:return_id>/read")
@requires(Permission.RETURNS_READ)
def read(return_id: int) -> str:
    """A return to read: for its agency, and once submitted for the QA lead and then the panel."""
    person = current_person()
    record = get_readable(person, return_id)
    tree, held, sections = _whole(record)
    facts = record.facts(person)
    may_complete = can(person, Permission.RETURNS_COMPLETE, facts)
    beside = _beside(person, record) if may_complete else None
    record_reading(person.id, "return", record.id, area_id=record.area_id, part="answers")
    return render_template(
        "returns/read.html",
        beside=beside,
        following=(beside.after or beside.before) if beside and record.state.complete else None,
        record=record,
        tree=tree,
        sections=sections,
        earlier=earlier_editions(held, tree.content),
        profile=profile_labels(profile_of(record.profile_text, tree), tree),
        may_raise_here=can(person, Permission.CONCERNS_RAISE, facts),
        may_complete=may_complete,
        may_send_link=record.open and can(person, Permission.RETURNS_SEND_LINK, facts),
        may_send_back=completing.may_send_back(person, record),
    )


@blueprint.route("/returns/<int:return_id>/not-involved", methods=["GET", "POST"])
@requires(Permission.RETURNS_COMPLETE)
def not_involved(return_id: int) -> str | Response:
    """Complete the return because the agency does not know the child."""
    person, form = current_person(), NotInvolvedForm()
    if form.validate_on_submit():
        try:
            reason, choices = form.reason.data or "", choices_in(request.form)
            completing.mark_not_involved(person, return_id, reason, form.version_number, choices)
        except Refused as refusal:
            form.refuse(refusal)
        except Stale as stale:
            return conflict_page(form, stale, url_for("returns.show", return_id=return_id), "this return")
        else:
            flash("The return is complete: your agency was not involved.")
            return redirect(url_for("returns.show", return_id=return_id))
    record = get_return(person, return_id, Permission.RETURNS_COMPLETE)
    if not form.is_submitted():
        if not record.open:
            return redirect(url_for("returns.show", return_id=return_id))
        form.version.data, form.reason.data = str(record.version), record.not_involved_reason
    record_reading(person.id, "return", record.id, area_id=record.area_id, part="not_involved")
    return render_template("returns/not_involved.html", record=record, form=form)


@blueprint.post("/returns/<int:return_id>/involved")
@requires(Permission.RETURNS_COMPLETE)
def involved(return_id: int) -> Response:
    """Take "not involved" back."""
    try:
        completing.take_back_not_involved(current_person(), return_id)
        flash("The return is open again. Your answers are as they were.")
    except Refused as refusal:
        not_done(refusal)
    return redirect(url_for("returns.show", return_id=return_id))


@blueprint.route("/returns/<int:return_id>/send-back", methods=["GET", "POST"])
@requires(Permission.AUDITS_MANAGE)
def send_back(return_id: int) -> str | Response:
    """Open a completed return again, so that its auditor can put something right."""
    person, form = current_person(), SendBackForm()
    record = get_return(person, return_id)
    if not completing.may_send_back(person, record):
        raise NotAllowed("A return can be sent back by the audit's QA lead, while fieldwork is open.")
    if form.validate_on_submit():
        try:
            completing.send_back(person, return_id, form.reason.data or "", choices_in(request.form))
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash(_open_again(record))
            return redirect(url_for("audits.case", audit_id=record.audit_id, case_id=record.case_id))
    return render_template("returns/send_back.html", record=record, form=form)


def _open_again(record: ReturnRecord) -> str:
    # A self-assessment is on no case but the agency itself.
    if edition_tree(record.edition_id).self_assessment:
        return f"The self-assessment of {record.agency} is open again."
    return f"The return of {record.agency} on case {record.case_reference} is open again."
