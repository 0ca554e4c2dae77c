"""What a person does to frameworks: bring one in, publish or withdraw an edition."""

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from qa.accounts.permissions import CurrentPerson
from qa.db import now, writing
from qa.frameworks.checking import check_text, load_themes
from qa.frameworks.content import FrameworkContent
from qa.frameworks.document import to_document
from qa.frameworks.drafts.checks import check_draft
from qa.frameworks.drafts.commands import new_draft
from qa.frameworks.drafts.documents import from_text
from qa.frameworks.drafts.queries import open_draft_id
from qa.frameworks.file_problems import FileProblem
from qa.frameworks.models import Draft, DraftRevision, Edition, Framework
from qa.frameworks.reading import forget_kept_editions
from qa.frameworks.sharing import manages
from qa.frameworks.states import EditionState
from qa.frameworks.writing import write_content
from qa.problems import NotAllowed, NotFound, Problem, Stale, refused
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
    last = session.scalar(select(func.max(Edition.number)).where(Edition.framework_id == framework.id)) or 0
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


def withdraw(person: CurrentPerson, edition_id: int, version: int) -> None:
    """Let no new audit start from a published edition; audits that use it go on.

    Raises NotFound, NotAllowed, Stale when it was changed meanwhile, Refused when it is not published.
    """
    with writing() as session:
        edition, area_id = _in_state(
            session, person, edition_id, version, EditionState.PUBLISHED, EditionState.WITHDRAWN
        )
        edition.state = EditionState.WITHDRAWN
        record(
            session,
            person.id,
            "frameworks.withdrawn",
            "edition",
            edition.id,
            fields=["state"],
            area_id=area_id,
        )
    forget_kept_editions()


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
    _check_manages(person, area_id)
    if edition.version != version:
        raise Stale({}, edition.version)
    if edition.state is not present:
        raise refused(f"This edition is {edition.state.value}, so it cannot be {wanted.value}")
    return edition, area_id


def import_text(person: CurrentPerson, text: str, filename: str, *, publish: bool) -> int:
    """Bring in the text of a framework file; gives back the edition's row number.

    Raises NotAllowed, and BadFile with every problem when the file does not check: nothing is kept then.
    """
    _check_manages(person, None)
    result = check_text(text, filename, load_themes().keys)
    if result.content is None:
        raise BadFile(result.problems)
    return import_framework(person.id, result.content, publish=publish)


def _check_manages(person: CurrentPerson, area_id: int | None) -> None:
    if not manages(person, area_id):
        raise NotAllowed("Only a QA lead of the area that keeps a framework changes it.")
