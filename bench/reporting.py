"""The table of figures, for the terminal and for docs/performance.md."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from bench.serving import Timing


@dataclass(frozen=True, slots=True)
class Row:
    """One operation. base: its yardstick; goal: the multiple of it that is aimed at (None: no goal).

    growth: median at the large load over median at the small one. figure, base_figure: for what is no
    request (memory, cold start, pages a second).
    """

    name: str
    timing: Timing | None
    statements: int | None
    base: Timing | None
    goal: float | None
    growth: float | None = None
    figure: float | None = None
    base_figure: float | None = None

    @classmethod
    def of_figure(cls, name: str, figure: float, base: float, goal: float) -> Self:
        """A row of a single figure and its yardstick's."""
        return cls(name, None, None, None, goal, figure=figure, base_figure=base)

    @property
    def ratio(self) -> float | None:
        """The multiple of the yardstick; None without one."""
        if self.timing and self.base:
            return self.timing.median / self.base.median
        if self.figure is not None and self.base_figure:
            return self.figure / self.base_figure
        return None

    @property
    def within(self) -> str:
        """Whether the goals are met, in a word."""
        met = self.goal is None or self.ratio is None or self.ratio <= self.goal
        flat = self.growth is None or self.growth <= 1.2
        return "yes" if met and flat else "no" if not met else "grows"


HEADINGS = (
    "Operation",
    "Median",
    "95th",
    "Per second, 8 clients",
    "Statements",
    "Yardstick",
    "Multiple",
    "Goal",
    "Growth 200 to 2,000",
    "Within",
)


def cells(row: Row) -> tuple[str, ...]:
    """A row's cells."""
    if row.timing:
        measured = (_ms(row.timing.median), _ms(row.timing.p95), f"{row.timing.rate:.0f}")
    else:
        measured = (f"{row.figure:.3g}" if row.figure is not None else "", "", "")
    base = _ms(row.base.median) if row.base else f"{row.base_figure:.3g}" if row.base_figure else ""
    return (
        row.name,
        *measured,
        str(row.statements) if row.statements is not None else "",
        base,
        f"{row.ratio:.1f}" if row.ratio else "",
        f"{row.goal:g}" if row.goal else "",
        f"{row.growth:.2f}" if row.growth else "",
        row.within,
    )


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms"


def as_text(rows: Sequence[Row]) -> str:
    """The table for a terminal."""
    lines = [HEADINGS, *(cells(row) for row in rows)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(HEADINGS))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in lines
    )


INTRODUCTION = """# Performance

Written by `make bench ARGS=--write`, for each kind of database: an audit of 2,000 cases, 4 agencies and
40 questions (320,000 answers, 20,000 findings, 3,000 actions), and another in fieldwork with 6 agencies,
served by gunicorn with two workers, each operation beside a yardstick taken in the same run: a bare Flask
and SQLAlchemy application that does only that (`bench/yardstick.py`), the raw SQL of the aggregate,
ReportLab laying out as many plain pages. Figures are medians of one client's requests; growth compares the
median with that at 200 cases.
"""
SECTIONS = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


def as_markdown(rows: Sequence[Row], machine: str, database: str, before: str) -> str:
    """docs/performance.md, whole. database: what was measured. before: that page so far."""
    table = [
        "| " + " | ".join(line) + " |"
        for line in (HEADINGS, tuple("---" for _ in HEADINGS), *map(cells, rows))
    ]
    tables = dict(re.findall(r"^## (.+)\n\n(.*?)\n(?=\n## |\Z)", before, re.MULTILINE | re.DOTALL))
    tables[SECTIONS[database]] = f"Machine: {machine}.\n\n" + "\n".join(table)
    kept = (f"\n## {name}\n\n{tables[name]}\n" for name in SECTIONS.values() if name in tables)
    return INTRODUCTION + "".join(kept)
