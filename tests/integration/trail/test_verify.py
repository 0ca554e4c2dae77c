"""`trail verify` finds what was done to the trail behind the application's back."""

import pytest
from flask import Flask
from sqlalchemy import select, text

from qa.db import db
from qa.trail import chain
from qa.trail.models import TrailEntry
from tests.integration.trail.tampering import add_entries, run, verify


def test_a_trail_without_entries_is_whole(app: Flask) -> None:
    assert verify(app) == (0, "The trail is whole: it has no entries yet.\n")


def test_a_whole_trail_says_how_long_it_is_and_what_to_note(app: Flask) -> None:
    add_entries(app, 6)
    code, said = verify(app)
    assert code == 0
    assert said.startswith("The trail is whole: 6 entries, the last of ")
    assert "--expect 6" in said


def test_a_trail_longer_than_one_piece_is_walked_whole(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qa.trail.verifying.PIECE", 4)
    add_entries(app, 13)
    assert verify(app)[0] == 0
    run(app, "UPDATE trail_entry SET record_id = 99 WHERE number = 11")
    assert "entry 11 does not fit its seal" in verify(app)[1]


@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        ("UPDATE trail_entry SET event = 'audits.closed' WHERE number = 3", "entry 3 does not fit its seal"),
        ("UPDATE trail_entry SET person_id = NULL WHERE number = 3", "entry 3 does not fit its seal"),
        ("UPDATE trail_entry SET fields = 'lead' WHERE number = 6", "entry 6 does not fit its seal"),
        ("UPDATE trail_entry SET seal = 'é' WHERE number = 2", "entry 2 does not fit its seal"),
        ("DELETE FROM trail_entry WHERE number = 3", "entry 3 is missing: the next one found is 4"),
        ("DELETE FROM trail_entry WHERE number = 1", "entry 1 is missing: the next one found is 2"),
        ("DELETE FROM trail_entry WHERE number > 4", "its head says 6 entries, 4 were found"),
        ("DELETE FROM trail_entry", "its head says 6 entries, 0 were found"),
        ("UPDATE trail_head SET number = 5", "the head of the trail does not fit its seal"),
        ("UPDATE trail_head SET head_seal = seal", "the head of the trail does not fit its seal"),
        ("DELETE FROM trail_head", "the head of the trail is missing"),
    ],
)
def test_a_change_is_found(app: Flask, statement: str, sentence: str) -> None:
    add_entries(app, 6)
    run(app, statement)
    code, said = verify(app)
    assert code == 1
    assert "The trail is BROKEN (" in said
    assert sentence in said


def test_two_swapped_entries_are_found(app: Flask) -> None:
    add_entries(app, 6)
    run(
        app,
        "UPDATE trail_entry SET number = 99 WHERE number = 2",
        "UPDATE trail_entry SET number = 2 WHERE number = 5",
        "UPDATE trail_entry SET number = 5 WHERE number = 99",
    )
    code, said = verify(app)
    assert code == 1
    assert "entry 2 does not fit its seal" in said
    assert "entry 5 does not fit its seal" in said


@pytest.mark.parametrize("number", [0, 7])
def test_an_inserted_entry_is_found(app: Flask, number: int) -> None:
    add_entries(app, 6)
    run(
        app,
        "INSERT INTO trail_entry (number, at, person_id, event, record, record_id, area_id, fields, seal) "
        "SELECT :number, at, person_id, event, record, record_id, area_id, fields, seal "
        "FROM trail_entry WHERE number = 6",
        number=number,
    )
    assert verify(app)[0] == 1


def test_an_entry_cut_off_with_its_head_moved_back_stays_found_after_more_is_written(app: Flask) -> None:
    add_entries(app, 6)
    run(
        app,
        "DELETE FROM trail_entry WHERE number > 4",
        "UPDATE trail_head SET number = 4, seal = (SELECT seal FROM trail_entry WHERE number = 4)",
    )
    assert "the head of the trail does not fit its seal" in verify(app)[1]
    add_entries(app, 3)
    code, said = verify(app)
    assert code == 1
    assert "entry 5 notes that the end of the trail had been changed by hand before it" in said
    with app.app_context():
        events = db.session.scalars(select(TrailEntry.event).order_by(TrailEntry.number)).all()
    assert events[4:] == [chain.HEAD_CHANGED, *["audits.created"] * 3]


def test_writing_goes_on_when_the_head_was_removed_and_the_trail_says_so(app: Flask) -> None:
    add_entries(app, 6)
    run(app, "DELETE FROM trail_head")
    add_entries(app, 1)
    code, said = verify(app)
    assert code == 1
    assert "entry 7 notes that the end of the trail had been changed by hand" in said


def test_an_old_copy_put_back_whole_is_found_by_the_number_kept_elsewhere(app: Flask) -> None:
    add_entries(app, 4)
    with app.app_context():
        kept = db.session.execute(text("SELECT number, seal, head_seal FROM trail_head")).one()
    add_entries(app, 2)
    run(
        app,
        "DELETE FROM trail_entry WHERE number > 4",
        "UPDATE trail_head SET number = :number, seal = :seal, head_seal = :head_seal",
        **kept._asdict(),
    )
    assert verify(app)[0] == 0
    assert verify(app, "--expect", "4")[0] == 0
    code, said = verify(app, "--expect", "6")
    assert code == 1
    assert "6 entries are expected, 4 were found" in said


def test_another_key_breaks_every_entry_and_only_the_first_places_are_listed(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_entries(app, 30)
    monkeypatch.setitem(app.extensions, "trail_key", b"another key of thirty-two bytes or so")
    code, said = verify(app)
    assert code == 1
    assert said.count("does not fit its seal") == 20
    assert "and 11 more" in said
    assert "TRAIL_KEY is probably not the key" in said


@pytest.mark.sqlite
def test_words_where_a_moment_belongs_are_a_sentence_and_no_stack_trace(app: Flask) -> None:
    add_entries(app, 6)
    run(app, "UPDATE trail_entry SET at = 'long ago' WHERE number = 4")
    code, said = verify(app)
    assert code == 1
    assert "cannot be read: one of them was changed" in said


def test_a_number_that_is_none_is_refused(app: Flask) -> None:
    code, said = verify(app, "--expect", "many")
    assert code == 2
    assert "is not a valid integer" in said
