"""The draw: the same for the same list and seed, in whatever order the list comes, and by hand."""

import hashlib
from collections import Counter
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from qa.audits.sampling.drawing import Member, digest, draw

REFERENCES = st.lists(
    st.text("ABCxyz019 -/", min_size=1, max_size=8).filter(str.strip),
    min_size=1,
    max_size=60,
    unique_by=lambda text: " ".join(text.split()).lower(),
)
SEEDS = st.text(min_size=1, max_size=20)


@given(REFERENCES, SEEDS, st.integers(0, 70), st.integers(0, 9), st.randoms(use_true_random=False))
def test_the_order_of_rows_decides_nothing(
    references: list[str], seed: str, size: int, reserve: int, random: Random
) -> None:
    members = [Member(text, "ab"[len(text) % 2]) for text in references]
    sizes = {"a": size, "b": size // 2}
    drawn = draw(members, seed, sizes, reserve)
    shuffled = random.sample(members, len(members))
    assert draw(shuffled, seed, sizes, reserve) == drawn
    assert digest(shuffled) == digest(members)
    for stratum, part in drawn.items():
        there = [member.reference for member in members if member.stratum == stratum]
        assert len(part.cases) == min(sizes[stratum], len(there))
        assert len(part.reserve) == min(reserve, len(there) - len(part.cases))
        assert len({*part.cases, *part.reserve}) == len(part.cases) + len(part.reserve)
        assert {*part.cases, *part.reserve} <= set(there)


@given(REFERENCES, SEEDS, st.integers(1, 30))
def test_a_larger_sample_holds_the_smaller_one(references: list[str], seed: str, size: int) -> None:
    members = [Member(text) for text in references]
    smaller, larger = draw(members, seed, {"": size}, 3)[""], draw(members, seed, {"": size + 3}, 0)[""]
    assert larger.cases == (*smaller.cases, *smaller.reserve)


def test_the_draw_of_a_known_list_never_changes() -> None:
    members = [Member(f"C{number:03}") for number in range(1, 21)]
    by_hand = sorted(
        range(1, 21), key=lambda number: hashlib.sha256(f"2026\nc{number:03}".encode()).hexdigest()
    )
    drawn = draw(members, "2026", {"": 5}, 2)[""]
    assert drawn.cases == tuple(f"C{number:03}" for number in by_hand[:5])
    assert drawn.reserve == tuple(f"C{number:03}" for number in by_hand[5:7])
    assert drawn.cases == KNOWN
    assert digest(members) == KNOWN_DIGEST


KNOWN = ("C003", "C007", "C008", "C014", "C005")
KNOWN_DIGEST = "e8ef018f5f5c82ea87dcf1f9b55c22650fd7b3b62d45220737fb20bd49a6d9c5"


def test_capitals_and_spaces_of_a_reference_decide_nothing() -> None:
    one = [Member("HAV  12"), Member("hav 13"), Member("Hav 14")]
    other = [Member("hav 12"), Member("HAV 13"), Member("hav  14")]
    lowered = [" ".join(text.lower().split()) for text in draw(one, "s", {"": 2}, 0)[""].cases]
    assert lowered == [" ".join(text.lower().split()) for text in draw(other, "s", {"": 2}, 0)[""].cases]
    assert digest(one) == digest(other)


def test_the_stratum_is_part_of_the_digest() -> None:
    assert digest([Member("C1", "a")]) != digest([Member("C1", "b")])


def test_every_case_has_the_same_chance() -> None:
    members = [Member(f"C{number:02}") for number in range(20)]
    times: Counter[str] = Counter()
    for seed in range(2_000):
        times.update(draw(members, str(seed), {"": 5}, 0)[""].cases)
    # 500 of 2,000 each; five standard deviations are 97.
    assert all(400 < times[member.reference] < 600 for member in members)
