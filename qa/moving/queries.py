"""Reads for moving an audit to a newer edition: which there are, what it would mean, what was done."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased

from qa.accounts.models import Person
from qa.accounts.permissions import CurrentPerson, Permission
from qa.audits.lifecycle import OPEN_TO_EDITIONS
from qa.audits.models import Audit, EditionMove
from qa.audits.queries import get_audit, visible_audits
from qa.audits.queries.choices import usable_in
from qa.db import db
from qa.frameworks.editions import EditionTree
from qa.frameworks.models import Edition, Framework
from qa.frameworks.reading import edition_tree
from qa.frameworks.states import EditionState
from qa.moving.counting import Held, held_by, situation
from qa.moving.mapping import Fate, Lacking, MovePlan, Part, lacking, plan
from qa.moving.undoing import obstacles
from qa.problems import NotFound


class NewerEdition(NamedTuple):
    """A published edition that an audit can be moved to."""

    id: int
    number: int
    name: str
    published_at: datetime | None


class MoveRow(NamedTuple):
    """A move that was made. undone_at: None while it stands."""

    id: int
    from_number: int
    to_number: int
    moved_at: datetime
    moved_by: str | None
    undone_at: datetime | None


class Choices(NamedTuple):
    """An audit, the editions it can be moved to, newest first, and the moves made, latest first."""

    audit: Audit
    editions: Sequence[NewerEdition]
    moves: Sequence[MoveRow]

    @property
    def open(self) -> bool:
        """Whether the audit's stage lets it be moved."""
        return self.audit.stage in OPEN_TO_EDITIONS


class Line(NamedTuple):
    """One question or field on the page. answers: how many there are to the earlier edition's."""

    part: Part
    answers: int


class Preview(NamedTuple):
    """What moving an audit would mean, with how much there is of everything.

    judgements_aside, judgements_kept: of the panel. findings_aside: those of sections that have gone, by
    the section's title.
    """

    audit: Audit
    source: EditionTree
    target: EditionTree
    made: MovePlan
    questions: Sequence[Line]
    fields: Sequence[Line]
    judgements_kept: int
    judgements_aside: int
    findings_aside: Mapping[str, int]
    submitted: int
    lacking: Lacking

    def answers(self, fate: str) -> int:
        """How many answers are of that fate."""
        return sum(line.answers for line in self.questions if line.part.fate == fate)

    def values(self, fate: str) -> int:
        """How many values of case profiles are of that fate."""
        return sum(line.answers for line in self.fields if line.part.fate == fate)

    @property
    def counts(self) -> Counter[Fate]:
        """How many questions are of each fate."""
        return Counter(line.part.fate for line in self.questions)


class MoveDone(NamedTuple):
    """A move that was made. obstacles: why it cannot be undone, empty while it can."""

    audit: Audit
    move: EditionMove
    source: EditionTree
    target: EditionTree
    moved_by: str | None
    undone_by: str | None
    obstacles: Sequence[str]


def _newer(audit: Audit) -> Select[int, int, str, datetime | None]:
    mine = aliased(Edition)
    return (
        select(Edition.id, Edition.number, Edition.name, Edition.published_at)
        .join(mine, mine.framework_id == Edition.framework_id)
        .join(Framework, Framework.id == Edition.framework_id)
        .where(mine.id == audit.edition_id, Edition.number > mine.number, usable_in(audit.area_id))
        .order_by(Edition.number.desc())
    )


def check_newer(session: Session, audit: Audit, edition_id: int) -> None:
    """Raises NotFound unless it is a newer published edition of the audit's framework."""
    if session.execute(_newer(audit).where(Edition.id == edition_id)).first() is None:
        raise NotFound


def newer_and_moves(person: CurrentPerson, audit_id: int) -> tuple[int, int]:
    """How many newer editions an audit can be moved to, 0 for who may not, and how often it was moved."""
    mine = aliased(Edition)
    query = (
        select(func.count())
        .select_from(Audit)
        .join(mine, mine.id == Audit.edition_id)
        .join(Edition, Edition.framework_id == mine.framework_id)
        .where(
            Audit.id == audit_id,
            Audit.stage.in_(OPEN_TO_EDITIONS),
            visible_audits(person, Permission.AUDITS_MANAGE),
            Edition.number > mine.number,
            Edition.state == EditionState.PUBLISHED,
        )
    )
    moves = select(func.count()).where(EditionMove.audit_id == audit_id)
    newer, made = db.session.execute(select(query.scalar_subquery(), moves.scalar_subquery())).one()
    return newer, made


def choices(person: CurrentPerson, audit_id: int) -> Choices:
    """The editions an audit can be moved to, and the moves made. Raises NotFound out of reach."""
    audit = get_audit(person, audit_id, Permission.AUDITS_MANAGE)
    editions = [NewerEdition(*row) for row in db.session.execute(_newer(audit))]
    earlier, later = aliased(Edition), aliased(Edition)
    moves = db.session.execute(
        select(
            EditionMove.id,
            earlier.number,
            later.number,
            EditionMove.moved_at,
            Person.name,
            EditionMove.undone_at,
        )
        .join(earlier, earlier.id == EditionMove.from_edition_id)
        .join(later, later.id == EditionMove.to_edition_id)
        .outerjoin(Person, Person.id == EditionMove.moved_by_id)
        .where(EditionMove.audit_id == audit_id)
        .order_by(EditionMove.id.desc())
    )
    return Choices(audit, editions, [MoveRow(*row) for row in moves])


def preview(person: CurrentPerson, audit_id: int, edition_id: int) -> Preview:
    """What moving the audit to that edition would mean.

    Raises NotFound out of reach, and for an edition that it cannot be moved to. At most six statements.
    """
    audit, session = get_audit(person, audit_id, Permission.AUDITS_MANAGE), db.session()
    check_newer(session, audit, edition_id)
    source, target = edition_tree(audit.edition_id), edition_tree(edition_id)
    held = held_by(session, audit_id)
    made = plan(source.content, target.content, situation(session, audit_id, source, target, held))
    aside = _sections_aside(made, source, held)
    judged = sum(held.judgements.values())
    return Preview(
        audit,
        source,
        target,
        made,
        _lines(made.questions, source.ids.questions, held.answers),
        _lines(made.fields, source.ids.fields, held.values),
        judged - aside if made.judgements_kept else 0,
        aside if made.judgements_kept else judged,
        {
            section.title: held.findings[number]
            for section in made.sections_gone
            if (number := source.ids.sections[section.key]) in held.findings
        },
        sum(held.submitted.values()),
        lacking(made.questions, target.content, held.submitted),
    )


def _sections_aside(made: MovePlan, source: EditionTree, held: Held) -> int:
    """How many judgements are of sections that have gone."""
    gone = [source.ids.sections[section.key] for section in made.sections_gone]
    return sum(held.judgements.get(number, 0) for number in gone)


def _lines(parts: Sequence[Part], numbers: Mapping[str, int], counted: Mapping[int, int]) -> list[Line]:
    return [Line(part, counted.get(numbers.get(part.key, 0), 0)) for part in parts]


def move_done(person: CurrentPerson, audit_id: int, move_id: int) -> MoveDone:
    """A move of an audit, and whether it can still be undone. Raises NotFound out of reach."""
    audit = get_audit(person, audit_id, Permission.AUDITS_MANAGE)
    mover, undoer = aliased(Person), aliased(Person)
    row = db.session.execute(
        select(EditionMove, mover.name, undoer.name)
        .outerjoin(mover, mover.id == EditionMove.moved_by_id)
        .outerjoin(undoer, undoer.id == EditionMove.undone_by_id)
        .where(EditionMove.id == move_id, EditionMove.audit_id == audit_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    move, moved_by, undone_by = row
    return MoveDone(
        audit,
        move,
        edition_tree(move.from_edition_id),
        edition_tree(move.to_edition_id),
        moved_by,
        undone_by,
        obstacles(db.session(), audit, move),
    )
