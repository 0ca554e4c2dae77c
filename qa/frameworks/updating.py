"""Shipped frameworks and what is here of them: adding one, restoring it, bringing it up to date."""

from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import select

from qa.accounts.permissions import CurrentPerson
from qa.db import db, writing
from qa.frameworks.commands import add_edition
from qa.frameworks.comparing import Comparison, compare
from qa.frameworks.content import FrameworkContent
from qa.frameworks.models import Edition, Framework
from qa.frameworks.reading import edition_tree, forget_kept_editions
from qa.frameworks.sharing import check_manages
from qa.frameworks.shipped import one, shipped, shipped_keys
from qa.frameworks.states import EditionState
from qa.problems import Stale, refused
from qa.trail.recording import record


class Here(StrEnum):
    """How a shipped framework stands here. SAME: its current edition says what the file says."""

    MISSING = "missing"
    UNPUBLISHED = "unpublished"
    WITHDRAWN = "withdrawn"
    SAME = "same"
    DIFFERENT = "different"

    @property
    def label(self) -> str:
        """What people read."""
        return {
            Here.MISSING: "Not here yet",
            Here.UNPUBLISHED: "Being written",
            Here.WITHDRAWN: "Withdrawn",
            Here.SAME: "Up to date",
            Here.DIFFERENT: "Differs from the edition here",
        }[self]


class ShippedRecord(NamedTuple):
    """A shipped framework and the edition here that it is compared with: the current one, else the newest
    withdrawn. version: that edition's row number, 0 without one; number: its number.
    """

    content: FrameworkContent
    here: Here
    framework_id: int | None = None
    version: int = 0
    number: int = 0
    draft_id: int | None = None

    @property
    def comparison(self) -> Comparison | None:
        """What the file changes against the edition here."""
        return compare(edition_tree(self.version).content, self.content) if self.version else None


def shipped_records() -> list[ShippedRecord]:
    """Every shipped framework as it stands here, by name. For whoever manages shared frameworks."""
    editions = _editions(shipped_keys())
    return [_record(entry.content, editions) for entry in shipped()]


def shipped_record(key: str) -> ShippedRecord:
    """One of them. Raises NotFound for a key that is not shipped."""
    return _record(one(key).content, _editions({key}))


def _editions(keys: frozenset[str] | set[str]) -> list[tuple[str, int, int, int, EditionState]]:
    rows = db.session.execute(
        select(Framework.key, Framework.id, Edition.id, Edition.number, Edition.state)
        .join(Edition, Edition.framework_id == Framework.id)
        .where(Framework.key.in_(keys))
        .order_by(Edition.number.desc())
    )
    return [(key, number, edition_id, place, state) for key, number, edition_id, place, state in rows]


def _record(
    content: FrameworkContent, editions: list[tuple[str, int, int, int, EditionState]]
) -> ShippedRecord:
    ours = [row[1:] for row in editions if row[0] == content.key]
    if not ours:
        return ShippedRecord(content, Here.MISSING)
    draft_id = next((row[1] for row in ours if row[3] is EditionState.DRAFT), None)
    for state in (EditionState.PUBLISHED, EditionState.WITHDRAWN):
        for framework_id, edition_id, number, stands in ours:
            if stands is not state:
                continue
            here = Here.WITHDRAWN
            if state is EditionState.PUBLISHED:
                same = edition_tree(edition_id).content == content
                here = Here.SAME if same else Here.DIFFERENT
            return ShippedRecord(content, here, framework_id, edition_id, number, draft_id)
    return ShippedRecord(content, Here.UNPUBLISHED, ours[0][0], draft_id=draft_id)


def bring_up_to_date(person: CurrentPerson, key: str, seen: int, *, publish: bool) -> int:
    """Make the shipped framework an edition here, published or a draft; gives back its row number.

    One that was withdrawn and says the same is published again as it was. seen: the edition that the page
    compared it with, 0 for none. Raises NotFound, NotAllowed, Stale when another edition is current by now,
    and Refused when there is nothing to change or a draft stands in the way.
    """
    with writing() as session:
        framework = session.scalars(
            select(Framework).where(Framework.key == key).with_for_update()
        ).one_or_none()
        check_manages(person, framework.area_id if framework else None)
        stands = shipped_record(key)
        if stands.version != seen:
            raise Stale({}, stands.version)
        if stands.here is Here.SAME:
            raise refused("The edition here says the same already")
        if publish and stands.here is Here.WITHDRAWN and _same(stands):
            edition = session.scalars(select(Edition).where(Edition.id == stands.version)).one()
            edition.state = EditionState.PUBLISHED
            what = "restored"
        else:
            edition = add_edition(session, person.id, stands.content, publish=publish)
            what = "imported"
        record(session, person.id, f"frameworks.{what}", "edition", edition.id)
        edition_id = edition.id
    forget_kept_editions()
    return edition_id


def _same(stands: ShippedRecord) -> bool:
    return edition_tree(stands.version).content == stands.content
