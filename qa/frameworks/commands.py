"""What a person does to frameworks: bring one in, publish or withdraw an edition, keep it to an area."""

from collections.abc import Callable

from sqlalchemy import Select, delete, func, select
from sqlalchemy.orm import Session

from qa.accounts.models import Area
from qa.accounts.permissions import CurrentPerson
from qa.db import db, now, writing
from qa.frameworks.checking import load_themes
from qa.frameworks.content import FrameworkContent
from qa.frameworks.document import to_document
from qa.frameworks.drafts.checks import check_draft
from qa.frameworks.drafts.commands import new_draft
from qa.frameworks.drafts.documents import from_text
from qa.frameworks.drafts.queries import open_draft_id
from qa.frameworks.file_problems import FileProblem
from qa.frameworks.models import Draft, DraftRevision, Edition, Framework
from qa.frameworks.reading import forget_kept_editions
from qa.frameworks.sharing import check_manages, manages
from qa.frameworks.shipped import shipped_keys
from qa.frameworks.states import EditionState
from qa.frameworks.writing import write_content
from qa.problems import NotFound, Problem, Stale, refused
from qa.trail.recording import record


class BadFile(Problem):
    """A framework file that does not check. problems: each with its line and remedy."""

    def __init__(self, problems: tuple[FileProblem, ...]) -> None:
        super().__init__(f"{len(problems)} problems in the file")
        self.problems = problems


def import_framework(person_id: int | None, content: FrameworkContent, *, publish: bool) -> int:
    """Bring a checked framework in as a new edition, published or a draft; gives back its row number.

    person_id None: from the command line. The whole edition is written, or nothing is.
    """
    with writing() as session:
        edition = add_edition(session, person_id, content, publish=publish)
        record(session, person_id, "frameworks.imported", "edition", edition.id)
        return edition.id


def add_edition(
    session: Session, person_id: int | None, content: FrameworkContent, *, publish: bool
) -> Edition:
    """Add an edition inside a unit of work that the caller holds; without a trail entry of its own.

    Raises Refused for a draft when the framework has one already.
    """
    framework = session.scalar(select(Framework).where(Framework.key == content.key).with_for_update())
    if framework is None:
        framework = Framework(key=content.key)
        session.add(framework)
        session.flush()
    if not publish:
        if open_draft_id(session, framework.id) is not None:
            raise refused("This framework has a draft already: publish or delete that one first", "file")
        return new_draft(session, person_id, framework, to_document(content))
    last = session.scalar(_last_number(framework.id)) or 0
    moment = now()
    edition = Edition(
        framework_id=framework.id,
        number=last + 1,
        state=EditionState.PUBLISHED,
        name=content.name,
        summary=content.summary,
        kind=content.kind.value,
        method=content.method.value,
        judgement_scale=content.judgement_scale,
        created_at=moment,
        published_at=moment,
        published_by_id=person_id,
    )
    session.add(edition)
    session.flush()
    write_content(session, edition, content)
    return edition


def publish(person: CurrentPerson, edition_id: int, version: int) -> None:
    """Freeze a draft: from now on audits may start from it. Audits keep the edition they began with.

    Raises NotFound, NotAllowed, Stale when it was changed meanwhile, Refused when it is no draft or the
    checks find anything wrong with it.
    """
    with writing() as session:
        edition, area_id = _in_state(
            session, person, edition_id, version, EditionState.DRAFT, EditionState.PUBLISHED
        )
        held = session.get(Draft, edition_id)
        if held is not None:
            checked = check_draft(from_text(held.document), load_themes().keys)
            if checked.content is None:
                many = len(checked.problems)
                raise refused(
                    f"{many} {'thing keeps' if many == 1 else 'things keep'} this draft from being published"
                )
            write_content(session, edition, checked.content)
            session.execute(delete(DraftRevision).where(DraftRevision.edition_id == edition_id))
            session.execute(delete(Draft).where(Draft.edition_id == edition_id))
        # Another edition may have been published while this one was written: the newest has the last number.
        last = session.scalar(_last_number(edition.framework_id)) or 0
        if edition.number < last:
            edition.number = last + 1
        edition.state = EditionState.PUBLISHED
        edition.published_at, edition.published_by_id = now(), person.id
        record(
            session,
            person.id,
            "frameworks.published",
            "edition",
            edition.id,
            fields=["state"],
            area_id=area_id,
        )
    forget_kept_editions()


def _last_number(framework_id: int) -> Select[int]:
    return select(func.max(Edition.number)).where(Edition.framework_id == framework_id)


def withdraw(person: CurrentPerson, edition_id: int, version: int) -> None:
    """Let no new audit start from a published edition; audits that use it go on.

    Raises NotFound, NotAllowed, Stale when it was changed meanwhile, Refused when it is not published.
    """
    _change_state(person, edition_id, version, EditionState.PUBLISHED, EditionState.WITHDRAWN)


def restore(person: CurrentPerson, edition_id: int, version: int) -> None:
    """Let audits start from a withdrawn edition again.

    Raises NotFound, NotAllowed, Stale when it was changed meanwhile, Refused when it is not withdrawn.
    """
    _change_state(person, edition_id, version, EditionState.WITHDRAWN, EditionState.PUBLISHED)


def _change_state(
    person: CurrentPerson, edition_id: int, version: int, present: EditionState, wanted: EditionState
) -> None:
    with writing() as session:
        edition, area_id = _in_state(session, person, edition_id, version, present, wanted)
        edition.state = wanted
        what = "withdrawn" if wanted is EditionState.WITHDRAWN else "restored"
        record(
            session,
            person.id,
            f"frameworks.{what}",
            "edition",
            edition.id,
            fields=["state"],
            area_id=area_id,
        )
    forget_kept_editions()


def keep_to(
    person: CurrentPerson,
    framework_id: int,
    area_id: int | None,
    seen_area_id: int | None,
    areas_using: Callable[[int], frozenset[int]],
) -> None:
    """Keep a framework to one area, or (None) share it with all of them.

    seen_area_id: the area that kept it when the form was opened. areas_using: gives the areas with an audit
    that uses it. Raises NotFound, NotAllowed, Stale, and Refused for a shipped framework, for an area that
    is not the person's, and when audits of other areas use it.
    """
    with writing() as session:
        framework = session.scalars(
            select(Framework).where(Framework.id == framework_id).with_for_update()
        ).one_or_none()
        if framework is None:
            raise NotFound("no such framework")
        check_manages(person, framework.area_id)
        if framework.area_id != seen_area_id:
            raise Stale({}, framework.area_id or 0)
        if area_id == framework.area_id:
            return
        if area_id is not None:
            _check_may_keep(session, person, framework, area_id, areas_using)
        framework.area_id = area_id
        record(
            session,
            person.id,
            "frameworks.shared" if area_id is None else "frameworks.kept_to_area",
            "framework",
            framework_id,
            fields=["area"],
            area_id=area_id,
        )
    forget_kept_editions()


def _check_may_keep(
    session: Session,
    person: CurrentPerson,
    framework: Framework,
    area_id: int,
    areas_using: Callable[[int], frozenset[int]],
) -> None:
    if framework.key in shipped_keys():
        raise refused(
            "This framework comes with Audit Together and stays with all areas. Make one of your own from "
            "it and keep that",
            "area",
        )
    if not manages(person, area_id) or session.get(Area, area_id) is None:
        raise refused("Choose an area of your own", "area")
    # An audit being created holds its edition's row until it is there to be counted.
    session.scalars(select(Edition.id).where(Edition.framework_id == framework.id).with_for_update()).all()
    if areas_using(framework.id) - {area_id}:
        raise refused("Audits of other areas use this framework, so it stays with all areas", "area")


def _in_state(
    session: Session,
    person: CurrentPerson,
    edition_id: int,
    version: int,
    present: EditionState,
    wanted: EditionState,
) -> tuple[Edition, int | None]:
    """The edition, locked, and the area that keeps it, when its state may be changed to the one wanted."""
    edition = session.scalar(select(Edition).where(Edition.id == edition_id).with_for_update())
    if edition is None:
        raise NotFound("no such edition")
    area_id = session.scalar(select(Framework.area_id).where(Framework.id == edition.framework_id))
    check_manages(person, area_id)
    if edition.version != version:
        raise Stale({}, edition.version)
    if edition.state is not present:
        raise refused(f"This edition is {edition.state.value}, so it cannot be {wanted.value}")
    return edition, area_id


def check_may_bring_in(person: CurrentPerson, key: str) -> None:
    """Raises NotAllowed, and Refused when another area keeps a framework with that key."""
    check_manages(person, None)
    area_id = db.session.scalar(select(Framework.area_id).where(Framework.key == key))
    if not manages(person, area_id):
        raise refused(
            f"The key “{key}” is taken by a framework that you cannot change: choose another", "file"
        )
