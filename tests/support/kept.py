"""Worlds that are built once: `@kept` on a fixture puts its rows back instead of making them again."""

from __future__ import annotations

import io
import pickle
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from sqlalchemy import select

from qa.db import db
from qa.frameworks.models import Edition
from qa.frameworks.reading import edition_tree

if TYPE_CHECKING:
    from tests.support.application import Database

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True)
class KeptWorld:
    """What a fixture gave, pickled, with what its Maker had counted; its rows are in the database's care."""

    given: bytes
    numbers: Mapping[str, int]


def kept(fixture: Callable[P, T]) -> Callable[P, T]:
    """Let a fixture build its world once for a worker; later tests get the rows put back and a copy of it.

    The fixture takes `make` and makes everything by it, on a database that is still empty. What it gives may
    hold the fixtures it was given. Raises AssertionError when another fixture made something before it: ask
    for that one after this.
    """

    @wraps(fixture)
    def built_or_put_back(*arguments: P.args, **fixtures: P.kwargs) -> T:
        assert not arguments, "pytest gives fixtures by name"
        make: Any = fixtures["make"]
        database: Database = make.database
        assert not make.used, f"{fixture.__name__} must come before what else is made: ask for it first"
        name = f"{fixture.__module__}.{fixture.__qualname__}"
        world = database.worlds.get(name)
        if world is None:
            given = fixture(*arguments, **fixtures)
            database.worlds[name] = KeptWorld(_pickled(given, fixtures), dict(make.numbers))
            database.keep(name)
            return given
        database.put_back(name)
        with database.app.app_context():
            # The process keeps editions in mind, and had these there once they were made.
            for edition_id in db.session.scalars(select(Edition.id)):
                edition_tree(edition_id)
        make.numbers.update(world.numbers)
        make.used = True
        copy: T = _unpickled(world.given, fixtures)
        return copy

    return built_or_put_back


def _pickled(given: object, fixtures: Mapping[str, object]) -> bytes:
    names = {id(value): name for name, value in fixtures.items()}

    class Pickler(pickle.Pickler):
        def persistent_id(self, obj: object) -> str | None:
            return names.get(id(obj))

    file = io.BytesIO()
    Pickler(file, pickle.HIGHEST_PROTOCOL).dump(given)
    return file.getvalue()


def _unpickled(given: bytes, fixtures: Mapping[str, object]) -> Any:
    class Unpickler(pickle.Unpickler):
        def persistent_load(self, pid: str) -> object:
            return fixtures[pid]

    return Unpickler(io.BytesIO(given)).load()
