"""One section of a return: its page, saving it by a button, and saving by itself while somebody types."""

import re
import secrets
from collections.abc import Sequence
from dataclasses import replace

from flask import (
    Response,
    flash,
    get_template_attribute,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as BaseResponse

from qa.accounts.access import current_person, requires
from qa.accounts.permissions import Permission
from qa.frameworks.reading import edition_tree
from qa.frameworks.types.texts import LONGEST
from qa.identifiers.asking import GUARD, REPLACE, choices_in
from qa.problems import NotAllowed, NotFound, Refused
from qa.returns.drafts import EMPTY, FormKey, Mark
from qa.returns.identifying import asked_on, replaced_boxes
from qa.returns.moved_pages import edition_of_page
from qa.returns.queries import contents, get_return
from qa.returns.saving import Clashed, Saved, save_section, section_of
from qa.returns.section_page import NEW, section_page
from qa.returns.typed import Typed, TypedFinding, finding_ref, read_typed
from qa.returns.views.blueprint import blueprint
from qa.returns.vocabulary import FindingKind
from qa.trail.recording import record_reading
from qa.web.errors import two_versions
from qa.web.notices import not_done

SAVED = "Your answers are saved."


def _fresh() -> FormKey:
    return FormKey(secrets.token_hex(6))


@blueprint.get("/returns/<int:return_id>/sections/<key>")
@requires(Permission.RETURNS_COMPLETE)
def section(return_id: int, key: str) -> str | BaseResponse:
    """A section to answer."""
    person = current_person()
    record = get_return(person, return_id, Permission.RETURNS_COMPLETE)
    if not record.open:
        return redirect(url_for("returns.show", return_id=return_id))
    tree = edition_tree(record.edition_id)
    chosen = section_of(tree, key)
    held = contents(return_id, tree, key)
    page = section_page(record, tree, chosen, held, Typed(_fresh()))
    if page is None:
        raise NotFound
    page = page._replace(asked=asked_on(page))
    record_reading(person.id, "return", record.id, area_id=record.area_id, part=key)
    new = [block for block in page.blocks if block.shown and block.key in request.args.getlist("new")]
    return render_template("returns/section.html", page=page, new=new, new_mark=NEW, longest=LONGEST)


@blueprint.post("/returns/<int:return_id>/sections/<key>")
@requires(Permission.RETURNS_COMPLETE)
def save(return_id: int, key: str) -> str | BaseResponse:
    """Save the section, or add or remove a row of findings."""
    do = request.form.get("do", "")
    if do.startswith(("add-", "remove-", "keep-")) and not _is_moved(return_id):
        return _shown_again(return_id, key, do=do)
    form, _ = _form_replaced(return_id, key)
    try:
        saved = save_section(current_person(), return_id, key, form, _fresh())
    except Clashed as clashed:
        return _clash_page(clashed, return_id, key)
    except Refused as refusal:
        if _is_moved(return_id):
            return _typed_before(str(refusal), return_id)
        return _shown_again(return_id, key, whole_form=[refusal.errors[""]] if "" in refusal.errors else ())
    if GUARD in request.form:
        return redirect(_answered(return_id, key, form))
    return redirect(_onwards(return_id, key, do, saved))


def _form_replaced(return_id: int, key: str) -> tuple[MultiDict[str, str], dict[str, str]]:
    """The form that was sent, with replaced what its button says; and the boxes that changed by that."""
    token = choices_in(request.form).replace
    form: MultiDict[str, str] = MultiDict(request.form)
    if not token:
        return form, {}
    record = get_return(current_person(), return_id, Permission.RETURNS_COMPLETE)
    changed = replaced_boxes(form, record, edition_tree(record.edition_id), key, token)
    for name, text in changed.items():
        form[name] = text
    return form, changed


def _answered(return_id: int, key: str, form: MultiDict[str, str]) -> str:
    """Where the page goes once something found was answered: to the box that it was found in."""
    pressed = form.get(GUARD, "")
    token = pressed.partition(":")[2]
    if pressed.startswith(REPLACE):
        flash(f"{SAVED} What you chose is replaced.")
    elif token in choices_in(form).reasons:
        flash(f"{SAVED} What you chose stays, for the reason that you gave.")
    else:
        not_done(f"{SAVED} To keep what is marked, say why it has to stay.")
    boxes = (box for box, tokens in _asked_before().items() if token in tokens)
    return url_for("returns.section", return_id=return_id, key=key, _anchor=next(boxes, "form"))


def _asked_before() -> dict[str, set[str]]:
    """What the page that was sent asked about: the tokens by the name of the box."""
    asked: dict[str, set[str]] = {}
    for name, line in request.form.items(multi=True):
        box = name.removeprefix("asked-")
        if box != name and re.fullmatch(r"[qef]-[\w-]{1,200}", box):
            asked.setdefault(box, set()).add(line.partition("|")[0])
    return asked


def _is_moved(return_id: int) -> bool:
    """Whether the page that was sent was opened before the audit moved to another edition."""
    record = get_return(current_person(), return_id, Permission.RETURNS_COMPLETE)
    return edition_of_page(request.form, edition_tree(record.edition_id)) is not None


def _typed_before(refusal: str, return_id: int) -> Response:
    """Everything that was typed on a page of another edition, with why it cannot be saved."""
    rows = [
        (name, text)
        for name, text in request.form.items(multi=True)
        if name.startswith(("q-", "e-", "f-")) and text.strip()
    ]
    html = render_template("returns/not_saved.html", refusal=refusal, rows=rows, return_id=return_id)
    return make_response(html, 409)


def _onwards(return_id: int, key: str, do: str, saved: Saved) -> str:
    """Where the page goes after a save: not away while the answers have brought up more questions."""
    if do == "later" or not saved.there:
        flash("Your answers are saved. Come back whenever you can.")
        return url_for("returns.show", return_id=return_id)
    if saved.appeared:
        address = url_for("returns.section", return_id=return_id, key=key, new=saved.appeared)
        return f"{address}#more"
    held = _not_asked_before(saved)
    if held:
        flash(f"{SAVED} Something you wrote looks as if it could identify somebody: it is marked below.")
        return url_for("returns.section", return_id=return_id, key=key, _anchor=f"{held}-asked")
    if do == "stay":
        flash(SAVED)
        return url_for("returns.section", return_id=return_id, key=key)
    if saved.following:
        return url_for("returns.section", return_id=return_id, key=saved.following)
    return url_for("returns.check", return_id=return_id)


def _not_asked_before(saved: Saved) -> str:
    """The first box in which something was found that the page had not asked about; empty without one.

    What was asked about already holds nobody up: it is asked about once more before the return is submitted.
    """
    before = set[str]().union(*_asked_before().values())
    boxes = (one.box.name for one in saved.asked if not before >= {said.token for said in one.suspects})
    return next(boxes, "")


def _shown_again(return_id: int, key: str, *, do: str = "", whole_form: Sequence[str] = ()) -> str:
    """The page with everything as it was typed; nothing is saved."""
    person = current_person()
    record = get_return(person, return_id, Permission.RETURNS_COMPLETE)
    tree = edition_tree(record.edition_id)
    chosen = section_of(tree, key)
    held = contents(return_id, tree, key)
    typed = read_typed(request.form, tree.content, chosen, record.sector, _fresh())
    if do:
        typed = replace(typed, findings=_rows_after(do, typed.findings))
    page = section_page(record, tree, chosen, held, typed, whole_form=whole_form, sent=True)
    if page is None:  # only when nothing was sent
        raise NotFound
    page = page._replace(asked=asked_on(page, choices_in(request.form)))
    if do:
        page = page._replace(problems=())
    return render_template("returns/section.html", page=page, new=[], new_mark=NEW, longest=LONGEST)


def _rows_after(do: str, rows: tuple[TypedFinding, ...]) -> tuple[TypedFinding, ...]:
    """The rows once the button was pressed: add-<kind>, remove-<ref> or keep-<ref>."""
    what, _, of = do.partition("-")
    if what != "add":
        rows = tuple(row._replace(removed=what == "remove") if row.ref == of else row for row in rows)
        return tuple(row for row in rows if not (row.removed and row.number is None and not row.mark.version))
    if of not in set(FindingKind):
        return rows
    kind = FindingKind(of)
    taken = {row.ref for row in rows}
    number = next(n for n in range(1, len(rows) + 2) if finding_ref(kind, n, new=True) not in taken)
    return (*rows, TypedFinding(finding_ref(kind, number, new=True), kind, None, "", Mark(0, EMPTY)))


def _clash_page(clashed: Clashed, return_id: int, key: str) -> Response:
    rows = [
        {"label": label, "yours": mine, "theirs": theirs}
        for clash in clashed.clashes
        for _, label, mine, theirs in clash.rows
    ]
    if any(clash.moved for clash in clashed.clashes):
        return _moved_page(clashed, return_id)
    back = url_for("returns.section", return_id=return_id, key=key)
    return two_versions(rows, clashed, back=back, what="this section", keep_theirs=True)


def _moved_page(clashed: Clashed, return_id: int) -> Response:
    """What was typed to questions that are asked otherwise since, or not; and the way to save the rest."""
    hidden = [
        (name, text)
        for name, text in request.form.items(multi=True)
        if name not in {"csrf_token", "keep", "do"}
    ]
    moved = [clash for clash in clashed.clashes if clash.moved]
    html = render_template("returns/moved.html", moved=moved, hidden=hidden, return_id=return_id)
    return make_response(html, 409)


@blueprint.post("/returns/<int:return_id>/sections/<key>/autosave")
@requires(Permission.RETURNS_COMPLETE)
def autosave(return_id: int, key: str) -> Response:
    """Save what is good of a section while somebody types; what is malformed or clashes is reported.

    Answers JSON: saved_at, marks (new values of hidden fields), errors (field, message), clashes (labels),
    suggested (what the saved answers suggest for the section's grade, in words), counted (what stands beside
    each date with a timescale, by question), texts (boxes in which something was replaced, as they are now),
    asked (what is asked about the texts sent, as HTML, by box).
    409 when something clashed, 403 with a message when the return does not change any more.
    """
    try:
        form, changed = _form_replaced(return_id, key)
        saved = save_section(current_person(), return_id, key, form, _fresh(), lenient=True)
    except Refused as refusal:
        return make_response(jsonify(message=str(refusal)), 403)
    except NotAllowed as refusal:
        return make_response(jsonify(message=str(refusal)), 403)
    ask = get_template_attribute("web/asked.html", "asked_about")
    answer = jsonify(
        saved_at=saved.clock,
        marks=saved.marks,
        errors=[{"field": error.field, "message": error.message} for error in saved.errors],
        clashes=[{"name": clash.name, "label": clash.label} for clash in saved.clashes],
        suggested=saved.suggested,
        counted=dict(saved.counted),
        texts=changed,
        asked={one.box.name: ask(one.suspects, one.box.name, keeps=True) for one in saved.asked},
    )
    return make_response(answer, 409 if saved.clashes else 200)
