"""Moving an audit to a newer edition of its framework, and undoing that."""

from collections import Counter
from collections.abc import Iterable, Mapping

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from qa.accounts.permissions import CurrentPerson
from qa.audits.commands.locking import at_stage, locked_audit
from qa.audits.lifecycle import OPEN_TO_EDITIONS
from qa.audits.models import Audit, EditionMove
from qa.db import now, writing
from qa.frameworks.editions import EditionTree
from qa.frameworks.reading import edition_tree
from qa.moving.counting import held_by, situation
from qa.moving.mapping import Fate, MovePlan, Part, plan
from qa.moving.queries import check_newer
from qa.moving.repointing import Step, note_carried, repoint
from qa.moving.undoing import obstacles
from qa.problems import NotFound, refused
from qa.trail.recording import record


def move_audit(person: CurrentPerson, audit_id: int, edition_id: int, seen: str) -> int:
    """Move an open audit to a newer published edition of its framework; gives the number of the move.

    Answers, values and judgements that the newer edition has a place for go along; the others stay as they
    are, with the edition they were given in. seen: `MovePlan.seen` of the page on which it was agreed to.
    Does nothing when the audit has been moved there already. Raises NotFound, NotAllowed, and Refused when
    the audit is reported, or something else would become of answers than that page said.
    """
    with writing() as session:
        audit = locked_audit(session, person, audit_id)
        if audit.stage not in OPEN_TO_EDITIONS:
            raise refused(f"The audit is {at_stage(audit.stage)}, so its edition stays")
        made_before = _standing(session, audit, edition_id)
        if made_before is not None:
            return made_before
        check_newer(session, audit, edition_id)
        source, target = edition_tree(audit.edition_id), edition_tree(edition_id)
        held = held_by(session, audit_id)
        made = plan(source.content, target.content, situation(session, audit_id, source, target, held))
        if made.seen != seen:
            raise refused(
                "Answers given since you opened this page change what can be kept. Look at it again, "
                "then move the audit"
            )
        move = _noted(session, person, audit, target)
        counts = _counted(made, source, held.answers)
        move.kept, move.again, move.gone = counts[Fate.KEPT], counts[Fate.AGAIN], counts[Fate.GONE]
        step = Step(audit_id, move.id, source, target)
        note_carried(session, step, _kept(made.questions), _kept(made.fields))
        _go(session, audit, step)
        _record(session, person, "audits.edition_moved", audit, step)
        return move.id


def undo_move(person: CurrentPerson, audit_id: int, move_id: int) -> None:
    """Move an audit back to the edition it was moved from, with everything that went along.

    Raises NotFound, NotAllowed, and Refused when that would lose something (see `undoing.obstacles`).
    """
    with writing() as session:
        audit = locked_audit(session, person, audit_id)
        move = session.scalar(
            select(EditionMove).where(EditionMove.id == move_id, EditionMove.audit_id == audit_id)
        )
        if move is None:
            raise NotFound
        found = obstacles(session, audit, move)
        if found:
            raise refused(" ".join(found))
        source, target = edition_tree(move.to_edition_id), edition_tree(move.from_edition_id)
        step = Step(audit_id, move.id, source, target, back=True)
        move.undone_at, move.undone_by_id = now(), person.id
        _go(session, audit, step)
        _record(session, person, "audits.edition_move_undone", audit, step)


def _standing(session: Session, audit: Audit, edition_id: int) -> int | None:
    """The move that brought the audit to that edition, where it is: somebody pressed the button twice."""
    if audit.edition_id != edition_id:
        return None
    query = select(func.max(EditionMove.id)).where(
        EditionMove.audit_id == audit.id,
        EditionMove.to_edition_id == edition_id,
        EditionMove.undone_at.is_(None),
    )
    return session.scalar(query)


def _noted(session: Session, person: CurrentPerson, audit: Audit, target: EditionTree) -> EditionMove:
    move = EditionMove(
        audit_id=audit.id,
        from_edition_id=audit.edition_id,
        to_edition_id=target.id,
        moved_at=now(),
        moved_by_id=person.id,
    )
    session.add(move)
    session.flush()
    return move


def _kept(parts: Iterable[Part]) -> list[str]:
    return [part.key for part in parts if part.fate is Fate.KEPT]


def _counted(made: MovePlan, source: EditionTree, answers: Mapping[int, int]) -> Counter[Fate]:
    """How many answers there are of each fate."""
    counts: Counter[Fate] = Counter()
    for part in made.questions:
        counts[part.fate] += answers.get(source.ids.questions.get(part.key, 0), 0)
    return counts


def _go(session: Session, audit: Audit, step: Step) -> None:
    repoint(session, step)
    audit.edition_id = step.target.id


def _record(session: Session, person: CurrentPerson, event: str, audit: Audit, step: Step) -> None:
    fields = ["edition", f"from:{step.source.number}", f"to:{step.target.number}"]
    record(session, person.id, event, "audit", audit.id, fields=fields, area_id=audit.area_id)
