"""Adding to a draft: sections, questions one by one or many at once, scales, profile fields."""

from collections.abc import Callable
from typing import TypeVar

from flask import request, url_for
from werkzeug.wrappers import Response

from qa.accounts.access import requires
from qa.accounts.permissions import Permission
from qa.frameworks.builder_forms.adding import AddQuestionForm, PasteForm
from qa.frameworks.builder_forms.base import BuilderForm
from qa.frameworks.builder_forms.profile import profile_form
from qa.frameworks.builder_forms.scales import scale_form
from qa.frameworks.builder_forms.sections import section_form
from qa.frameworks.drafts.closing import judged_on, needs_closing, with_closing
from qa.frameworks.drafts.editing import added
from qa.frameworks.drafts.elements import Document, Kind, element, questions_of, sections_of
from qa.frameworks.drafts.queries import DraftRecord
from qa.frameworks.views.blueprint import blueprint
from qa.frameworks.views.building import base
from qa.frameworks.views.building.editing import whole_section
from qa.frameworks.vocabulary import Colour, ProfileFieldType, QuestionType
from qa.problems import NotFound, Refused

F = TypeVar("F", AddQuestionForm, PasteForm)


def _sent(form: BuilderForm, save: Callable[[], Response]) -> Response | None:
    """Take the form when it was sent and nothing is wrong with it."""
    if request.method == "GET" or form.rearrange(base.asked_to()) or not form.validate_on_submit():
        return None
    try:
        return save()
    except Refused as refusal:
        form.refuse(refusal)
        return None


@blueprint.route("/frameworks/drafts/<int:edition_id>/new-section", methods=["GET", "POST"])
@requires(Permission.FRAMEWORKS_MANAGE)
def add_section(edition_id: int) -> str | Response:
    """Add a section, with its closing questions at once."""
    record = base.open_draft(edition_id)
    form = section_form(record.document, "", {} if request.method == "GET" else None)
    if not needs_closing(record.document):
        del form.closing
    elif request.method == "GET":
        form.closing.data = True

    def save() -> Response:
        values = {**form.values(), "questions": []}
        closing = "closing" in form and form.closing.data
        keys: list[str] = []

        def apply(document: Document) -> Document:
            after, key = added(document, Kind.SECTION, values)
            keys.append(key)
            return with_closing(after, key) if closing else after

        base.change(edition_id, apply, f"Added {base.name_of(Kind.SECTION, values)}", ["sections"])
        return base.saved(
            "The section is added. Now its questions.", base.section_address(edition_id, keys[-1])
        )

    return _sent(form, save) or base.page(
        "build_section_form.html", draft=record, form=form, part=None, problems=(), new=True
    )


@blueprint.post("/frameworks/drafts/<int:edition_id>/sections/<key>/closing")
@requires(Permission.FRAMEWORKS_MANAGE)
def add_closing(edition_id: int, key: str) -> Response:
    """Let a section end with its grade and the impact on the child."""
    base.change(
        edition_id,
        lambda document: with_closing(document, key),
        "Ended a section with its grade and the impact on the child",
        [key],
    )
    return base.saved(
        "The section ends with its grade and the impact on the child.", base.section_address(edition_id, key)
    )


def _first_judged_on(document: Document, key: str) -> Document:
    """The first scale is the one that the panel grades on, until another is chosen."""
    return document if document.get("judgement_scale") else judged_on(document, key)


def _usual(section: Document, document: Document) -> dict[str, str]:
    """How the next question is likely to be answered: as the one before it, else a grade."""
    listed = [question for question in questions_of(section) if not question.get("role")]
    last = listed[-1] if listed else {}
    scale = str(last.get("scale") or document.get("judgement_scale", ""))
    return {"type": str(last.get("type", QuestionType.GRADE.value)), "scale": scale}


@blueprint.route("/frameworks/drafts/<int:edition_id>/sections/<key>/new-question", methods=["GET", "POST"])
@requires(Permission.FRAMEWORKS_MANAGE)
def add_question(edition_id: int, key: str) -> str | Response:
    """Add a question: its words and how it is answered. Adding another keeps type and scale."""
    record = base.open_draft(edition_id)
    section, gone = _section_to_add_to(record, key)
    key = section["key"]
    form = _asking(AddQuestionForm, record, section, gone)

    def save() -> Response:
        question = base.add_part(edition_id, Kind.QUESTION, form.values(), key)
        if base.asked_to() == "another":
            address = url_for(
                "frameworks.add_question",
                edition_id=edition_id,
                key=key,
                type=form.type.data,
                scale=form.scale.data or None,
                added=question,
            )
            return base.saved("", address)
        if base.asked_to() == "details":
            return base.saved(
                "The question is added.",
                url_for("frameworks.draft_question", edition_id=edition_id, key=question),
            )
        return base.saved("The question is added.", base.section_address(edition_id, key, question))

    just_added = element(record.document, Kind.QUESTION, request.args.get("added", ""))
    return _sent(form, save) or base.page(
        "build_add_question.html",
        draft=record,
        form=form,
        section=section,
        added=just_added if request.method == "GET" else None,
        gone=gone,
    )


@blueprint.route(
    "/frameworks/drafts/<int:edition_id>/sections/<key>/paste-questions", methods=["GET", "POST"]
)
@requires(Permission.FRAMEWORKS_MANAGE)
def paste_questions(edition_id: int, key: str) -> str | Response:
    """Add several questions at once, one a line."""
    record = base.open_draft(edition_id)
    section, gone = _section_to_add_to(record, key)
    key = section["key"]
    form = _asking(PasteForm, record, section, gone)

    def save() -> Response:
        texts, asked = form.questions(), form.asked()

        def apply(document: Document) -> Document:
            for text in texts:
                document, _key = added(document, Kind.QUESTION, {"text": text, **asked}, key)
            return document

        many = f"{len(texts)} question{'' if len(texts) == 1 else 's'}"
        base.change(edition_id, apply, f"Added {many}", [key])
        return base.saved(
            f"{many} {'is' if len(texts) == 1 else 'are'} added.", base.section_address(edition_id, key)
        )

    return _sent(form, save) or base.page(
        "build_paste.html", draft=record, form=form, section=section, gone=gone
    )


def _section_to_add_to(record: DraftRecord, key: str) -> tuple[Document, bool]:
    """The section, and whether it is gone: then another, so that what was typed for it is not lost.

    Raises NotFound when there is nothing to save: nothing typed, or no section left.
    """
    if request.method == "GET" or element(record.document, Kind.SECTION, key):
        return whole_section(record, key), False
    sections = sections_of(record.document)
    if not sections:
        raise NotFound("no such section")
    chosen = request.form.get("section", "")
    return next((one for one in sections if one["key"] == chosen), sections[0]), not chosen


def _asking(kind: type[F], record: DraftRecord, section: Document, gone: bool) -> F:
    if request.method == "POST":
        form = kind()
    else:
        usual = _usual(section, record.document)
        form = kind(data={name: request.args.get(name, value) for name, value in usual.items()})
    form.offer_scales(record.document)
    form.gone = gone
    return form


@blueprint.route("/frameworks/drafts/<int:edition_id>/new-scale", methods=["GET", "POST"])
@requires(Permission.FRAMEWORKS_MANAGE)
def add_scale(edition_id: int) -> str | Response:
    """Add a scale."""
    record = base.open_draft(edition_id)
    form = scale_form(record.document, {} if request.method == "GET" else None)

    def save() -> Response:
        key = base.add_part(edition_id, Kind.SCALE, form.values(), then=_first_judged_on)
        address = url_for("frameworks.draft_scales", edition_id=edition_id, _anchor=key)
        return base.saved("The scale is added.", address)

    return _sent(form, save) or base.page(
        "build_scale.html", draft=record, form=form, part=None, problems=(), colours=list(Colour), new=True
    )


@blueprint.route("/frameworks/drafts/<int:edition_id>/new-profile-field", methods=["GET", "POST"])
@requires(Permission.FRAMEWORKS_MANAGE)
def add_profile_field(edition_id: int) -> str | Response:
    """Add a field to the case profile."""
    record = base.open_draft(edition_id)
    empty = {"type": ProfileFieldType.SINGLE_CHOICE.value}
    form = profile_form(record.document, empty if request.method == "GET" else None)

    def save() -> Response:
        key = base.add_part(edition_id, Kind.PROFILE_FIELD, form.values())
        address = url_for("frameworks.draft_profile", edition_id=edition_id, _anchor=key)
        return base.saved("The profile field is added.", address)

    return _sent(form, save) or base.page(
        "build_profile_field.html", draft=record, form=form, part=None, problems=(), new=True
    )
