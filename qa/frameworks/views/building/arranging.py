"""Moving, duplicating and deleting the parts of a draft."""

from functools import partial

from flask import request, url_for
from werkzeug.wrappers import Response

from qa.accounts.access import requires
from qa.accounts.permissions import Permission
from qa.frameworks.drafts.editing import WORDS, dependents, duplicated, moved, removed
from qa.frameworks.drafts.elements import (
    Document,
    Element,
    Kind,
    element,
    elements,
    fingerprint,
    questions_of,
    sections_of,
)
from qa.frameworks.forms import EditionForm
from qa.frameworks.views.blueprint import blueprint
from qa.frameworks.views.building import base
from qa.problems import NotFound, Refused, refused

KINDS = {
    "sections": Kind.SECTION,
    "questions": Kind.QUESTION,
    "scales": Kind.SCALE,
    "profile": Kind.PROFILE_FIELD,
}
PART = "/frameworks/drafts/<int:edition_id>/<any(sections, questions, scales, profile):what>/<key>"
FAR = 1000


def siblings(document: Document, found: Element) -> list[Document]:
    """The part among those it stands with, in order."""
    if found.kind is Kind.QUESTION:
        section = next(one for one in sections_of(document) if one["key"] == found.section)
        return list(questions_of(section))
    return list(document[str(found.path[0])])


def _present(document: Document, kind: Kind, key: str) -> Element:
    found = element(document, kind, key)
    if found is None:
        raise NotFound(f"no such {kind}")
    return found


def place_asked(document: Document, found: Element, to: str) -> int:
    """Where a part goes: "up", "down", or a place counted from 1."""
    keys = [one["key"] for one in siblings(document, found)]
    here = keys.index(found.key)
    if to in {"up", "down"}:
        return max(0, here + (-1 if to == "up" else 1))
    if to.isdecimal() and to.isascii() and 1 <= int(to[:4]) <= FAR:
        return int(to[:4]) - 1
    raise refused("Say where it is to go")


def _list_address(edition_id: int, kind: Kind, key: str, section: str | None) -> str:
    if kind is Kind.QUESTION and section:
        return base.section_address(edition_id, section, key)
    if kind is Kind.SECTION:
        return base.overview_address(edition_id, f"s-{key}" if key else "sections")
    endpoint = "frameworks.draft_scales" if kind is Kind.SCALE else "frameworks.draft_profile"
    return url_for(endpoint, edition_id=edition_id, _anchor=key or None)


@blueprint.post(f"{PART}/move")
@requires(Permission.FRAMEWORKS_MANAGE)
def move_part(edition_id: int, what: str, key: str) -> Response:
    """Move a part up, down or to a place among the others."""
    kind, to = KINDS[what], request.form.get("to", "")
    found = base.part_of(base.open_draft(edition_id), kind, key)

    def apply(document: Document) -> Document:
        return moved(document, kind, key, place_asked(document, _present(document, kind, key), to))

    words = base.name_of(kind, found.value)
    try:
        after = base.change(edition_id, apply, f"Moved {words}", [key])
    except Refused as refusal:
        return base.saved(str(refusal), _list_address(edition_id, kind, key, found.section))
    listed = [one["key"] for one in siblings(after, _present(after, kind, key))]
    said = f"{words[0].upper()}{words[1:]} is now {listed.index(key) + 1} of {len(listed)}."
    return base.saved(said, _list_address(edition_id, kind, key, found.section))


@blueprint.route("/frameworks/drafts/<int:edition_id>/questions/<key>/section", methods=["GET", "POST"])
@requires(Permission.FRAMEWORKS_MANAGE)
def move_to_section(edition_id: int, key: str) -> str | Response:
    """Move a question to the end of another section."""
    record = base.open_draft(edition_id)
    found = base.part_of(record, Kind.QUESTION, key)
    others = [one for one in sections_of(record.document) if one["key"] != found.section]
    error = ""
    if request.method == "POST":
        section = request.form.get("section", "")
        target = next((one for one in others if one["key"] == section), None)
        if target is not None:
            words = base.name_of(Kind.QUESTION, found.value)
            base.change(
                edition_id, lambda document: _moved_to(document, key, section), f"Moved {words}", [key]
            )
            said = f"The question is now in {base.quoted(target.get('title', ''))}."
            return base.saved(said, base.section_address(edition_id, section, key))
        error = "Choose the section it is to go to"
    return base.page("build_move.html", draft=record, part=found, others=others, error=error)


def _moved_to(document: Document, key: str, section: str) -> Document:
    target = next((one for one in sections_of(document) if one["key"] == section), None)
    if target is None:
        raise NotFound("no such section")
    questions = questions_of(target)
    closing = _present(document, Kind.QUESTION, key).value.get("role")
    place = len(questions)
    while place and questions[place - 1].get("role") and not closing:
        place -= 1
    return moved(document, Kind.QUESTION, key, place, section)


@blueprint.post(f"{PART}/duplicate")
@requires(Permission.FRAMEWORKS_MANAGE)
def duplicate_part(edition_id: int, what: str, key: str) -> Response:
    """Put a copy of a part after it."""
    kind = KINDS[what]
    found = base.part_of(base.open_draft(edition_id), kind, key)
    keys: list[str] = []

    def apply(document: Document) -> Document:
        after, new = duplicated(document, kind, key)
        keys.append(new)
        return after

    base.change(edition_id, apply, f"Duplicated {base.name_of(kind, found.value)}", [key])
    return base.saved(
        "The copy is below. Change its words.", _list_address(edition_id, kind, keys[-1], found.section)
    )


@blueprint.route(f"{PART}/delete", methods=["GET", "POST"])
@requires(Permission.FRAMEWORKS_MANAGE)
def delete_part(edition_id: int, what: str, key: str) -> str | Response:
    """Delete a part, once it is confirmed; the page names what depends on it."""
    kind, record = KINDS[what], base.open_draft(edition_id)
    found = base.part_of(record, kind, key)
    mark = _mark(record.document, found)
    form = EditionForm() if request.method == "POST" else EditionForm(data={"version": mark})
    if form.validate_on_submit():
        said = f"Deleted {base.name_of(kind, found.value)}"
        try:
            base.change(edition_id, partial(_deleted, found, form.version_number), said, [key])
        except Refused as refusal:
            form.version.data = str(mark)
            form.refuse(refusal)
        else:
            return base.saved(f"{said}.", _list_address(edition_id, kind, "", found.section))
    return base.page(
        "build_delete.html",
        draft=record,
        form=form,
        part=found,
        noun=base.name_of(kind, found.value),
        words=found.value.get(WORDS[kind], ""),
        dependents=_depending(record.document, found),
        back=_list_address(edition_id, kind, key, found.section),
        questions=len(siblings_inside(record.document, found)),
        judged=kind is Kind.SCALE and record.document.get("judgement_scale") == key,
    )


def siblings_inside(document: Document, found: Element) -> list[Document]:
    """A section's questions; nothing for any other part."""
    if found.kind is not Kind.SECTION:
        return []
    return list(questions_of(next(one for one in sections_of(document) if one["key"] == found.key)))


def _deleted(found: Element, seen: int, document: Document) -> Document:
    if _mark(document, _present(document, found.kind, found.key)) != seen:
        raise refused("It was changed after you opened this page. Delete it all the same?")
    return removed(document, found.kind, found.key)


def _mark(document: Document, found: Element) -> int:
    """The part's fingerprint, a section's with its questions: what is deleted is what was seen."""
    inside = siblings_inside(document, found)
    return fingerprint({**found.value, "questions": inside} if inside else found.value)


def _depending(document: Document, found: Element) -> list[str]:
    """What depends on a part, in words; on a section: on its questions, from outside it."""
    inside = siblings_inside(document, found)
    own = {found.key, *(question["key"] for question in inside)}
    keys = set(dependents(document, found.kind, found.key))
    for question in inside:
        keys.update(dependents(document, Kind.QUESTION, question["key"]))
    return [
        base.name_of(one.kind, one.value)
        for one in elements(document)
        if one.kind in {Kind.SECTION, Kind.QUESTION} and one.key in keys - own
    ]
