"""What a person does to frameworks: bring one in, publish or withdraw an edition."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from qa.db import now, writing
from qa.frameworks.content import FrameworkContent
from qa.frameworks.models import Edition, Framework
from qa.frameworks.states import EditionState
from qa.frameworks.writing import write_content
from qa.trail.recording import record


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
    """Add an edition inside a unit of work that the caller holds; without a trail entry of its own."""
    framework = session.scalar(select(Framework).where(Framework.key == content.key))
    if framework is None:
        framework = Framework(key=content.key)
        session.add(framework)
        session.flush()
    last = session.scalar(select(func.max(Edition.number)).where(Edition.framework_id == framework.id)) or 0
    moment = now()
    edition = Edition(
        framework_id=framework.id,
        number=last + 1,
        state=EditionState.PUBLISHED if publish else EditionState.DRAFT,
        name=content.name,
        summary=content.summary,
        kind=content.kind.value,
        method=content.method.value,
        judgement_scale=content.judgement_scale,
        created_at=moment,
        published_at=moment if publish else None,
        published_by_id=person_id if publish else None,
    )
    session.add(edition)
    session.flush()
    write_content(session, edition, content)
    return edition
