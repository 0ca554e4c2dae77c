"""Checks a workbook as a framework's file is checked: everything wrong with it at once, by sheet and cell."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from qa.config import ImportLimits
from qa.frameworks.checking import CheckResult
from qa.frameworks.condition_rules import ConditionRules
from qa.frameworks.content import FrameworkContent, Theme
from qa.frameworks.document import from_document
from qa.frameworks.file_problems import FileProblem, ProblemList
from qa.frameworks.outline import Outline
from qa.frameworks.rules import Rules
from qa.frameworks.schema import FRAMEWORK_SCHEMA, validator
from qa.frameworks.shape import check_shape
from qa.frameworks.source import Path, Source
from qa.frameworks.timescale_rules import TimescaleRules
from qa.frameworks.workbook.archive import BadArchive
from qa.frameworks.workbook.grid import Place, Sheet
from qa.frameworks.workbook.layout import FRAMEWORK
from qa.frameworks.workbook.opening import open_workbook
from qa.frameworks.workbook.parts import Read
from qa.frameworks.workbook.reading import read_sheets

_HAS_NO = re.compile(r"has no “(\w+)”")


@dataclass(frozen=True, slots=True)
class PlacedProblem(FileProblem):
    """One thing wrong with a workbook. place: the sheet and the cell; "" for the file as a whole."""

    place: str = field(default="", compare=False)

    def __str__(self) -> str:
        where = f"{self.place}: " if self.place else ""
        return f"{self.file}: {where}{self.message} {self.remedy}"


@dataclass(slots=True)
class _WorkbookSource(Source):
    """A document whose parts stand in cells."""

    places: dict[Path, Place] = field(default_factory=dict)

    def place_of(self, path: Path) -> Place:
        """The cell of what stands at that path, or of its nearest parent."""
        for length in range(len(path), -1, -1):
            place = self.places.get(path[:length])
            if place:
                return place
        return Place(FRAMEWORK, 0, 1, 1)

    def line_of(self, path: Path) -> int:
        """A number in the order of the cells."""
        return self.place_of(path).rank

    def spot(self, path: Path) -> str:
        """Where that is, for the middle of a sentence."""
        return f"in {self.place_of(path)}"


def check_workbook(raw: bytes, filename: str, themes: Sequence[Theme], limits: ImportLimits) -> CheckResult:
    """Check the bytes of a workbook. filename: shown in the problems. themes: those questions may name.

    Never raises for what the file holds, and costs no more than the limits allow.
    """
    try:
        sheets, budget = open_workbook(raw, limits)
        return check_sheets(sheets, filename, themes, budget.check_time)
    except BadArchive as bad:
        problem = PlacedProblem(filename, 1, bad.message, bad.remedy)
        return CheckResult(filename, None, (problem,))


def check_sheets(
    sheets: Sequence[Sheet], filename: str, themes: Sequence[Theme], check_time: Callable[[], None]
) -> CheckResult:
    """Check the sheets of a workbook. check_time: called now and then; what it raises is passed on."""
    read = read_sheets(sheets, themes, check_time)
    own = [
        PlacedProblem(filename, found.place.rank, found.message, found.remedy, (), place=str(found.place))
        for found in read.findings.problems
    ]
    content, others = _checked(read, filename, themes) if read.complete else (None, [])
    problems = sorted([*own, *others], key=lambda problem: problem.line)
    return CheckResult(filename, None if problems else content, tuple(problems))


def _checked(
    read: Read, filename: str, themes: Sequence[Theme]
) -> tuple[FrameworkContent | None, list[PlacedProblem]]:
    """What the checks of every framework say, without what follows from a cell that is at fault already."""
    problems = ProblemList(f"{read.document.get('key', '')}.yaml")
    source = _WorkbookSource(read.document, places=read.places)
    check_shape(validator(FRAMEWORK_SCHEMA), source, problems)
    outline = Outline(source)
    Rules(source, outline, {theme.key for theme in themes}, problems).check()
    ConditionRules(source, outline, problems).check()
    TimescaleRules(source, outline, problems).check()
    if not problems.found and not read.findings.problems:
        return from_document(read.document), []
    faulty = {(found.place.sheet, found.place.row) for found in read.findings.problems}
    others = []
    for problem in problems.found:
        missing = _HAS_NO.search(problem.message)
        path = (*problem.path, missing.group(1)) if missing else problem.path
        place = source.place_of(path)
        if (place.sheet, place.row) not in faulty:
            message, remedy = problem.plain_message, problem.plain_remedy
            others.append(PlacedProblem(filename, place.rank, message, remedy, path, place=str(place)))
    return None, others
