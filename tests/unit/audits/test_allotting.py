"""Giving returns out under rules: no rule is ever broken, and loads are as even as the rules permit."""

from collections import Counter, defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.audits.allocation import balance
from qa.audits.allotting import Candidate, Known, Outcome, Task, Why, allot, folded, references_in
from qa.audits.doubling import BadShare, drawn, how_many

AUDITORS = range(1, 6)
LOADS = st.fixed_dictionaries({number: st.integers(0, 4) for number in AUDITORS})
MOST = st.dictionaries(st.sampled_from(AUDITORS), st.integers(0, 6))
ABLE = st.lists(st.frozensets(st.sampled_from(AUDITORS)), max_size=14).map(lambda sets: dict(enumerate(sets)))


def reached(given_: dict[int, int], able: dict[int, frozenset[int]], start: frozenset[int]) -> set[int]:
    """Whom a return could end up with, those given passed on."""
    found, waiting = set(start), list(start)
    while waiting:
        before = waiting.pop()
        for number, auditor in given_.items():
            if auditor == before:
                waiting += able[number] - found
                found |= able[number]
    return found


@given(ABLE, LOADS, MOST)
def test_nobody_is_given_what_they_may_not_have_or_more_than_their_most(
    able: dict[int, frozenset[int]], loads: dict[int, int], most: dict[int, int]
) -> None:
    given_ = balance(able, loads, most)
    assert all(auditor in able[number] for number, auditor in given_.items())
    for auditor, count in Counter(given_.values()).items():
        assert loads[auditor] + count <= most.get(auditor, 1000)


@given(ABLE, LOADS, MOST)
def test_what_is_left_has_no_room_anywhere_and_nobody_could_be_spared(
    able: dict[int, frozenset[int]], loads: dict[int, int], most: dict[int, int]
) -> None:
    given_ = balance(able, loads, most)
    after = Counter(loads) + Counter(given_.values())
    free = {number for number in AUDITORS if after[number] < most.get(number, 1000)}
    for number in able.keys() - given_.keys():
        assert not reached(given_, able, able[number]) & free
    for auditor in set(given_.values()):
        others = {
            other
            for number, holder in given_.items()
            if holder == auditor
            for other in reached(given_, able, able[number])
        }
        assert all(after[auditor] <= after[other] + 1 for other in others & free)


@given(st.integers(0, 60), LOADS)
def test_without_rules_the_loads_end_within_one_of_each_other(count: int, loads: dict[int, int]) -> None:
    given_ = balance(dict.fromkeys(range(count), frozenset(AUDITORS)), loads, {})
    after = Counter(loads) + Counter(given_.values())
    took = set(given_.values())
    assert len(given_) == count
    assert all(after[one] <= after[other] + 1 for one in took for other in AUDITORS)


def test_two_thousand_cases_of_six_agencies_take_no_time() -> None:
    able = {number: frozenset(range(number % 6 * 10, number % 6 * 10 + 10)) for number in range(12_000)}
    given_ = balance(able, dict.fromkeys(range(60), 0), {})
    assert set(Counter(given_.values()).values()) == {200}


TEAMS = st.sampled_from(["", "red", "blue"])


@st.composite
def tasks(draw: st.DrawFn) -> list[Task]:
    """Returns of two agencies on some cases, in any state."""
    found: list[Task] = []
    for case in range(draw(st.integers(1, 6))):
        team, opened = draw(TEAMS), draw(st.booleans())
        for agency in draw(st.sets(st.sampled_from([1, 2]), min_size=1)):
            holder = draw(st.one_of(st.none(), st.sampled_from([*AUDITORS, 99])))
            doubled = holder is not None and draw(st.booleans())
            found.append(
                Task(
                    len(found) + 1,
                    case,
                    f"C{case}",
                    agency,
                    holder,
                    team,
                    give=not doubled and (holder is None or draw(st.booleans())),
                    doubled=doubled,
                    involved=draw(st.booleans()),
                    opened=opened,
                )
            )
    return found


@st.composite
def candidates(draw: st.DrawFn) -> list[Candidate]:
    """Auditors of either agency or both."""
    return [
        Candidate(
            number,
            f"Auditor {number}",
            draw(st.frozensets(st.sampled_from([1, 2]), min_size=1)),
            draw(TEAMS),
            draw(st.one_of(st.none(), st.integers(0, 5))),
            draw(st.frozensets(st.sampled_from(["c0", "c1"]))),
            draw(st.integers(0, 3)),
            draw(st.booleans()),
        )
        for number in AUDITORS
    ]


KNOWN = st.builds(
    Known,
    st.frozensets(st.tuples(st.integers(1, 12), st.sampled_from(AUDITORS)), max_size=6),
    st.frozensets(st.tuples(st.sampled_from([1, 2]), st.sampled_from([*AUDITORS, 99])), max_size=3),
)


@given(tasks(), candidates(), st.integers(0, 6), st.integers(0, 999), KNOWN)
def test_no_rule_is_ever_broken(
    listed: list[Task], people: list[Candidate], cases: int, seed: int, known: Known
) -> None:
    outcome = allot(listed, people, cases=cases, seed=seed, known=known)
    by_id, of = {task.id: task for task in listed}, {one.id: one for one in people}
    for number, auditor in [*outcome.first.items(), *outcome.second.items()]:
        task, one = by_id[number], of[auditor]
        assert one.taking
        assert task.agency_id in one.agencies
        assert not task.team or task.team != one.team
        assert task.reference.casefold() not in one.own_cases
    for one in people:
        held = one.holds + outcome.firsts_of[one.id] + outcome.seconds_of[one.id]
        assert outcome.loads[one.id] == held
        given_ = outcome.firsts_of[one.id] + outcome.seconds_of[one.id]
        assert one.most is None or not given_ or held <= one.most
    assert all(by_id[number].give for number in outcome.first)
    for number, auditor in outcome.second.items():
        task = by_id[number]
        first = outcome.first.get(number, task.auditor_id)
        assert first not in {None, auditor}
        assert task.case_id in outcome.drawn
        assert task.involved
        assert not task.opened
        assert not task.doubled
        assert known.blind(task, auditor)
        assert not known.reads_all(task, first or 0)
    assert len(outcome.drawn) == min(cases, outcome.eligible)
    left = {task.id for task in listed if task.give} - outcome.first.keys()
    assert {one.task.id for one in outcome.refused if not one.second} == left


@given(tasks(), candidates(), st.integers(0, 6), st.integers(0, 999))
def test_the_same_again_gives_the_same(
    listed: list[Task], people: list[Candidate], cases: int, seed: int
) -> None:
    once = allot(listed, people, cases=cases, seed=seed)
    again = allot(listed, people[::-1], cases=cases, seed=seed)
    assert (once.first, once.second, once.mark) == (again.first, again.second, again.mark)


def one_agency(count: int) -> list[Candidate]:
    return [Candidate(number, f"Auditor {number}", frozenset({1})) for number in range(1, count + 1)]


def plain(case: int, **more: object) -> Task:
    return Task(case, case, f"C{case}", 1, None, give=True)._replace(**more)  # type: ignore[arg-type]


def whys(outcome: Outcome) -> set[Why]:
    return {one.why for one in outcome.refused}


def test_a_case_of_everybodys_own_team_is_left_and_says_why() -> None:
    people = [one._replace(team="red") for one in one_agency(2)]
    outcome = allot([plain(1, team="red"), plain(2, team="blue")], people)
    assert outcome.first == {2: 1}
    assert whys(outcome) == {Why.OWN_CASE}


def test_limits_and_missing_auditors_say_why() -> None:
    people = [one._replace(most=1) for one in one_agency(2)]
    assert whys(allot([plain(number) for number in range(3)], people)) == {Why.FULL}
    assert whys(allot([plain(1, agency_id=2)], people)) == {Why.NOBODY}


def test_a_second_auditor_of_another_team_is_preferred() -> None:
    people = [
        one._replace(team=team) for one, team in zip(one_agency(3), ("red", "red", "blue"), strict=True)
    ]
    outcome = allot([plain(1, auditor_id=1, give=False)], people, cases=1)
    assert outcome.second == {1: 3}
    alone = allot([plain(1, auditor_id=1, give=False)], people[:2], cases=1)
    assert alone.second == {1: 2}


def test_who_could_read_the_other_return_is_no_second_auditor_and_has_none() -> None:
    task = plain(1, auditor_id=1, give=False)
    leads = Known(read_all=frozenset({(1, 1)}))
    outcome = allot([task, plain(2)], one_agency(2), cases=2, known=leads)
    assert 1 not in outcome.second
    seen = Known(opened=frozenset({(1, 2)}))
    assert not allot([task], one_agency(2), cases=1, known=seen).second


def test_what_cannot_be_audited_twice_on_a_drawn_case_says_why() -> None:
    people = [*one_agency(2), Candidate(3, "Auditor 3", frozenset({2}))]
    listed = [plain(1, auditor_id=1, give=False), plain(2, case_id=1, agency_id=2, auditor_id=3, give=False)]
    outcome = allot(listed, people, cases=1)
    assert outcome.second == {1: 2}
    assert whys(outcome) == {Why.ALONE}
    blue = [*people, Candidate(4, "Auditor 4", frozenset({2}), own_cases=frozenset({"c2"}))]
    assert whys(allot(listed, blue, cases=1)) == {Why.NO_OTHER}


@pytest.mark.parametrize(
    ("share", "number"), [("", 0), ("0", 0), ("3", 3), ("10%", 3), ("1 %", 1), ("100%", 30), ("0%", 0)]
)
def test_a_share_is_a_number_of_cases_or_per_cent_of_them(share: str, number: int) -> None:
    assert how_many(share, 30) == number


@pytest.mark.parametrize("share", ["ten", "-1", "101%", "31", "3.5", "1e3", "%"])
def test_a_bad_share_says_what_to_write(share: str) -> None:
    with pytest.raises(BadShare):
        how_many(share, 30)


@given(st.sets(st.integers(1, 500)), st.integers(0, 60), st.integers(0, 999_999))
def test_a_draw_is_the_same_for_a_seed_and_a_larger_one_holds_it(
    cases: set[int], wanted: int, seed: int
) -> None:
    once = drawn(cases, wanted, seed)
    assert once == drawn(sorted(cases, reverse=True), wanted, seed)
    assert set(once) <= cases
    assert len(set(once)) == len(once) == min(wanted, len(cases))
    assert set(once) <= set(drawn(cases, wanted + 1, seed))


def test_every_case_is_drawn_as_often_as_another() -> None:
    counts: defaultdict[int, int] = defaultdict(int)
    for seed in range(2_000):
        for case in drawn(range(10), 2, seed):
            counts[case] += 1
    assert all(340 <= counts[case] <= 460 for case in range(10))


def test_teams_and_references_are_compared_in_any_case_and_spacing() -> None:
    assert folded("  Assessment  Team ") == folded("assessment team")
    assert references_in("c001, C002;\nc003,,") == {"c001", "c002", "c003"}
