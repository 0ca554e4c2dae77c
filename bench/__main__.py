"""`make bench`: load, serve, measure, print each operation beside its yardstick."""

import argparse
import os
import platform
import re
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import text

from bench import yardstick
from bench.drafts import import_row, load_drafts
from bench.fieldwork import load_fieldwork
from bench.load import Load, load
from bench.operations import OPERATIONS, Operation
from bench.outside import analysis_rows, pdf_row
from bench.reporting import Row, as_markdown, as_text
from bench.serving import Ask, NewAsker, Plain, Side, cold_starts, gunicorn, rate, side_by_side, worker_memory
from qa.config import Settings
from qa.db import db
from qa.factory import create_app
from tests.support.postgres import running_server, scratch_database

KEY = "bench" * 10


def main() -> int:
    """Run the benchmark; exit 0 whatever the figures are, they are for people to read."""
    options = _options()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
        print(f"{platform.machine()}, Python {platform.python_version()}, {options.database}")
        small = stack.enter_context(_product(folder / "small", options.database, options.small))
        large = stack.enter_context(_product(folder / "large", options.database, options.cases))
        rows = _compare(stack, folder, small, large, options)
        print(as_text(rows))
        if options.write:
            page = Path("docs/performance.md")
            text = as_markdown(rows, _machine(options), options.database, page.read_text("utf-8"))
            page.write_text(text, "utf-8")
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--cases", type=int, default=2000, help="cases of the large load (2000)")
    parser.add_argument("--small", type=int, default=200, help="cases of the small load (200)")
    parser.add_argument("--times", type=int, default=60, help="requests timed for each operation (60)")
    parser.add_argument("--seconds", type=float, default=4, help="seconds that eight clients ask (4)")
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--write", action="store_true", help="put the table into docs/performance.md")
    return parser.parse_args()


def _machine(options: argparse.Namespace) -> str:
    memory = (
        Path("/proc/meminfo").read_text("utf-8").split("\n", 1)[0] if Path("/proc/meminfo").exists() else ""
    )
    found = re.search(r"(\d+) kB", memory)
    size = f"{int(found.group(1)) / 1024 / 1024:.0f} GiB of memory, " if found else ""
    return (
        f"{os.cpu_count()} cores, {size}{platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}, {options.cases:,} cases"
    )


@dataclass(frozen=True, slots=True)
class Product:
    """The product on a loaded database."""

    app: Flask
    environment: dict[str, str]
    loaded: Load

    def asking(self, operation: Operation) -> NewAsker:
        """Makes a worker's requests of an operation."""
        return lambda worker: operation.asker(self.app, self.loaded, worker)


@contextmanager
def _product(folder: Path, kind: str, cases: int) -> Iterator[Product]:
    folder.mkdir()
    with ExitStack() as stack:
        url = f"sqlite:///{folder / 'bench.sqlite'}"
        if kind == "postgresql":
            url = stack.enter_context(scratch_database(stack.enter_context(running_server()), "bench"))
        app = create_app(Settings(database_url=url, instance=folder, secret_key=KEY, trail_key=KEY.encode()))
        with app.app_context():
            upgrade()
        print(f"loading {cases:,} cases ...", flush=True)
        loaded = load(app, cases)
        drafts = load_drafts(app)
        loaded = replace(
            loaded,
            draft_id=drafts.large,
            smallest_draft_id=drafts.smallest,
            tracked_audit_id=load_fieldwork(app, loaded.audit_id, cases),
        )
        if kind == "postgresql":
            # Its housekeeping would begin about now, and be measured too.
            with app.app_context(), db.engine.connect() as connection:
                connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("VACUUM ANALYZE"))
        yield Product(app, {"DATABASE_URL": url, "SECRET_KEY": KEY, "TRAIL_KEY": KEY}, loaded)
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def _compare(
    stack: ExitStack, folder: Path, small: Product, large: Product, options: argparse.Namespace
) -> list[Row]:
    url = f"sqlite:///{folder / 'yardstick.sqlite'}"
    if options.database == "postgresql":
        url = stack.enter_context(scratch_database(stack.enter_context(running_server()), "yardstick"))
    yardstick.fill(url, options.cases, 40)
    bare = {"YARDSTICK_URL": url}
    served = [
        stack.enter_context(gunicorn(target, environment))
        for target, environment in (
            ("bench.yardstick:create_app()", bare),
            ("app:app", small.environment),
            ("app:app", large.environment),
        )
    ]
    ports = [port for port, _ in served]
    rows = [_row(operation, ports, small, large, options) for operation in OPERATIONS]
    rows.append(_saves_at_once(ports, large, options.seconds))
    memory, bare_memory = worker_memory(served[2][1]), worker_memory(served[0][1])
    rows += [*analysis_rows(large.app), pdf_row(large.app), import_row(large.app)]
    rows.append(Row.of_figure("Memory of a worker, MiB", memory, bare_memory, 2.5))
    start, bare_start = cold_starts(
        ("import app", large.environment),
        ("from bench.yardstick import create_app; create_app()", bare),
    )
    rows.append(Row.of_figure("Cold start, s", start, bare_start, 1.6))
    return rows


BARE: dict[str, Callable[[int], Ask]] = {
    "page": lambda number: Ask(f"/questions/{number % 100 + 1}"),
    "list": lambda _number: Ask("/list"),
    "save": lambda number: Ask(f"/save/{number % 4000 + 1}", {"grade": "Good"}),
}


def _row(
    operation: Operation, ports: Sequence[int], small: Product, large: Product, options: argparse.Namespace
) -> Row:
    """An operation at both sizes and its yardstick, asked for in turn."""
    sides = [Side(ports[1], small.asking(operation)), Side(ports[2], large.asking(operation))]
    if operation.smallest is not None:
        least = replace(operation, path=operation.smallest)
        sides.append(Side(ports[2], large.asking(least)))
    elif operation.yardstick:
        sides.append(Side(ports[0], partial(_plain, BARE[operation.yardstick])))
    timings = side_by_side(sides, options.times)
    return Row(
        operation.name,
        replace(timings[1], rate=rate(sides[1], options.seconds)),
        operation.count(large.app, large.loaded),
        timings[2] if len(timings) > 2 else None,
        operation.goal,
        growth=timings[1].median / timings[0].median,
    )


def _saves_at_once(ports: Sequence[int], large: Product, seconds: float) -> Row:
    """How long a save takes of the time of eight clients that all save: a quarter of the bare requests a
    second is four times its time. Both are asked twice, in turn, and the better rate of each counts.
    """
    (saving,) = (operation for operation in OPERATIONS if operation.save)
    own, bare = Side(ports[2], large.asking(saving)), Side(ports[0], partial(_plain, BARE["save"]))
    rates = [(rate(own, seconds), rate(bare, seconds)) for _ in range(2)]
    best, bare_best = (1000 / max(each) for each in zip(*rates, strict=True))
    return Row.of_figure("Saves with 8 clients, ms a save", best, bare_best, 4)


def _plain(make: Callable[[int], Ask], _worker: int) -> Plain:
    return Plain(make)


if __name__ == "__main__":
    sys.exit(main())
