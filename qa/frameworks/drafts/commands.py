"""What a QA lead does to drafts: start one, change it, take a change back, give it up."""

from collections.abc import Callable, Collection, Mapping
from typing import NamedTuple, NoReturn

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from qa.accounts.models import Person
from qa.accounts.permissions import CurrentPerson
from qa.db import now, writing
from qa.frameworks.content import FrameworkContent
from qa.frameworks.document import to_document
from qa.frameworks.drafts.documents import as_text, counts, from_text
from qa.frameworks.drafts.elements import Document, Kind, element, fingerprint, new_key
from qa.frameworks.drafts.queries import document_of, open_draft_id
from qa.frameworks.models import Draft, DraftRevision, Edition, Framework
from qa.frameworks.queries import edition_facts
from qa.frameworks.reading import edition_tree
from qa.frameworks.sharing import check_manages
from qa.frameworks.shipped import shipped_keys
from qa.frameworks.states import EditionState
from qa.problems import NotFound, Stale, refused
from qa.trail.recording import record

KEPT_REVISIONS = 30
LARGEST_DRAFT = 1_000_000  # characters of its document: as much as a file may have


class Seen(NamedTuple):
    """The part a form was opened on: its fingerprint then, and its texts as the conflict page shows them.

    words: gives the part's values as texts by field name.
    """

    kind: Kind
    key: str
    fingerprint: int
    words: Callable[[Document], Mapping[str, str]]


class Change(NamedTuple):
    """One change of a draft. apply: gives the new document (raises Refused or NotFound).

    said: what it does, for the person ("Deleted the question “Was consent sought?”"), kept with the
    revision. fields: keys of the parts changed, for the trail.
    """

    apply: Callable[[Document], Document]
    said: str
    fields: Collection[str] = ()


def start_blank(person: CurrentPerson, document: Document, area_id: int | None) -> int:
    """Start a new framework from a document of its details; gives back the draft's row number.

    document: name, summary, kind, method and what else there is; its key is made from its name. Raises
    NotAllowed.
    """
    check_manages(person, area_id)
    with writing() as session:
        # A key that a shipped framework has is its own, whether or not it is here.
        taken = {*session.scalars(select(Framework.key)), *shipped_keys()}
        key = new_key(str(document["name"]), taken, "framework")
        framework = Framework(key=key, area_id=area_id)
        session.add(framework)
        session.flush()
        edition = new_draft(session, person.id, framework, {**document, "key": key})
        record(session, person.id, "frameworks.draft_started", "edition", edition.id, area_id=area_id)
        return edition.id


def start_copy(person: CurrentPerson, edition_id: int, name: str, area_id: int | None) -> int:
    """Start a framework of its own, under a new name, from any published or withdrawn edition that the
    person may read; gives back the draft's row number.

    Questions keep their keys, though answers of the two frameworks are never put together. Raises NotFound,
    NotAllowed, and Refused when the name is not new.
    """
    facts = edition_facts(person, edition_id)
    if facts.state is EditionState.DRAFT:
        raise NotFound("no such edition")
    return start_own(person, edition_tree(edition_id).content, name, area_id)


def start_own(person: CurrentPerson, content: FrameworkContent, name: str, area_id: int | None) -> int:
    """Start a framework of its own that says the same as another under a new name; gives back the draft's
    row number. Raises NotAllowed, and Refused when the name is not new.
    """
    if name.casefold() == content.name.casefold():
        raise refused("Enter a name that differs from the one it is made from", "name")
    return start_blank(person, {**to_document(content), "name": name}, area_id)


def start_from_edition(person: CurrentPerson, edition_id: int) -> int:
    """Start the framework's next edition from any of its editions; gives back the draft's row number.

    Raises NotFound, NotAllowed, and Refused when the framework has a draft already.
    """
    with writing() as session:
        tree = edition_tree(edition_id)
        framework = session.scalars(
            select(Framework).where(Framework.id == tree.framework_id).with_for_update()
        ).one()
        check_manages(person, framework.area_id)
        if open_draft_id(session, framework.id) is not None:
            raise refused("This framework has a draft already: go on with that one, or delete it first")
        if tree.state is EditionState.DRAFT:
            raise NotFound("no such edition")
        edition = new_draft(session, person.id, framework, to_document(tree.content))
        record(
            session, person.id, "frameworks.draft_started", "edition", edition.id, area_id=framework.area_id
        )
        return edition.id


def new_draft(session: Session, person_id: int | None, framework: Framework, document: Document) -> Edition:
    """Add a draft edition with its document, inside a unit of work that the caller holds; no trail entry."""
    last = session.scalar(select(func.max(Edition.number)).where(Edition.framework_id == framework.id))
    moment = now()
    edition = Edition(
        framework_id=framework.id,
        number=(last or 0) + 1,
        state=EditionState.DRAFT,
        created_at=moment,
        **_columns(document),
    )
    session.add(edition)
    session.flush()
    sections, questions = counts(document)
    session.add(
        Draft(
            edition_id=edition.id,
            document=as_text(document),
            sections=sections,
            questions=questions,
            changed_at=moment,
            changed_by_id=person_id,
        )
    )
    session.flush()
    return edition


def _columns(document: Document) -> dict[str, str]:
    """What lists show of a draft is kept beside its document."""
    return {
        "name": str(document.get("name", ""))[:160],
        "summary": str(document.get("summary", "")),
        "kind": str(document.get("kind", "")),
        "method": str(document.get("method", "")),
        "judgement_scale": str(document.get("judgement_scale", ""))[:60],
    }


def change_draft(
    person: CurrentPerson, edition_id: int, change: Change, seen: Seen | None = None
) -> Document:
    """Change a draft; gives back what it says now. What it said before can be brought back.

    seen: the part that the form edits. Somebody else's change of another part is no conflict. Raises
    NotFound, NotAllowed, Refused, and Stale when that part was changed or removed meanwhile.
    """
    with writing() as session:
        edition, held, area_id = _locked(session, person, edition_id)
        before = document_of(held, edition_id)
        if seen is not None:
            _compare(session, before, held, seen)
        after = change.apply(before)
        if as_text(after) == as_text(before):
            return before
        _keep(session, person, edition, held, before, after, change)
        record(
            session,
            person.id,
            "frameworks.draft_changed",
            "edition",
            edition_id,
            fields=change.fields,
            area_id=area_id,
        )
        return after


def take_back(person: CurrentPerson, edition_id: int, version: int) -> str:
    """Bring back what the draft said before its last change; gives back what that change did, in words.

    version: the draft's, as the page showed it. Raises NotFound, NotAllowed, Stale, and Refused when
    nothing is kept to go back to.
    """
    with writing() as session:
        edition, held, area_id = _locked(session, person, edition_id)
        if edition.version != version:
            raise Stale({}, edition.version)
        last = session.scalar(
            select(DraftRevision)
            .where(DraftRevision.edition_id == edition_id)
            .order_by(DraftRevision.number.desc())
            .limit(1)
        )
        if last is None or held is None:
            raise refused("There is no earlier change to take back")
        said, document = last.change, from_text(last.document)
        session.delete(last)
        _write(session, person, edition, held, document)
        record(session, person.id, "frameworks.draft_change_undone", "edition", edition_id, area_id=area_id)
        return said


def delete_draft(person: CurrentPerson, edition_id: int, version: int) -> None:
    """Give a draft up for good; a framework without any other edition goes with it.

    Raises NotFound, NotAllowed, and Stale when it was changed after the page was opened.
    """
    with writing() as session:
        edition, _held, area_id = _locked(session, person, edition_id)
        if edition.version != version:
            raise Stale({}, edition.version)
        framework_id = edition.framework_id
        session.execute(delete(Edition).where(Edition.id == edition_id))
        others = select(func.count()).select_from(Edition).where(Edition.framework_id == framework_id)
        if not session.scalar(others):
            session.execute(delete(Framework).where(Framework.id == framework_id))
        record(session, person.id, "frameworks.draft_deleted", "edition", edition_id, area_id=area_id)


def _locked(
    session: Session, person: CurrentPerson, edition_id: int
) -> tuple[Edition, Draft | None, int | None]:
    """The draft, locked until the end of the unit of work."""
    found = session.execute(
        select(Edition, Framework.area_id)
        .join(Framework, Framework.id == Edition.framework_id)
        .where(Edition.id == edition_id)
        .with_for_update(of=Edition)
    ).one_or_none()
    if found is None:
        raise NotFound("no such draft")
    edition, area_id = found
    check_manages(person, area_id)
    if edition.state is not EditionState.DRAFT:
        raise refused(f"This edition is {edition.state.value}: start a new draft from it to change anything")
    # Read after the lock was got: joined to it, whoever waited would see what was there before.
    held = session.get(Draft, edition_id)
    return edition, held, area_id


def _compare(session: Session, document: Document, held: Draft | None, seen: Seen) -> None:
    found = element(document, seen.kind, seen.key)
    if found is not None and fingerprint(found.value) == seen.fingerprint:
        return
    by = session.scalar(select(Person.name).where(Person.id == held.changed_by_id)) if held else None
    if found is None:
        raise refused(
            f"{by or 'Somebody else'} deleted this meanwhile. Your words are still here: add it again "
            "to keep them"
        )
    raise Stale(seen.words(found.value), fingerprint(found.value), by)


def _keep(
    session: Session,
    person: CurrentPerson,
    edition: Edition,
    held: Draft | None,
    before: Document,
    after: Document,
    change: Change,
) -> None:
    number = edition.version
    session.execute(
        insert(DraftRevision),
        {
            "edition_id": edition.id,
            "number": number,
            "document": held.document if held else as_text(before),
            "change": change.said[:200],
            "changed_at": now(),
            "changed_by_id": person.id,
        },
    )
    session.execute(
        delete(DraftRevision).where(
            DraftRevision.edition_id == edition.id, DraftRevision.number <= number - KEPT_REVISIONS
        )
    )
    _write(session, person, edition, held, after)


def _write(
    session: Session, person: CurrentPerson, edition: Edition, held: Draft | None, document: Document
) -> None:
    text = as_text(document)
    if len(text) > LARGEST_DRAFT:
        _too_large()
    sections, questions = counts(document)
    values = {
        "document": text,
        "sections": sections,
        "questions": questions,
        "changed_at": now(),
        "changed_by_id": person.id,
    }
    if held is None:
        session.execute(insert(Draft), {"edition_id": edition.id, **values})
    else:
        session.execute(update(Draft).where(Draft.edition_id == edition.id).values(**values))
    columns = {"created_at": edition.created_at, **_columns(document), "version": edition.version + 1}
    session.execute(update(Edition).where(Edition.id == edition.id).values(**columns))


def _too_large() -> NoReturn:
    raise refused(f"A framework can hold {LARGEST_DRAFT:,} characters at most: split it into several")
