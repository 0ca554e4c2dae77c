"""Giving an audit's returns out under rules, in one step, as the QA lead saw it beforehand."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, cast

from sqlalchemy import Table, bindparam, delete, insert, update
from sqlalchemy.orm import Session

from qa.accounts.permissions import CurrentPerson, Permission
from qa.audits.allotting import (
    NOTHING_KNOWN,
    Ask,
    Candidate,
    Outcome,
    Task,
    Typed,
    allot,
    folded,
    references_in,
)
from qa.audits.commands.doubling import write_seconds
from qa.audits.commands.locking import locked_audit, require_open_to_cases
from qa.audits.doubling import LARGEST_SEED, BadShare, how_many
from qa.audits.models import Audit, AuditAuditor, Return, SecondDraw
from qa.audits.queries import allotting, get_audit
from qa.audits.queries.cases import taken_references
from qa.db import now, writing
from qa.frameworks.editions import EditionTree
from qa.frameworks.reading import edition_tree
from qa.problems import Refused, refused
from qa.trail.recording import record

TABLE = cast(Table, Return.__table__)
TEAM_LIMIT, CASES_LIMIT = 80, 2_000
CHANGED = "Returns, auditors or rules have changed since you looked. Look again at what would be done now"


class Proposal(NamedTuple):
    """What would be done. wanted: cases to be audited twice in all; present: those that are. no_team: cases
    whose team is not known, None where the framework has no field for it.
    """

    outcome: Outcome
    tasks: Sequence[Task]
    wanted: int
    present: int
    no_team: int | None


def propose(person: CurrentPerson, audit_id: int, ask: Ask) -> Proposal:
    """What giving returns out so would do; nothing is written.

    Raises NotFound, and Refused, by the names of the form's fields, for what was typed wrong.
    """
    audit = get_audit(person, audit_id, Permission.AUDITS_MANAGE)
    require_open_to_cases(audit)
    return _proposal(audit, ask)


def allot_returns(person: CurrentPerson, audit_id: int, ask: Ask, mark: str) -> Outcome:
    """Give the returns out as proposed. mark: of the outcome that the QA lead saw.

    Raises NotFound, NotAllowed, or Refused: as `propose`, when something else would be done by now, and when
    there is nothing to do.
    """
    with writing() as session:
        audit = locked_audit(session, person, audit_id)
        require_open_to_cases(audit)
        outcome = _proposal(audit, ask).outcome
        if outcome.mark != mark:
            raise refused(CHANGED)
        if not outcome.first and not outcome.second:
            raise refused("There is no return to give out: nothing was changed")
        _write(session, person, audit, ask, outcome)
        fields = ["auditor", f"returns:{len(outcome.first)}", f"second:{len(outcome.second)}"]
        if outcome.drawn:
            fields.append(f"seed:{ask.seed}")
        record(
            session,
            person.id,
            "audits.returns_allotted",
            "audit",
            audit.id,
            fields=fields,
            area_id=audit.area_id,
        )
        return outcome


def _proposal(audit: Audit, ask: Ask) -> Proposal:
    tree = edition_tree(audit.edition_id)
    people = {one.id: one for one in allotting.auditors(audit)}
    most = _checked(audit, ask, people)
    tasks = allotting.tasks(audit, tree, ask.agency_ids, not_started=ask.not_started)
    cases = {task.case_id: task.team for task in tasks}
    present = allotting.doubled_cases(audit.id)
    wanted = _wanted(tree, ask, len(cases))
    candidates = _candidates(ask, people, most, tasks)
    known = allotting.known(audit, people.keys()) if wanted > present else NOTHING_KNOWN
    outcome = allot(tasks, candidates, cases=max(0, wanted - present), seed=ask.seed, known=known)
    asked = allotting.team_field(tree) is not None
    no_team = sum(not team for team in cases.values()) if asked else None
    return Proposal(outcome, tasks, wanted, present, no_team)


def _wanted(tree: EditionTree, ask: Ask, cases: int) -> int:
    try:
        wanted = how_many(ask.share, cases)
    except BadShare as error:
        raise Refused({"share": str(error)}) from error
    if wanted and tree.self_assessment:
        raise refused("A self-assessment is not audited twice", "share")
    return wanted


def _candidates(
    ask: Ask, people: Mapping[int, allotting.Auditor], most: Mapping[int, int | None], tasks: Sequence[Task]
) -> list[Candidate]:
    """The auditors, by what was typed of them. What is given out afresh does not count as held."""
    typed = {one.person_id: one for one in ask.auditors}
    out = [task.auditor_id for task in tasks if task.give]
    return [
        Candidate(
            one.id,
            one.name,
            one.agencies,
            folded(said.team),
            most[one.id],
            references_in(said.own_cases),
            one.here - out.count(one.id) + (one.elsewhere if ask.elsewhere else 0),
            said.ticked,
        )
        for one in people.values()
        for said in (typed.get(one.id, Typed(one.id, ticked=False)),)
    ]


def _checked(audit: Audit, ask: Ask, people: Mapping[int, allotting.Auditor]) -> Mapping[int, int | None]:
    """The most that each auditor may hold. Raises Refused with everything wrong, by the fields' names."""
    problems: dict[str, str] = {}
    rows = [one for one in ask.auditors if one.person_id in people]
    if not ask.agency_ids & {agency.id for agency in audit.agencies}:
        problems["agencies"] = "Choose at least one agency"
    if not any(one.ticked for one in rows):
        problems["auditors"] = "Tick at least one auditor"
    if not 0 <= ask.seed <= LARGEST_SEED:
        problems["seed"] = f"The seed must be a whole number from 0 to {LARGEST_SEED:,}"
    named = any(one.own_cases for one in rows)
    references = {folded(text) for text in taken_references(audit.id)} if named else set[str]()
    for one in rows:
        problems |= _problems_of(one, people[one.person_id].name, references)
    if problems:
        raise Refused(problems)
    said = {one.person_id: int(one.most) if one.most else None for one in rows}
    return {number: said.get(number) for number in people}


def _problems_of(one: Typed, name: str, references: set[str]) -> dict[str, str]:
    """What is wrong with what was typed of an auditor, by the fields' names."""
    problems: dict[str, str] = {}
    if one.most and (not one.most.isdecimal() or len(one.most) > 4):
        problems[f"most-{one.person_id}"] = f"The most for {name} must be a whole number, or empty"
    if len(one.team) > TEAM_LIMIT:
        problems[f"team-{one.person_id}"] = f"The team of {name} must be {TEAM_LIMIT} characters or fewer"
    strange = sorted(references_in(one.own_cases) - references)
    if len(one.own_cases) > CASES_LIMIT:
        problems[f"own-{one.person_id}"] = f"The cases of {name} must be {CASES_LIMIT:,} characters or fewer"
    elif strange:
        said = ", ".join(text.upper() for text in strange[:3])
        problems[f"own-{one.person_id}"] = f"Not a case of this audit: {said}"
    return problems


def _write(session: Session, person: CurrentPerson, audit: Audit, ask: Ask, outcome: Outcome) -> None:
    if outcome.first:
        session.connection().execute(
            update(TABLE)
            .where(TABLE.c.id == bindparam("number"))
            .values(auditor_id=bindparam("auditor"), version=TABLE.c.version + 1),
            [{"number": number, "auditor": auditor} for number, auditor in sorted(outcome.first.items())],
        )
    write_seconds(session, outcome.second)
    if outcome.drawn:
        draw = {"of_cases": outcome.eligible, "cases": len(outcome.drawn), "returns": len(outcome.second)}
        session.add(
            SecondDraw(audit_id=audit.id, seed=ask.seed, drawn_at=now(), drawn_by_id=person.id, **draw)
        )
    # What was said of the auditors is there again the next time.
    session.execute(delete(AuditAuditor).where(AuditAuditor.audit_id == audit.id))
    known = {one.id for one in allotting.auditors(audit)}
    rows = [
        {
            "audit_id": audit.id,
            "person_id": one.person_id,
            "team": one.team,
            "most": int(one.most) if one.most else None,
            "own_cases": one.own_cases,
            "left_out": not one.ticked,
        }
        for one in ask.auditors
        if one.person_id in known
    ]
    session.execute(insert(AuditAuditor), rows)
