"""Bringing in a framework from the tables of a Word document: choose it, look and correct, get a draft."""

from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import NamedTuple

from flask import current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from qa.accounts.access import current_person, requires
from qa.accounts.permissions import CurrentPerson, Permission
from qa.config import ImportLimits
from qa.frameworks.drafts.elements import Document
from qa.frameworks.forms import ALL_AREAS
from qa.frameworks.library import areas_to_keep_in
from qa.frameworks.office_files import BadOfficeFile
from qa.frameworks.views.blueprint import blueprint
from qa.frameworks.vocabulary import FrameworkKind, Method
from qa.frameworks.word import commands
from qa.frameworks.word.documents import draft_document, same_questions
from qa.frameworks.word.forms import NEW, WordFileForm, WordNewForm, WordNextForm
from qa.frameworks.word.guessing import Guess, guess
from qa.frameworks.word.proposal import (
    MOST_QUESTIONS,
    Proposal,
    answer_choices,
    default_scale,
    from_form,
    from_guess,
    problems,
    scale_choices,
    with_earlier,
)
from qa.frameworks.word.queries import Followed, followed, to_follow
from qa.problems import Refused
from qa.web.forms import clean
from qa.web.layout import error_summary

MOST_LEFT_OUT = 60
DETAILS = ("name", "summary", "kind", "method")


class Target(NamedTuple):
    """What the document becomes: the next edition of this one, or (None) a new framework."""

    value: str
    edition: Followed | None = None
    document: Document | None = None


def _target(person: CurrentPerson, value: str) -> Target:
    if not value.isdecimal() or len(value) > 9:
        return Target(NEW)
    return Target(value, *followed(person, int(value)))


@blueprint.route("/frameworks/import/word", methods=["GET", "POST"])
@requires(Permission.FRAMEWORKS_MANAGE)
def import_word() -> str | Response:
    """Choose a Word document; what was found in it is shown for confirmation, and nothing is kept."""
    person, form, left_out = current_person(), WordFileForm(), tuple[str, ...]()
    form.offer([(one.edition_id, f"{one.name}, after edition {one.number}") for one in to_follow(person)])
    if request.method == "GET":
        form.target.data = request.args.get("edition", NEW)
    elif form.validate_on_submit():
        try:
            found = _read(form)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            if found.questions:
                return _first_look(person, found, _target(person, form.target.data), _file_name(form))
            left_out = found.left_out
            form.refuse(Refused({"file": "No question was found in the tables of this document"}))
    return render_template("frameworks/word_import.html", form=form, left_out=left_out)


def _read(form: WordFileForm) -> Guess:
    """What was made of the document. Raises Refused with a sentence for the person."""
    limits: ImportLimits = current_app.extensions["settings"].import_limits
    raw: bytes = form.file.data.read(limits.file_mb * 1_000_000 + 1)
    if len(raw) > limits.file_mb * 1_000_000:
        raise Refused({"file": f"The document is larger than {limits.file_mb} MB: take pictures out of it"})
    try:
        # The library is loaded by the first document of a process, not by its start.
        found = guess(import_module("qa.frameworks.word.reading").read_tool(raw, limits))
    except BadOfficeFile as bad:
        raise Refused({"file": str(bad)}) from None
    if found.questions > MOST_QUESTIONS:
        raise Refused(
            {
                "file": f"The document has {found.questions:,} questions as far as can be told; "
                f"{MOST_QUESTIONS} are allowed. Bring it in in parts"
            }
        )
    return found


def _file_name(form: WordFileForm) -> str:
    return clean(str(form.file.data.filename or "").replace("\\", "/").rsplit("/", 1)[-1])[:100]


def _first_look(person: CurrentPerson, found: Guess, target: Target, file_name: str) -> str:
    proposal = from_guess(found)
    if target.document is not None:
        proposal = with_earlier(proposal, target.document)
        form = WordNextForm(formdata=None, target=target.value)
        form.closing.data = target.document["kind"] == FrameworkKind.CASE_AUDIT
    else:
        form = _new_form(person, proposal, filled=False)
        form.target.data, form.area.data, form.closing.data = NEW, ALL_AREAS, True
        form.name.data = found.name or file_name.rsplit(".", 1)[0]
        form.kind.data, form.method.data = FrameworkKind.CASE_AUDIT.value, Method.MULTI_AGENCY.value
        form.judgement.data = default_scale(proposal)
    return _page(form, proposal, target, {}, (file_name, *found.left_out))


def _new_form(person: CurrentPerson, proposal: Proposal, *, filled: bool) -> WordNewForm:
    form = WordNewForm() if filled else WordNewForm(formdata=None)
    form.offer_areas(areas_to_keep_in(person))
    form.offer_scales(scale_choices(proposal, None))
    return form


@blueprint.route("/frameworks/import/word/confirm", methods=["GET", "POST"])
@requires(Permission.FRAMEWORKS_MANAGE)
def confirm_word() -> str | Response:
    """What the person left of the proposal becomes a draft; what must be put right first is said."""
    if request.method == "GET":
        return redirect(url_for("frameworks.import_word"))
    person = current_person()
    typed = {name: clean(text) for name, text in request.form.items()}
    proposal, target = from_form(typed), _target(person, typed.get("target", NEW))
    form = WordNextForm() if target.document is not None else _new_form(person, proposal, filled=True)
    wrong = problems(proposal, answer_choices(proposal, target.document))
    if form.validate_on_submit() and not wrong:
        try:
            return _create(person, form, proposal, target)
        except Refused as refusal:
            form.refuse(refusal)
    left_out = [typed.get("file", "")]
    left_out += [typed[f"left-{place}"] for place in range(MOST_LEFT_OUT) if f"left-{place}" in typed]
    return _page(form, proposal, target, wrong, left_out)


def _create(
    person: CurrentPerson, form: WordNewForm | WordNextForm, proposal: Proposal, target: Target
) -> Response:
    """Make the draft. Raises Refused."""
    closing = bool(form.closing.data)
    if isinstance(form, WordNewForm):
        details = {name: str(form[name].data) for name in DETAILS}
        closing = closing and details["kind"] == FrameworkKind.CASE_AUDIT
        document = draft_document(proposal, details, judgement=str(form.judgement.data), closing=closing)
        edition_id = commands.start_new(person, document, form.area_id)
        said = "The draft is here."
    else:
        earlier = target.document or {}
        document = draft_document(proposal, {}, closing=closing, earlier=earlier)
        edition_id = commands.start_following(person, int(target.value), document)
        same = same_questions(document, earlier)
        said = f"The draft is here. Asked as before, word for word: {same}."
    flash(f"{said} What is still to be put right stands beside each part.")
    return redirect(url_for("frameworks.draft", edition_id=edition_id))


def _page(
    form: WordNewForm | WordNextForm,
    proposal: Proposal,
    target: Target,
    wrong: Mapping[str, str],
    about: Sequence[str],
) -> str:
    """about: the file's name, then what was left out."""
    errors = [(str(entry["text"]), str(entry.get("href", ""))) for entry in _listed(form)]
    errors += [(message, f"#{name}" if name else "") for name, message in wrong.items()]
    return render_template(
        "frameworks/word_confirm.html",
        details=form,
        proposal=proposal,
        target=target,
        wrong=wrong,
        errors=errors,
        file_name=about[0],
        left_out=about[1:],
        answers=answer_choices(proposal, target.document),
    )


def _listed(form: WordNewForm | WordNextForm) -> Sequence[Mapping[str, object]]:
    listed: Sequence[Mapping[str, object]] = error_summary(form)["errorList"] if form.errors else ()  # type: ignore[assignment]
    return listed
