"""Pages of moving an audit to a newer edition: choose it, see what becomes of everything, do it, undo it."""

from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from qa.accounts.access import current_person, requires
from qa.accounts.permissions import Permission
from qa.moving import commands
from qa.moving.forms import MoveForm, UndoForm
from qa.moving.mapping import Fate
from qa.moving.queries import Line, MoveDone, Preview, choices, move_done, preview
from qa.problems import Refused
from qa.web.paging import PAGE_SIZE, Page, page_number

blueprint = Blueprint("moving", __name__, template_folder="templates")

ATTENTION = "attention"
EVERY = "all"


class Words(NamedTuple):
    """How a fate reads: on its tag, and in a sentence about answers."""

    tag: str
    colour: str
    means: str


FATES = {
    Fate.AGAIN: Words(
        "Needs answering again",
        "orange",
        "the old answer is kept with the case, and the question asked afresh",
    ),
    Fate.GONE: Words("No longer asked", "purple", "the answer is kept with the case and counts in no figure"),
    Fate.NEW: Words("New", "light-blue", "asked in returns that are not in yet"),
    Fate.KEPT: Words("Kept", "green", "the answer stays in place, with its evidence"),
}


def _shows() -> dict[str, str]:
    shows = {ATTENTION: "Needs attention", **{fate.value: FATES[fate].tag for fate in Fate}}
    return {**shows, EVERY: "Every question"}


@blueprint.get("/audits/<int:audit_id>/edition")
@requires(Permission.AUDITS_MANAGE)
def choose(audit_id: int) -> str:
    """The newer editions that an audit can be moved to, and the moves made."""
    found = choices(current_person(), audit_id)
    return render_template("moving/choose.html", found=found, audit=found.audit)


@blueprint.route("/audits/<int:audit_id>/edition/<int:edition_id>", methods=["GET", "POST"])
@requires(Permission.AUDITS_MANAGE)
def move(audit_id: int, edition_id: int) -> str | Response:
    """What moving the audit to an edition would mean, question by question; then do it."""
    person, form = current_person(), MoveForm()
    if form.validate_on_submit():
        try:
            number = commands.move_audit(person, audit_id, edition_id, form.seen.data or "")
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash("The audit is moved.")
            return redirect(url_for("moving.done", audit_id=audit_id, move_id=number))
    found = preview(person, audit_id, edition_id)
    form.seen.data = found.made.seen
    asked = request.args.get("show", ATTENTION)
    show = asked if asked in _shows() else ATTENTION
    page = _page(_chosen(found, show))
    return render_template(
        "moving/move.html",
        found=found,
        audit=found.audit,
        form=form,
        fates=FATES,
        show=show,
        shows={key: (text, len(_chosen(found, key))) for key, text in _shows().items()},
        page=page,
        groups=_by_section(page.items),
    )


def _chosen(found: Preview, show: str) -> list[Line]:
    """The questions that a filter leaves, those that ask for something first."""
    if show == EVERY:
        return list(found.questions)
    if show == ATTENTION:
        wanted = [line for line in found.questions if line.part.fate is not Fate.KEPT or line.part.notes]
        return sorted(wanted, key=lambda line: (list(Fate).index(line.part.fate), not line.answers))
    return [line for line in found.questions if line.part.fate == show]


def _by_section(lines: Sequence[Line]) -> list[tuple[str, list[Line]]]:
    """The questions under their sections' titles, in order."""
    return [(title, list(listed)) for title, listed in groupby(lines, key=lambda line: line.part.section)]


def _page(lines: list[Line]) -> Page[Line]:
    last = max(1, -(-len(lines) // PAGE_SIZE))
    number = min(page_number(), last)
    return Page(lines[(number - 1) * PAGE_SIZE : number * PAGE_SIZE], number, len(lines))


@blueprint.get("/audits/<int:audit_id>/edition/moves/<int:move_id>")
@requires(Permission.AUDITS_MANAGE)
def done(audit_id: int, move_id: int) -> str:
    """A move that was made, and the way to undo it."""
    return _done(move_done(current_person(), audit_id, move_id), UndoForm())


@blueprint.post("/audits/<int:audit_id>/edition/moves/<int:move_id>/undo")
@requires(Permission.AUDITS_MANAGE)
def undo(audit_id: int, move_id: int) -> str | Response:
    """Move the audit back to the edition it was moved from."""
    person, form = current_person(), UndoForm()
    try:
        commands.undo_move(person, audit_id, move_id)
    except Refused as refusal:
        form.refuse(refusal)
        return _done(move_done(person, audit_id, move_id), form)
    flash("The move is undone.")
    return redirect(url_for("moving.done", audit_id=audit_id, move_id=move_id))


def _done(found: MoveDone, form: UndoForm) -> str:
    return render_template("moving/done.html", found=found, audit=found.audit, form=form)
