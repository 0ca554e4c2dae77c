"""The chain of the trail: whatever is done to its entries without the key is found."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.trail import chain
from qa.trail.chain import EntryFacts, Head, SealedEntry

KEY = b"a key for tests, thirty-two bytes or more"
WORDS = st.text(max_size=20)
NUMBERS = st.none() | st.integers(0, 2**31)
FACTS = st.builds(
    EntryFacts,
    number=st.just(0),
    at=st.datetimes(timezones=st.just(UTC)),
    person_id=NUMBERS,
    event=WORDS,
    record=WORDS,
    record_id=NUMBERS,
    area_id=NUMBERS,
    fields=WORDS,
)


def chained(said: list[EntryFacts], key: bytes = KEY) -> tuple[list[SealedEntry], Head]:
    """Seal the facts one after another, numbered from 1, as recording does."""
    entries, previous = [], chain.GENESIS
    for number, facts in enumerate(said, 1):
        numbered = replace(facts, number=number)
        previous = chain.seal(key, previous, numbered)
        entries.append(SealedEntry(numbered, previous))
    return entries, Head(len(entries), previous, chain.seal_head(key, len(entries), previous))


def found(entries: list[SealedEntry], head: Head | None, key: bytes = KEY) -> list[str]:
    return list(chain.breaks(key, entries, head))


CHAINS = st.lists(FACTS, min_size=1, max_size=8).map(chained)
LONGER = st.lists(FACTS, min_size=2, max_size=8).map(chained)
ONE = EntryFacts(1, datetime(2026, 3, 27, 14, 5, tzinfo=UTC), 7, "returns.submitted", "return", 3, 1, "state")


@given(st.lists(FACTS, max_size=8))
def test_a_whole_chain_has_no_breaks(said: list[EntryFacts]) -> None:
    entries, head = chained(said)
    assert found(entries, head) == []


def test_a_new_installation_has_neither_entries_nor_head() -> None:
    assert found([], None) == []


@given(LONGER, st.data())
def test_a_removed_entry_is_found(made: tuple[list[SealedEntry], Head], data: st.DataObject) -> None:
    entries, head = made
    at = data.draw(st.integers(0, len(entries) - 1))
    assert found(entries[:at] + entries[at + 1 :], head)


@given(CHAINS, st.data())
def test_cutting_off_the_end_is_found_however_the_head_is_moved(
    made: tuple[list[SealedEntry], Head], data: st.DataObject
) -> None:
    entries, head = made
    kept = data.draw(st.integers(0, len(entries) - 1))
    end = entries[kept - 1].seal if kept else chain.GENESIS
    for moved in (head, Head(kept, end, head.head_seal), replace(head, number=kept), replace(head, seal=end)):
        assert found(entries[:kept], moved)
    if kept:
        assert found(entries[:kept], None) == ["the head of the trail is missing"]


@given(LONGER, st.data())
def test_two_swapped_entries_are_found(made: tuple[list[SealedEntry], Head], data: st.DataObject) -> None:
    entries, head = made
    one, other = sorted(
        data.draw(st.lists(st.integers(0, len(entries) - 1), min_size=2, max_size=2, unique=True))
    )
    first, second = entries[one], entries[other]
    swapped = list(entries)
    swapped[one] = SealedEntry(replace(second.facts, number=first.facts.number), second.seal)
    swapped[other] = SealedEntry(replace(first.facts, number=second.facts.number), first.seal)
    assert found(swapped, head)


@given(CHAINS, FACTS, st.data())
def test_an_entry_inserted_without_the_key_is_found(
    made: tuple[list[SealedEntry], Head], forged: EntryFacts, data: st.DataObject
) -> None:
    entries, head = made
    at = data.draw(st.integers(0, len(entries)))
    previous = entries[at - 1].seal if at else chain.GENESIS
    seal = chain.seal(b"another key of thirty-two bytes or so", previous, replace(forged, number=at + 1))
    after = [
        SealedEntry(replace(entry.facts, number=entry.facts.number + 1), entry.seal) for entry in entries[at:]
    ]
    assert found([*entries[:at], SealedEntry(replace(forged, number=at + 1), seal), *after], head)


@pytest.mark.parametrize(
    "change",
    [
        {"at": ONE.at + timedelta(microseconds=1)},
        {"person_id": 8},
        {"person_id": None},
        {"event": "returns.read"},
        {"record": "report"},
        {"record_id": 4},
        {"area_id": 2},
        {"fields": "reason,state"},
        # What one field loses the next may not gain.
        {"event": "returns.submittedr", "record": "eturn"},
    ],
    ids=str,
)
def test_every_fact_of_an_entry_is_sealed(change: dict[str, object]) -> None:
    entries, head = chained([ONE])
    changed = SealedEntry(replace(ONE, **change), entries[0].seal)  # type: ignore[arg-type]
    assert found([changed], head) == ["entry 1 does not fit its seal: it, or the one before it, was changed"]


def test_the_same_moment_in_another_zone_fits() -> None:
    entries, head = chained([ONE])
    summer = replace(ONE, at=ONE.at.astimezone(timezone(timedelta(hours=1))))
    assert found([SealedEntry(summer, entries[0].seal)], head) == []


@given(CHAINS)
def test_another_key_fits_nothing(made: tuple[list[SealedEntry], Head]) -> None:
    entries, head = made
    assert len(found(entries, head, b"another key of thirty-two bytes or so")) == len(entries) + 1


def test_a_seal_that_is_no_hexadecimal_number_is_found_too() -> None:
    entries, head = chained([ONE])
    assert found([SealedEntry(ONE, "é" * 64)], head)
    assert found(entries, replace(head, head_seal="é"))


def test_an_entry_that_notes_a_changed_head_is_told() -> None:
    entries, head = chained([ONE, replace(ONE, event=chain.HEAD_CHANGED)])
    assert found(entries, head) == [
        "entry 2 notes that the end of the trail had been changed by hand before it"
    ]
