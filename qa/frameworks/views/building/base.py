"""What the builder's pages share: the draft, what is wrong with it, and how a form changes a part of it."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cache, lru_cache
from typing import Any, NamedTuple

from flask import flash, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from qa.accounts.access import current_person
from qa.frameworks.builder_forms.base import BuilderForm, merged, words_of
from qa.frameworks.builder_forms.choices import KEY
from qa.frameworks.checking import load_themes
from qa.frameworks.content import Theme
from qa.frameworks.drafts import commands
from qa.frameworks.drafts import queries as drafts
from qa.frameworks.drafts.checks import DraftChecked
from qa.frameworks.drafts.commands import Change, Seen
from qa.frameworks.drafts.editing import added, changed
from qa.frameworks.drafts.elements import Document, Element, Kind, element, fingerprint
from qa.frameworks.drafts.queries import DraftRecord
from qa.frameworks.views.blueprint import blueprint
from qa.frameworks.views.checking import checked_draft
from qa.problems import NotFound, Refused, Stale
from qa.web.errors import conflict_page
from qa.web.notices import not_done

KEPT_CHECKS = 16
SAVED = "builder_saved"  # the session's note of the form just saved, for the script that keeps typed words
Make = Callable[[Document, Document | None], BuilderForm]
NOUNS = {
    Kind.DETAILS: "these details",
    Kind.SECTION: "this section",
    Kind.QUESTION: "this question",
    Kind.SCALE: "this scale",
    Kind.PROFILE_FIELD: "this profile field",
}


@cache
def theme_library() -> tuple[Theme, ...]:
    """The themes that questions may name: those every installation starts with."""
    return load_themes().themes


def open_draft(edition_id: int) -> DraftRecord:
    """The draft, for the person who asks. Raises NotFound."""
    return drafts.draft(current_person(), edition_id)


def checked(record: DraftRecord) -> DraftChecked:
    """What is still to put right. What was found is kept until the draft changes."""
    if record.changed_at is None:
        return checked_draft(record.document)
    return _checked(_Written((record.edition_id, record.version, record.changed_at), record.document))


class _Written:
    """A draft's document as it was written at one moment: two of the same moment are the same."""

    __slots__ = ("document", "moment")

    def __init__(self, moment: tuple[int, int, datetime], document: Document) -> None:
        self.moment, self.document = moment, document

    def __hash__(self) -> int:
        return hash(self.moment)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Written) and self.moment == other.moment


@lru_cache(maxsize=KEPT_CHECKS)
def _checked(written: _Written) -> DraftChecked:
    return checked_draft(written.document)


def said_of(record: DraftRecord, kind: Kind, key: str) -> dict[str, Any]:
    """What is still to put right about one part, and what could be better, for its page."""
    found = checked(record)
    return {"problems": found.of(kind, key), "advice": found.advice_on(kind, key)}


def part_of(record: DraftRecord, kind: Kind, key: str) -> Element:
    """A part of the draft. Raises NotFound."""
    found = element(record.document, kind, key)
    if found is None:
        raise NotFound(f"no such {kind}")
    return found


def page(template: str, **context: Any) -> str:
    """A page of the builder; it tells the script which form was just saved."""
    return render_template(f"frameworks/{template}", saved=session.pop(SAVED, ""), **context)


def asked_to() -> str:
    """What the pressed button asks for: "save" unless it says so."""
    return request.form.get("do", "save")


def saved(said: str, address: str) -> Response:
    """Tell what was done and lead on; the form's typed words need not be kept any more."""
    session[SAVED] = request.path
    if said:
        flash(said)
    return redirect(address)


def quoted(text: object) -> str:
    """A part's words as they are named in messages, shortened."""
    words = " ".join(str(text).split())
    return f"“{words if len(words) <= 80 else words[:79].rstrip() + '…'}”"


class Place(NamedTuple):
    """A part of a draft that a form edits. make: its form; show: the page; done: where saving leads."""

    edition_id: int
    kind: Kind
    key: str
    make: Make
    show: Callable[[DraftRecord, BuilderForm, Element | None], str]
    done: Callable[[], Response]


def edit(place: Place) -> str | Response:
    """Show the form of a part, or take what was typed into it.

    A part that somebody else deleted meanwhile can be added again with what was typed.
    """
    record = open_draft(place.edition_id)
    found = element(record.document, place.kind, place.key)
    if request.method == "GET":
        part = part_of(record, place.kind, place.key)
        form = place.make(record.document, part.value)
        form.version.data = str(fingerprint(part.value))
        return place.show(record, form, part)
    form = place.make(record.document, None)
    act = asked_to()
    if not form.rearrange(act) and form.validate_on_submit():
        try:
            if act == "again" and found is None:
                return _added_again(place, form)
            _save(place, record, form)
        except Stale as stale:
            return conflict_page(form, stale, back=request.path, what=NOUNS[place.kind])
        except Refused as refusal:
            form.refuse(refusal)
        else:
            return place.done()
    return place.show(record, form, found)


def _save(place: Place, record: DraftRecord, form: BuilderForm) -> None:
    values = form.values()

    def apply(document: Document) -> Document:
        found = element(document, place.kind, place.key)
        kept = merged(form, found.value if found else {}, values)
        return changed(document, place.kind, place.key, kept)

    words = words_of(place.make, record.document, form)
    change_part(place.edition_id, place.kind, place.key, apply, (values, form.version_number), words)


def change_part(
    edition_id: int,
    kind: Kind,
    key: str,
    apply: Callable[[Document], Document],
    seen: tuple[Mapping[str, Any], int],
    words: Callable[[Document], Mapping[str, str]],
) -> None:
    """Change a part that a form was opened on. seen: its words now, and its fingerprint then."""
    values, version = seen
    said = f"Changed {name_of(kind, values)}"
    change = Change(apply, said, [key or "details"])
    commands.change_draft(current_person(), edition_id, change, Seen(kind, key, version, words))


def change(
    edition_id: int, apply: Callable[[Document], Document], said: str, fields: Sequence[str] = ()
) -> Document:
    """Change the draft in a way that meets no conflict. Raises NotFound, NotAllowed, Refused."""
    return commands.change_draft(current_person(), edition_id, Change(apply, said, fields))


def add_part(
    edition_id: int,
    kind: Kind,
    values: Mapping[str, Any],
    section: str = "",
    then: Callable[[Document, str], Document] = lambda document, _key: document,
) -> str:
    """Add a part; gives back its key. then: what else changes with it, given the document and the key.

    Raises NotFound when the section is gone, NotAllowed, Refused.
    """
    keys = []

    def apply(document: Document) -> Document:
        after, key = added(document, kind, values, section)
        keys.append(key)
        return then(after, key)

    change(edition_id, apply, f"Added {name_of(kind, values)}", [kind.value])
    return keys[-1]


@blueprint.errorhandler(Refused)
def told(refusal: Refused) -> Response:
    """What a button without a form asked for and was refused is said on the page it leads to."""
    not_done(refusal)
    place = request.view_args or {}
    return redirect(
        overview_address(place["edition_id"]) if "edition_id" in place else url_for("frameworks.library")
    )


def _added_again(place: Place, form: BuilderForm) -> Response:
    if not KEY.fullmatch(place.key):
        raise NotFound(f"no such {place.kind}")
    values = {"key": place.key, **form.values()}
    if place.kind is Kind.SECTION:
        values["questions"] = []
    section = request.form.get("section", "")
    add_part(place.edition_id, place.kind, values, section)
    return place.done()


def name_of(kind: Kind, values: Mapping[str, Any]) -> str:
    """A part in words: the question “Was consent sought?”."""
    noun, name = {
        Kind.DETAILS: ("the details", ""),
        Kind.SECTION: ("the section", "title"),
        Kind.QUESTION: ("the question", "text"),
        Kind.SCALE: ("the scale", "name"),
        Kind.PROFILE_FIELD: ("the profile field", "label"),
    }[kind]
    return f"{noun} {quoted(values.get(name, ''))}" if name else noun


def overview_address(edition_id: int, anchor: str = "") -> str:
    """The draft's own page."""
    return url_for("frameworks.draft", edition_id=edition_id, _anchor=anchor or None)


def section_address(edition_id: int, key: str, question: str = "") -> str:
    """A section's page, at one of its questions."""
    anchor = f"q-{question}" if question else None
    return url_for("frameworks.draft_section", edition_id=edition_id, key=key, _anchor=anchor)
