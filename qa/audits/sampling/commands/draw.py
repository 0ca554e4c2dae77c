"""Drawing a sample: its cases are made in one transaction, or none. And undoing a draw."""

import json
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from qa.accounts.permissions import CurrentPerson
from qa.audits.commands.cases import VALUES, last_number, refuse_self_assessment, value_row
from qa.audits.commands.locking import locked_audit, require_open_to_cases
from qa.audits.lifecycle import ReturnState
from qa.audits.models import Audit, Case, Return
from qa.audits.profiles import BadValue, ProfileValue, parse_value
from qa.audits.sampling.columns import Settled, strata
from qa.audits.sampling.commands.lists import locked_sample
from qa.audits.sampling.designing import (
    NOT_DIVIDED,
    Counted,
    Design,
    Outlook,
    count,
    fingerprint,
    outlook,
    problems,
)
from qa.audits.sampling.drawing import Drawn, Member, digest, draw
from qa.audits.sampling.models import PopulationList, Sample, Stratum, Unit
from qa.audits.sampling.queries import already_there, listed_sample, settled_list
from qa.audits.sampling.vocabulary import SampleState, UnitState
from qa.db import now, today, writing
from qa.frameworks.content import ProfileField
from qa.frameworks.editions import EditionTree
from qa.frameworks.reading import edition_tree
from qa.problems import Refused, refused
from qa.trail.recording import record

Profile = Mapping[str, str]
"""What a list says of a case: the key of a field to the key of an answer, or to digits."""


class PlannedDraw(NamedTuple):
    """A draw as it was worked out before anything is written. taken: the audit's cases then."""

    design: Design
    counted: Counted
    outlook: Outlook
    drawn: Mapping[str, Drawn]
    digest: str
    profiles: Mapping[str, Profile]
    taken: set[str]


def draw_sample(
    person: CurrentPerson, audit_id: int, sample_id: int, version: int, design: Design, shown: str
) -> int:
    """Draw the sample and make its cases; gives back how many. The list is deleted unless it is to be kept.

    shown: fingerprint of the strata that the person saw. The list is read and sorted before the lock is
    taken, so that nobody waits for a long one. Raises NotFound, NotAllowed, Stale, or Refused: for a design
    with a mistake, and (under "shown") when the strata are not those that were seen.
    """
    plan = plan_draw(person, audit_id, sample_id, design, shown)
    with writing() as session:
        return write_draw(session, person, audit_id, (sample_id, version), plan)


def plan_draw(
    person: CurrentPerson, audit_id: int, sample_id: int, design: Design, shown: str
) -> PlannedDraw:
    """Order and draw; nothing is written. Raises NotFound, and Refused as `draw_sample`."""
    waiting = listed_sample(person, audit_id, sample_id)
    tree = edition_tree(waiting.audit.edition_id)
    plan = _planned(settled_list(sample_id), design, tree.content.profile, already_there(audit_id))
    require_seen(design, plan.counted, shown)
    return plan


def require_seen(design: Design, counted: Counted, shown: str) -> None:
    """Raises Refused under "shown" when the strata are not those of the fingerprint."""
    if fingerprint(design, counted) != shown:
        raise refused("These are the strata now. Look at them, then draw", "shown")


def write_draw(
    session: Session, person: CurrentPerson, audit_id: int, which: tuple[int, int], plan: PlannedDraw
) -> int:
    """Make the cases of a planned draw in the caller's unit of work; gives back how many.

    which: the sample's number and version. Raises NotFound, NotAllowed, Stale, Refused as `draw_sample`.
    """
    sample_id, version = which
    audit = locked_audit(session, person, audit_id)
    tree = edition_tree(audit.edition_id)
    require_open_to_cases(audit)
    refuse_self_assessment(tree)
    sample = locked_sample(session, audit, sample_id, version)
    if sample.state is not SampleState.LISTED:
        raise refused("The sample is drawn already")
    if already_there(audit_id) != plan.taken:
        raise refused("Cases were added to the audit at the same moment. Draw again")
    cases = _add_cases(session, audit, tree, plan)
    _add_units(session, sample, plan, cases)
    _close(session, person, sample, plan)
    fields = ["cases", "seed", "list_kept" if plan.design.keep_until else "list_deleted"]
    record(session, person.id, "sampling.drawn", "sample", sample.id, fields=fields, area_id=audit.area_id)
    return len(cases)


def _planned(
    settled: Settled, design: Design, fields: Sequence[ProfileField], taken: set[str]
) -> PlannedDraw:
    """Everything that the draw decides. Raises Refused for a design with a mistake."""
    counted = count(settled, fields, taken)
    wrong = problems(design, counted, today())
    if wrong:
        raise Refused(wrong)
    seen = outlook(design, counted)
    column = None if design.column == NOT_DIVIDED else design.column
    members = [
        Member(reference, label)
        for label, references in strata(settled, column, fields, taken).items()
        for reference in references
    ]
    drawn = draw(members, design.seed, {line.label: line.size for line in seen.lines}, design.reserve)
    wanted = {reference for part in drawn.values() for reference in (*part.cases, *part.reserve)}
    profiles = {
        case.reference: {
            kept.key: cell for kept, cell in zip(settled.kept, case.cells, strict=True) if kept.key and cell
        }
        for case in settled.cases
        if case.reference in wanted
    }
    return PlannedDraw(design, counted, seen, drawn, digest(members), profiles, taken)


def _add_cases(session: Session, audit: Audit, tree: EditionTree, plan: PlannedDraw) -> dict[str, int]:
    """Make the cases; their row numbers by reference."""
    references = [text for line in plan.outlook.lines for text in plan.drawn[line.label].cases]
    profiles = [plan.profiles[text] for text in references]
    return add_drawn(session, audit, tree, dict(zip(references, profiles, strict=True)))


def add_drawn(
    session: Session, audit: Audit, tree: EditionTree, wanted: Mapping[str, Profile]
) -> dict[str, int]:
    """Add cases with what the list says of them; their row numbers by reference.

    What the framework's edition has no answer for any more is left empty.
    """
    first, moment = last_number(session, audit.id) + 1, now()
    rows = [
        {"audit_id": audit.id, "number": number, "reference": reference, "created_at": moment}
        for number, reference in enumerate(wanted, start=first)
    ]
    session.execute(insert(Case), rows)
    new = select(Case.reference, Case.id).where(Case.audit_id == audit.id, Case.number >= first)
    ids = {row.reference: row.id for row in session.execute(new)}
    values = [
        value_row(ids[reference], tree, value)
        for reference, profile in wanted.items()
        for value in _values(tree, profile)
    ]
    if values:
        session.execute(insert(VALUES), values)
    return ids


def _values(tree: EditionTree, profile: Profile) -> list[ProfileValue]:
    found = []
    for field in tree.content.profile:
        try:
            value = parse_value(field, profile.get(field.key, ""))
        except BadValue:
            continue
        found += [value] if value else []
    return found


def _add_units(session: Session, sample: Sample, plan: PlannedDraw, cases: Mapping[str, int]) -> None:
    lines = list(enumerate(plan.outlook.lines, start=1))
    strata_rows = [
        {
            "sample_id": sample.id,
            "position": position,
            "label": line.label,
            "population": line.population,
            "size": line.size,
        }
        for position, line in lines
    ]
    session.execute(insert(Stratum), strata_rows)
    made = select(Stratum.position, Stratum.id).where(Stratum.sample_id == sample.id)
    ids = {row.position: row.id for row in session.execute(made)}
    units = []
    for position, line in lines:
        part = plan.drawn[line.label]
        for place, reference in enumerate((*part.cases, *part.reserve), start=1):
            case_id = cases.get(reference)
            units.append(
                {
                    "sample_id": sample.id,
                    "stratum_id": ids[position],
                    "place": place,
                    "reference": reference,
                    "state": UnitState.DRAWN if case_id else UnitState.RESERVE,
                    "case_id": case_id,
                    "profile": "" if case_id else json.dumps(plan.profiles[reference]),
                    "note": "",
                }
            )
    session.execute(insert(Unit), units)


def _close(session: Session, person: CurrentPerson, sample: Sample, plan: PlannedDraw) -> None:
    """Keep how the sample was drawn, and delete the list unless it is to be kept."""
    design = plan.design
    sample.state = SampleState.DRAWN
    sample.population, sample.left_out = plan.counted.population, plan.counted.left_out
    sample.strata_counts = ""
    sample.size, sample.reserve, sample.seed = design.size, design.reserve, design.seed
    sample.stratified_by = plan.counted.heading(design.column)
    divided = design.column != NOT_DIVIDED
    sample.allocation = design.allocation if divided else None
    sample.at_least_one = design.at_least_one and divided
    sample.digest = plan.digest
    sample.drawn_at, sample.drawn_by_id = now(), person.id
    kept = session.get_one(PopulationList, sample.id)
    if design.keep_until:
        sample.kept_until, sample.kept_by_id = design.keep_until, person.id
        kept.content = None  # the columns that were ignored go all the same
    else:
        sample.list_deleted_at = now()
        session.delete(kept)


def undo_draw(person: CurrentPerson, audit_id: int, sample_id: int, version: int) -> int:
    """Take a draw back while no agency has begun on any of its cases; gives back how many cases went.

    Raises NotFound, NotAllowed, Stale, or Refused when something was written about one of them.
    """
    try:
        with writing() as session:
            audit = locked_audit(session, person, audit_id)
            require_open_to_cases(audit)
            sample = locked_sample(session, audit, sample_id, version)
            cases = select(Unit.case_id).where(Unit.sample_id == sample.id, Unit.case_id.is_not(None))
            returns = select(Return.state).where(Return.case_id.in_(cases)).order_by(Return.id)
            states = session.scalars(returns.with_for_update()).all()
            if any(state is not ReturnState.NOT_STARTED for state in states):
                raise refused("An agency has begun on a case of this sample, so the draw cannot be undone")
            numbers = session.scalars(cases).all()
            session.execute(delete(Return).where(Return.case_id.in_(cases)))
            session.execute(delete(Case).where(Case.audit_id == audit.id, Case.id.in_(cases)))
            session.execute(delete(Sample).where(Sample.id == sample.id))
            session.expunge(sample)
            record(session, person.id, "sampling.undone", "sample", sample_id, area_id=audit.area_id)
            return len(numbers)
    except IntegrityError as error:
        # Later capabilities' records (concerns, findings) hold on to a case by their foreign keys.
        raise refused(
            "A case of this sample has a concern, a finding or an answer on record: the draw stays"
        ) from error
