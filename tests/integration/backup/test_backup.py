"""A backup is everything as of one moment, and comes back the same, on either kind of database."""

import threading
import tracemalloc
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from qa.accounts.models import Area
from qa.accounts.organising import add_area
from qa.accounts.permissions import CurrentPerson, Grant, Role
from qa.backup.layout import line_of, plan_of
from qa.backup.writing import back_up
from qa.db import Base, db, now, writing
from qa.recommendations.models import EvidenceFile
from qa.returns.models import Finding
from qa.trail.models import TrailEntry
from tests.integration.backup.conftest import EVIDENCE, Elsewhere, installed, rows_of, run, sqlite_file
from tests.integration.trail.tampering import verify
from tests.support.application import NewDatabase
from tests.support.factories import Maker

ADMINISTRATOR = CurrentPerson(1, "Marisol", "marisol@example.org", (Grant(Role.ADMINISTRATOR),))


def test_a_backup_comes_back_the_same_table_by_table(
    full: Flask, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    before, file = rows_of(full), tmp_path / "all.backup"
    code, said = run(full, "backup", file)
    assert code == 0
    assert f"{sum(len(rows) for rows in before.values())} rows of {len(before)} tables" in said
    assert "The keys (SECRET_KEY, TRAIL_KEY) are not in it" in said
    assert file.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [file]
    assert rows_of(full) == before
    with elsewhere() as other:
        code, said = run(other, "restore", file)
        assert code == 0, said
        assert "Now check the trail: flask --app app trail verify" in said
        assert rows_of(other) == before
        assert verify(other)[0] == 0
        with other.app_context():
            content = db.session.scalars(select(EvidenceFile.content)).one()
        assert content == EVIDENCE


@pytest.mark.postgres
def test_a_backup_goes_from_one_kind_of_database_to_the_other_and_back(
    full: Flask, new_database: NewDatabase, tmp_path: Path
) -> None:
    before = rows_of(full)
    run(full, "backup", tmp_path / "one.backup")
    with installed(sqlite_file(tmp_path), tmp_path) as small:
        assert run(small, "restore", tmp_path / "one.backup")[0] == 0
        assert rows_of(small) == before
        assert verify(small)[0] == 0
        assert run(small, "backup", tmp_path / "two.backup")[0] == 0
        with installed(new_database(), tmp_path) as large:
            assert run(large, "restore", tmp_path / "two.backup")[0] == 0
            assert rows_of(large) == before
            assert verify(large)[0] == 0


def test_what_is_written_meanwhile_is_not_in_it_at_all(
    full: Flask, elsewhere: Elsewhere, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between any two rows somebody else completes a command, which touches tables at both ends."""
    before, added = rows_of(full), list[int]()

    def write_between(values: object) -> bytes:
        if len(added) < 25:
            writer = threading.Thread(target=add_one)
            writer.start()
            writer.join(60)
        return line_of(values)  # type: ignore[arg-type]

    def add_one() -> None:
        with full.app_context():
            added.append(add_area(ADMINISTRATOR, f"Area {len(added)}"))

    monkeypatch.setattr("qa.backup.writing.line_of", write_between)
    assert run(full, "backup", tmp_path / "all.backup")[0] == 0
    assert len(added) == 25
    assert len(rows_of(full)["area"]) == len(before["area"]) + 25
    with elsewhere() as other:
        assert run(other, "restore", tmp_path / "all.backup")[0] == 0
        assert rows_of(other) == before
        assert verify(other)[0] == 0


def test_a_backup_while_several_people_write_is_consistent(
    full: Flask, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    ended, failures = threading.Event(), list[BaseException]()

    def keep_writing(name: str) -> None:
        number = 0
        try:
            while not ended.is_set():
                number += 1
                with full.app_context():
                    add_area(ADMINISTRATOR, f"{name} {number}")
        except BaseException as failure:
            failures.append(failure)
            raise

    writers = [threading.Thread(target=keep_writing, args=(f"Writer {n}",)) for n in range(3)]
    for writer in writers:
        writer.start()
    try:
        codes = [run(full, "backup", tmp_path / f"{number}.backup")[0] for number in range(2)]
    finally:
        ended.set()
        for writer in writers:
            writer.join(60)
    assert (codes, failures) == ([0, 0], [])
    for number in range(2):
        with elsewhere() as other:
            assert run(other, "restore", tmp_path / f"{number}.backup")[0] == 0
            assert verify(other)[0] == 0
            with other.app_context():
                added = TrailEntry.event == "accounts.area_added"
                entries = db.session.scalar(select(func.count()).select_from(TrailEntry).where(added))
                areas = db.session.scalar(select(func.count()).select_from(Area))
            assert areas == (entries or 0) + 2


def test_numbers_go_on_after_the_last_ever_given(
    full: Flask, make: Maker, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    """Also when the row with the last number is gone: the trail would speak of two findings by one number."""
    with full.app_context(), writing() as session:
        kept = session.scalars(select(Finding)).one()
        fields = {c.name: getattr(kept, c.name) for c in Finding.__table__.columns if c.name != "id"}
        last = Finding(**fields)
        session.add(last)
        session.flush()
        last_id = last.id
        session.delete(last)
    run(full, "backup", tmp_path / "all.backup")
    with elsewhere() as other:
        assert run(other, "restore", tmp_path / "all.backup")[0] == 0
        with other.app_context():
            with writing() as session:
                row = Finding(**fields)
                session.add(row)
                session.flush()
                assert row.id == last_id + 1
            assert add_area(ADMINISTRATOR, "Southside") == 3
        assert verify(other)[0] == 0


def test_memory_does_not_grow_with_the_evidence(full: Flask, elsewhere: Elsewhere, tmp_path: Path) -> None:
    size = 2 * 1024 * 1024
    with full.app_context():
        kept = db.session.execute(select(EvidenceFile.action_id, EvidenceFile.person_id)).one()
        for number in range(14):
            file = {"name": f"{number}", "media_type": "text/plain", "size": size, "sha256": "0" * 64}
            with writing() as session:
                content = bytes([number]) * size
                session.add(EvidenceFile(**kept._asdict(), uploaded_at=now(), content=content, **file))
        db.session.remove()
    tracemalloc.start()
    assert run(full, "backup", tmp_path / "all.backup")[0] == 0
    _, while_writing = tracemalloc.get_traced_memory()
    with elsewhere() as other:
        # The other installation is there by now, with all its pages: what it takes is not the restore's.
        installed, _ = tracemalloc.get_traced_memory()
        tracemalloc.reset_peak()
        assert run(other, "restore", tmp_path / "all.backup")[0] == 0
        while_restoring = tracemalloc.get_traced_memory()[1] - installed
    tracemalloc.stop()
    assert while_writing < 9 * size
    assert while_restoring < 9 * size


def test_every_table_of_the_models_can_be_described() -> None:
    plans = [plan_of(described) for described in Base.metadata.sorted_tables]
    assert len(plans) > 30
    assert all(plan.order for plan in plans)
    assert {part.kind for plan in plans for part in plan.columns} == {
        *("boolean", "bytes", "date", "decimal", "integer", "moment", "text"),
    }


def test_a_backup_is_never_overwritten(full: Flask, tmp_path: Path) -> None:
    file = tmp_path / "all.backup"
    file.write_text("precious")
    code, said = run(full, "backup", file)
    assert code == 1
    assert "is there already. Give another name" in said
    assert file.read_text() == "precious"
    assert list(tmp_path.iterdir()) == [file]


def test_a_place_that_cannot_be_written_is_told(full: Flask, tmp_path: Path) -> None:
    code, said = run(full, "backup", tmp_path / "missing" / "all.backup")
    assert code == 1
    assert "cannot be written: No such file or directory." in said


def test_a_backup_that_fails_leaves_nothing_behind(
    full: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full_disk(_values: object) -> bytes:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("qa.backup.writing.line_of", full_disk)
    code, said = run(full, "backup", tmp_path / "all.backup")
    assert code == 1
    assert "could not be written: No space left on device. Nothing was kept." in said
    assert list(tmp_path.iterdir()) == []


def test_a_database_without_tables_is_told(elsewhere: Elsewhere, tmp_path: Path) -> None:
    with elsewhere() as other:
        code, said = run(other, "backup", tmp_path / "all.backup")
    assert code == 1
    assert "The database is at schema none" in said
    assert "flask --app app db upgrade" in said


def test_a_backup_can_be_taken_by_the_function_too(full: Flask, tmp_path: Path) -> None:
    with full.app_context():
        made = back_up(tmp_path / "all.backup")
    counts = {plan.name: plan.rows for plan in made.tables}
    assert (counts["trail_entry"], counts["evidence_file"], counts["trail_head"]) == (41, 1, 1)
