"""Giving returns out under rules: who may be given what, what comes of it, why something is left. Pure."""

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import blake2b
from typing import NamedTuple

from qa.audits.allocation import balance
from qa.audits.doubling import drawn


class Typed(NamedTuple):
    """What was typed of one auditor. most: digits, "" for no limit."""

    person_id: int
    ticked: bool
    team: str = ""
    most: str = ""
    own_cases: str = ""


class Ask(NamedTuple):
    """How the QA lead wants returns given out. not_started: those that somebody holds and has not started,
    too, besides those without an auditor. elsewhere: count what auditors hold in other open audits. share: of
    cases to audit twice, "3" or "10%".
    """

    agency_ids: frozenset[int]
    auditors: Sequence[Typed]
    not_started: bool = False
    elsewhere: bool = False
    share: str = ""
    seed: int = 0


class Candidate(NamedTuple):
    """An auditor and what the QA lead said of them. agencies: where they are an auditor.

    team: folded, "" when not known. most: returns they hold at most, None without a limit. own_cases:
    references of cases they worked on, folded. holds: returns they hold that are not given out here.
    taking: they are given returns.
    """

    id: int
    name: str
    agencies: frozenset[int]
    team: str = ""
    most: int | None = None
    own_cases: frozenset[str] = frozenset()
    holds: int = 0
    taking: bool = True


class Task(NamedTuple):
    """A first return. team: of its case, folded, "" when not known. give: it is to be given to somebody.

    doubled: it has a second return. involved: its agency has not said that it does not know the child.
    opened: its case is open to the panel.
    """

    id: int
    case_id: int
    reference: str
    agency_id: int
    auditor_id: int | None
    team: str = ""
    give: bool = False
    doubled: bool = False
    involved: bool = True
    opened: bool = False


class Why(StrEnum):
    """Why a return could not be given, or be audited twice."""

    NOBODY = "No auditor of the agency is ticked"
    OWN_CASE = "Every auditor ticked is of the case’s own team or worked on the case"
    FULL = "The auditors who could take it would hold more than their limit"
    NO_FIRST = "The first return has no auditor, so nobody can be a second one"
    READS_ALL = "Its auditor leads the agency or the audit, and could read the second return"
    ALONE = "The agency has no other auditor ticked"
    NO_OTHER = "Nobody else may: of the case’s own team, worked on the case, or able to see the first return"


class Known(NamedTuple):
    """What keeps people from being blind to a return.

    opened: (return, person) of who has opened which. read_all: (agency, person) of who can read all of its.
    """

    opened: frozenset[tuple[int, int]] = frozenset()
    read_all: frozenset[tuple[int, int]] = frozenset()

    def blind(self, task: "Task", person_id: int) -> bool:
        """Whether the person has not seen the return, and cannot before the panel opens its case."""
        return (task.id, person_id) not in self.opened and not self.reads_all(task, person_id)

    def reads_all(self, task: "Task", person_id: int) -> bool:
        """Whether the person can read the return as one who leads."""
        return (task.agency_id, person_id) in self.read_all


NOTHING_KNOWN = Known()


class Refusal(NamedTuple):
    """A return that could not be given out. second: as a second return."""

    task: Task
    why: Why
    second: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What would be done. first: return to auditor; second: first return to its second auditor.

    eligible: cases that could be drawn; drawn: those that were.
    """

    first: Mapping[int, int]
    second: Mapping[int, int]
    refused: Sequence[Refusal]
    eligible: int = 0
    drawn: Sequence[int] = ()
    loads: Mapping[int, int] = field(default_factory=dict)

    @property
    def firsts_of(self) -> Counter[int]:
        """How many first returns each auditor would be given."""
        return Counter(self.first.values())

    @property
    def seconds_of(self) -> Counter[int]:
        """How many second returns each auditor would be given."""
        return Counter(self.second.values())

    @property
    def mark(self) -> str:
        """Sixteen digits that differ when anything else would be done."""
        said = repr((sorted(self.first.items()), sorted(self.second.items())))
        return blake2b(said.encode(), digest_size=8).hexdigest()


def folded(text: str) -> str:
    """A team's name or a case's reference as they are compared: in any case, with any spaces."""
    return " ".join(text.casefold().split())


def references_in(text: str) -> frozenset[str]:
    """References of cases in a list typed with commas, semicolons or lines, folded."""
    return frozenset(folded(part) for part in re.split(r"[,;\n]", text) if part.strip())


def allot(
    tasks: Sequence[Task],
    candidates: Collection[Candidate],
    *,
    cases: int = 0,
    seed: int = 0,
    known: Known = NOTHING_KNOWN,
) -> Outcome:
    """Give the returns out: nobody a case of their own team or that they worked on, nor more than their most.

    cases: how many more cases to audit twice, by second auditors of each agency with a return on them, who
    are blind to the first by what is known. As even as the rules permit, first returns and then second ones.
    """
    people = {one.id: one for one in candidates}
    loads = {one.id: one.holds for one in people.values()}
    most = {one.id: one.most for one in people.values() if one.most is not None}
    able = {task.id: _able(task, people) for task in tasks if task.give}
    first = _balanced(able, loads, most)
    holders = {task.id: first.get(task.id, task.auditor_id) for task in tasks}
    ables = {task.id: _able_second(task, holders[task.id], people, known) for task in tasks}
    eligible = _eligible(tasks, ables)
    chosen = drawn(eligible, cases, seed)
    twice = [task for task in tasks if task.case_id in set(chosen)]
    second = _seconds(twice, ables, holders, people, loads, most)
    refused = [
        Refusal(task, _why(task, able[task.id], people))
        for task in tasks
        if task.give and task.id not in first
    ] + [
        Refusal(task, _why_not_twice(task, holders[task.id], ables[task.id], people, known), second=True)
        for task in twice
        if task.id not in second and task.involved
    ]
    return Outcome(first, second, refused, len(eligible), chosen, loads)


def _balanced(
    able: Mapping[int, frozenset[int]], loads: dict[int, int], most: Mapping[int, int]
) -> dict[int, int]:
    """As `balance`, and the loads are then those with what was given."""
    given = balance(able, loads, most)
    for auditor in given.values():
        loads[auditor] += 1
    return given


def _able(task: Task, people: Mapping[int, Candidate]) -> frozenset[int]:
    """Who may be given a return, whatever they hold."""
    return frozenset(
        one.id
        for one in people.values()
        if one.taking
        and task.agency_id in one.agencies
        and not (task.team and task.team == one.team)
        and folded(task.reference) not in one.own_cases
    )


def _able_second(
    task: Task, holder: int | None, people: Mapping[int, Candidate], known: Known
) -> frozenset[int]:
    """Who may be the second auditor of a return that the holder has."""
    if holder is None or not task.involved or known.reads_all(task, holder):
        return frozenset()
    return frozenset(number for number in _able(task, people) - {holder} if known.blind(task, number))


def _eligible(tasks: Sequence[Task], ables: Mapping[int, frozenset[int]]) -> set[int]:
    """Cases that are not open to the panel nor audited twice, and on which one return at least could be."""
    out = {task.case_id for task in tasks if task.opened or task.doubled}
    return {task.case_id for task in tasks if task.case_id not in out and ables[task.id]}


def _seconds(
    tasks: Sequence[Task],
    ables: Mapping[int, frozenset[int]],
    holders: Mapping[int, int | None],
    people: Mapping[int, Candidate],
    loads: dict[int, int],
    most: Mapping[int, int],
) -> dict[int, int]:
    """Second auditors; of another team than the first's where that is known and can be."""

    def differs(number: int, holder: int | None) -> bool:
        team = people[holder].team if holder is not None and holder in people else ""
        return not team or people[number].team != team

    others = {
        task.id: frozenset(number for number in ables[task.id] if differs(number, holders[task.id]))
        for task in tasks
    }
    given = _balanced(others, loads, most)
    left = {task.id: ables[task.id] for task in tasks if task.id not in given}
    return given | _balanced(left, loads, most)


def _why(task: Task, able: frozenset[int], people: Mapping[int, Candidate]) -> Why:
    if able:
        return Why.FULL
    here = any(one.taking and task.agency_id in one.agencies for one in people.values())
    return Why.OWN_CASE if here else Why.NOBODY


def _why_not_twice(
    task: Task, holder: int | None, able: frozenset[int], people: Mapping[int, Candidate], known: Known
) -> Why:
    if holder is None:
        return Why.NO_FIRST
    if known.reads_all(task, holder):
        return Why.READS_ALL
    if able:
        return Why.FULL
    others = (one for one in people.values() if one.taking and one.id != holder)
    return Why.NO_OTHER if any(task.agency_id in one.agencies for one in others) else Why.ALONE
