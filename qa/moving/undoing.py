"""Whether a move to a newer edition can still be undone, and if not, why."""

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import ScalarSelect, func, select
from sqlalchemy.orm import Session

from qa.audits.lifecycle import OPEN_TO_EDITIONS
from qa.audits.models import Audit, CarriedQuestion, EditionMove, Return
from qa.frameworks.carrying import same_grades
from qa.frameworks.editions import EditionTree
from qa.frameworks.reading import edition_tree
from qa.moderation.models import Judgement
from qa.moving.counting import given_and_withdrawn

CLOSED = "The audit has been reported, so its edition stays."
MOVED_ON = "The audit has been moved again since. Undo the later move first."
UNDONE = "It has been undone already."


class Since(NamedTuple):
    """What has come in since a move that decides whether it can be undone."""

    submitted: int
    judgements: int
    latest: bool


def obstacles(session: Session, audit: Audit, move: EditionMove) -> tuple[str, ...]:
    """What stands in the way of undoing a move, each as a sentence; empty when nothing does.

    Undoing loses nothing only as long as everything that went along can go back: no return has been
    submitted on the newer edition, no answer uses a choice that the earlier edition has not, and the panel
    has agreed nothing that the earlier edition has no place for. Three statements at most.
    """
    if move.undone_at is not None:
        return (UNDONE,)
    if audit.stage not in OPEN_TO_EDITIONS:
        return (CLOSED,)
    newer, earlier = edition_tree(move.to_edition_id), edition_tree(move.from_edition_id)
    since = _since(session, audit, move, newer, earlier)
    if not since.latest:
        return (MOVED_ON,)
    found = []
    if since.submitted:
        one = since.submitted == 1
        found.append(
            f"{since.submitted:,} {'return has' if one else 'returns have'} been submitted since, "
            f"on edition {newer.number}."
        )
    if since.judgements:
        one = since.judgements == 1
        found.append(
            f"The panel has agreed {since.judgements:,} {'grade' if one else 'grades'} since that edition "
            f"{earlier.number} has no place for."
        )
    return (*found, *_new_choices(session, audit, move, newer, earlier))


def _since(
    session: Session, audit: Audit, move: EditionMove, newer: EditionTree, earlier: EditionTree
) -> Since:
    submitted = select(func.count()).where(Return.audit_id == audit.id, Return.submitted_at > move.moved_at)
    later = select(func.max(EditionMove.id)).where(
        EditionMove.audit_id == audit.id, EditionMove.undone_at.is_(None)
    )
    row = session.execute(
        select(
            submitted.scalar_subquery(),
            _out_of_place(audit, newer, earlier),
            later.scalar_subquery(),
        )
    ).one()
    return Since(row[0], row[1], row[2] == move.id and audit.edition_id == newer.id)


def _out_of_place(audit: Audit, newer: EditionTree, earlier: EditionTree) -> ScalarSelect[int]:
    """How many judgements the earlier edition has no place for: of a section, or on a scale, it has not."""
    count = select(func.count()).where(Judgement.audit_id == audit.id)
    if same_grades(newer.judgement_scale, earlier.judgement_scale):
        gone = [n for key, n in newer.ids.sections.items() if key not in earlier.ids.sections]
        count = count.where(Judgement.section_id.in_(gone))
    return count.scalar_subquery()


def _new_choices(
    session: Session, audit: Audit, move: EditionMove, newer: EditionTree, earlier: EditionTree
) -> Collection[str]:
    numbers = session.scalars(select(CarriedQuestion.to_id).where(CarriedQuestion.move_id == move.id))
    carried = {newer.question_keys[number] for number in numbers}
    answers, values = given_and_withdrawn(session, audit.id, newer, earlier, carried)
    asked = [newer.content.question(key).text for key in sorted(answers)]
    asked += [newer.content.profile_field(key).label for key in sorted(values)]
    if not asked:
        return ()
    named = "; ".join(f"“{text}”" for text in asked)
    return (f"Answers have been given that edition {earlier.number} does not offer, to: {named}.",)
