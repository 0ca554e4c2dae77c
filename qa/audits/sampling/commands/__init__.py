"""What a QA lead does with samples: bring a list in, say what its columns are, draw, replace, delete."""

from qa.audits.sampling.commands.draw import draw_sample, undo_draw
from qa.audits.sampling.commands.lists import (
    BadColumns,
    Identifying,
    bring_in,
    choose_columns,
    delete_list,
    delete_overdue,
    delete_reserve,
)
from qa.audits.sampling.commands.replace import replace_case

__all__ = [
    "BadColumns",
    "Identifying",
    "bring_in",
    "choose_columns",
    "delete_list",
    "delete_overdue",
    "delete_reserve",
    "draw_sample",
    "replace_case",
    "undo_draw",
]
