"""The form pages of sections, questions, scales and profile fields, and a section's own page."""

from functools import partial

from flask import url_for
from werkzeug.wrappers import Response

from qa.accounts.access import requires
from qa.accounts.permissions import Permission
from qa.frameworks.builder_forms.base import BuilderForm
from qa.frameworks.builder_forms.profile import profile_form
from qa.frameworks.builder_forms.questions import QuestionForm, question_form
from qa.frameworks.builder_forms.scales import scale_form
from qa.frameworks.builder_forms.sections import SectionForm, section_form
from qa.frameworks.drafts.closing import lacks_closing
from qa.frameworks.drafts.elements import Document, Element, Kind, element, questions_of, sections_of
from qa.frameworks.drafts.queries import DraftRecord
from qa.frameworks.drafts.ready_profile import READY_FIELDS
from qa.frameworks.drafts.ready_scales import READY_SCALES
from qa.frameworks.drafts.subjects import condition_words, every_subject
from qa.frameworks.views.blueprint import blueprint
from qa.frameworks.views.building import base
from qa.frameworks.views.building.listing import question_rows, who
from qa.frameworks.vocabulary import Colour
from qa.problems import NotFound


def whole_section(record: DraftRecord, key: str) -> Document:
    """A section with its questions. Raises NotFound."""
    for section in sections_of(record.document):
        if section["key"] == key:
            return section
    raise NotFound("no such section")


@blueprint.get("/frameworks/drafts/<int:edition_id>/sections/<key>")
@requires(Permission.FRAMEWORKS_MANAGE)
def draft_section(edition_id: int, key: str) -> str:
    """A section: what it is, and its questions to add to, to order and to change."""
    record = base.open_draft(edition_id)
    section, found = whole_section(record, key), base.checked(record)
    sections = sections_of(record.document)
    place = next(number for number, one in enumerate(sections) if one["key"] == key)
    return base.page(
        "build_section.html",
        draft=record,
        section=section,
        rows=question_rows(record.document, section, found),
        problems=found.of(Kind.SECTION, key),
        when=condition_words(section, every_subject(record.document)) if "only_if" in section else "",
        who=who(section),
        lacks_closing=lacks_closing(record.document, section),
        before=sections[place - 1] if place else None,
        after=sections[place + 1] if place + 1 < len(sections) else None,
        number=place + 1,
    )


@blueprint.route("/frameworks/drafts/<int:edition_id>/sections/<key>/settings", methods=["GET", "POST"])
@requires(Permission.FRAMEWORKS_MANAGE)
def section_settings(edition_id: int, key: str) -> str | Response:
    """A section's title, guidance, sectors, condition and weight."""

    def make(document: Document, part: Document | None) -> SectionForm:
        return section_form(document, key, part)

    def show(record: DraftRecord, form: BuilderForm, part: Element | None) -> str:
        found = base.said_of(record, Kind.SECTION, key)
        return base.page("build_section_form.html", draft=record, form=form, part=part, **found)

    def done() -> Response:
        return base.saved("The section is saved.", base.section_address(edition_id, key))

    return base.edit(base.Place(edition_id, Kind.SECTION, key, make, show, done))


@blueprint.route("/frameworks/drafts/<int:edition_id>/questions/<key>", methods=["GET", "POST"])
@requires(Permission.FRAMEWORKS_MANAGE)
def draft_question(edition_id: int, key: str) -> str | Response:
    """Everything about one question."""

    def make(document: Document, part: Document | None) -> QuestionForm:
        return question_form(document, key, base.theme_library(), part)

    def show(record: DraftRecord, form: BuilderForm, part: Element | None) -> str:
        section = part.section if part else None
        titles = {one["key"]: one.get("title", "") for one in sections_of(record.document)}
        return base.page(
            "build_question.html",
            draft=record,
            form=form,
            part=part,
            section=section,
            section_title=titles.get(section, ""),
            sections=titles,
            **base.said_of(record, Kind.QUESTION, key),
            next=_next_question(record, key),
        )

    return base.edit(base.Place(edition_id, Kind.QUESTION, key, make, show, partial(_saved, edition_id, key)))


def _saved(edition_id: int, key: str) -> Response:
    record = base.open_draft(edition_id)
    after = _next_question(record, key) if base.asked_to() == "next" else None
    if after:
        said = "The question is saved. This is the next one."
        return base.saved(said, url_for("frameworks.draft_question", edition_id=edition_id, key=after))
    found = element(record.document, Kind.QUESTION, key)
    section = found.section if found and found.section else ""
    return base.saved("The question is saved.", base.section_address(edition_id, section, key))


def _next_question(record: DraftRecord, key: str) -> str | None:
    """The question after that one in its section."""
    for section in sections_of(record.document):
        keys = [question["key"] for question in questions_of(section)]
        if key in keys[:-1]:
            return str(keys[keys.index(key) + 1])
    return None


@blueprint.get("/frameworks/drafts/<int:edition_id>/scales")
@requires(Permission.FRAMEWORKS_MANAGE)
def draft_scales(edition_id: int) -> str:
    """The scales, and ready-made ones to begin with."""
    record = base.open_draft(edition_id)
    found = base.checked(record)
    problems = {one.key: found.of(Kind.SCALE, one.key) for one in found.problems if one.kind is Kind.SCALE}
    return base.page("build_scales.html", draft=record, problems=problems, ready=READY_SCALES)


@blueprint.route("/frameworks/drafts/<int:edition_id>/scales/<key>", methods=["GET", "POST"])
@requires(Permission.FRAMEWORKS_MANAGE)
def draft_scale(edition_id: int, key: str) -> str | Response:
    """A scale and its grades."""

    def show(record: DraftRecord, form: BuilderForm, part: Element | None) -> str:
        found = base.said_of(record, Kind.SCALE, key)
        return base.page(
            "build_scale.html", draft=record, form=form, part=part, colours=list(Colour), **found
        )

    def done() -> Response:
        return base.saved(
            "The scale is saved.", url_for("frameworks.draft_scales", edition_id=edition_id, _anchor=key)
        )

    return base.edit(base.Place(edition_id, Kind.SCALE, key, scale_form, show, done))


@blueprint.get("/frameworks/drafts/<int:edition_id>/profile")
@requires(Permission.FRAMEWORKS_MANAGE)
def draft_profile(edition_id: int) -> str:
    """The case profile, and ready-made fields to begin with."""
    record = base.open_draft(edition_id)
    found = base.checked(record)
    problems = {
        one.key: found.of(Kind.PROFILE_FIELD, one.key)
        for one in found.problems
        if one.kind is Kind.PROFILE_FIELD
    }
    taken = {field["key"] for field in record.document.get("profile") or ()}
    ready = {key: field for key, field in READY_FIELDS.items() if key not in taken}
    return base.page("build_profile.html", draft=record, problems=problems, ready=ready)


@blueprint.route("/frameworks/drafts/<int:edition_id>/profile/<key>", methods=["GET", "POST"])
@requires(Permission.FRAMEWORKS_MANAGE)
def draft_profile_field(edition_id: int, key: str) -> str | Response:
    """A field of the case profile."""

    def show(record: DraftRecord, form: BuilderForm, part: Element | None) -> str:
        found = base.said_of(record, Kind.PROFILE_FIELD, key)
        return base.page("build_profile_field.html", draft=record, form=form, part=part, **found)

    def done() -> Response:
        address = url_for("frameworks.draft_profile", edition_id=edition_id, _anchor=key)
        return base.saved("The profile field is saved.", address)

    return base.edit(base.Place(edition_id, Kind.PROFILE_FIELD, key, profile_form, show, done))
