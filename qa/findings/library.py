"""The starting library of themes, from the file shipped with the product into the table."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from qa.db import db, now, writing
from qa.findings.models import Theme
from qa.frameworks.checking import load_themes
from qa.frameworks.content import Theme as ShippedTheme
from qa.trail.recording import record


def add_shipped_themes(session: Session, person_id: int | None = None) -> int:
    """Add the shipped themes that the table lacks, and an entry of the trail; gives back how many.

    Themes already there are left as they are. person_id: who asked; None for the installation itself.
    """
    missing = _missing(session)
    moment = now()
    for theme in missing:
        session.add(Theme(key=theme.key, name=theme.name, description=theme.description, created_at=moment))
    if missing:
        fields = [f"themes:{len(missing)}"]
        record(session, person_id, "findings.library_loaded", "theme", None, fields=fields)
    return len(missing)


def ensure_shipped_themes() -> int:
    """Add the shipped themes that the table lacks, in a unit of work of its own; gives back how many."""
    if not _missing(db.session()):
        return 0
    with writing() as session:
        return add_shipped_themes(session)


def _missing(session: Session) -> list[ShippedTheme]:
    present = set(session.scalars(select(Theme.key)))
    return [theme for theme in load_themes().themes if theme.key not in present]
