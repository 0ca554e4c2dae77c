"""`make bench`: load, serve, measure, print each operation beside its yardstick."""

import argparse
import os
import platform
import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade

from bench import yardstick
from bench.load import Load, load
from bench.operations import OPERATIONS, Operation
from bench.outside import analysis_rows, pdf_row
from bench.reporting import Row, as_markdown, as_text
from bench.serving import Ask, NewAsker, Plain, Timing, cold_start, gunicorn, measure, worker_memory
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
            Path("docs/performance.md").write_text(as_markdown(rows, _machine(options)), "utf-8")
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--cases", type=int, default=2000, help="cases of the large load (2000)")
    parser.add_argument("--small", type=int, default=200, help="cases of the small load (200)")
    parser.add_argument("--times", type=int, default=60, help="requests timed for each operation (60)")
    parser.add_argument("--seconds", type=float, default=4, help="seconds that eight clients ask (4)")
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--write", action="store_true", help="write the table to docs/performance.md")
    return parser.parse_args()


def _machine(options: argparse.Namespace) -> str:
    memory = (
        Path("/proc/meminfo").read_text("utf-8").split("\n", 1)[0] if Path("/proc/meminfo").exists() else ""
    )
    found = re.search(r"(\d+) kB", memory)
    size = f"{int(found.group(1)) / 1024 / 1024:.0f} GiB of memory, " if found else ""
    return (
        f"{os.cpu_count()} cores, {size}{platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}, {options.database}, {options.cases:,} cases"
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
    bases, bare_memory = _bare_timings(bare, options)
    rows: list[Row] = []
    with gunicorn("app:app", small.environment) as (port, _master):
        shorts = {
            operation.name: measure(port, small.asking(operation), times=options.times, seconds=0.5)
            for operation in OPERATIONS
        }
    with gunicorn("app:app", large.environment) as (port, master):
        for operation in OPERATIONS:
            timing = measure(port, large.asking(operation), times=options.times, seconds=options.seconds)
            base = bases.get(operation.yardstick)
            rows.append(
                Row(
                    operation.name,
                    timing,
                    operation.count(large.app, large.loaded),
                    base,
                    operation.goal,
                    growth=timing.median / shorts[operation.name].median,
                )
            )
        memory = worker_memory(master)
    rows += [*analysis_rows(large.app, small.app), pdf_row(large.app)]
    rows.append(Row.of_figure("Memory of a worker, MiB", memory, bare_memory, 2.5))
    start = cold_start("import app", large.environment)
    bare_start = cold_start("from bench.yardstick import create_app; create_app()", bare)
    rows.append(Row.of_figure("Cold start, s", start, bare_start, 1.6))
    return rows


def _plain(make: Callable[[int], Ask], _worker: int) -> Plain:
    return Plain(make)


def _bare_timings(
    environment: dict[str, str], options: argparse.Namespace
) -> tuple[dict[str, Timing], float]:
    asks = {
        "page": lambda number: Ask(f"/questions/{number % 100 + 1}"),
        "list": lambda _number: Ask("/list"),
        "save": lambda number: Ask(f"/save/{number % 4000 + 1}", {"grade": "Good"}),
    }
    with gunicorn("bench.yardstick:create_app()", environment) as (port, master):
        timings = {
            name: measure(port, partial(_plain, make), times=options.times, seconds=options.seconds)
            for name, make in asks.items()
        }
        return timings, worker_memory(master)


if __name__ == "__main__":
    sys.exit(main())
