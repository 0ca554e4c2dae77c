"""What was read from a file: plain data, and where each part of it stands. Knows nothing of YAML."""

from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any, TypeAlias

from qa.config import ImportLimits
from qa.frameworks.file_problems import ProblemList

LIMITS = ImportLimits()
MEGABYTE = 1_000_000

Path: TypeAlias = tuple[str | int, ...]


@dataclass(slots=True)
class Source:
    """What was read. data: mappings, lists, str, int, Decimal, bool and None; None when nothing could be.

    lines: the line of every value by its path; key_lines: that of every key.
    """

    data: Any = None
    lines: dict[Path, int] = field(default_factory=dict)
    key_lines: dict[Path, int] = field(default_factory=dict)

    def line_of(self, path: Path) -> int:
        """The line where the key or list entry at that path begins, or where its nearest parent does."""
        for length in range(len(path), -1, -1):
            start = path[:length]
            line = self.key_lines.get(start) or self.lines.get(start)
            if line:
                return line
        return 1

    def spot(self, path: Path) -> str:
        """Where that is, for the middle of a sentence: on line 3."""
        return f"on line {self.line_of(path)}"


def read_file(path: FilePath, problems: ProblemList, limits: ImportLimits = LIMITS) -> str | None:
    """The text of a file; None, and a problem noted, when it cannot be read or is too large or not UTF-8."""
    try:
        with path.open("rb") as handle:
            raw = handle.read(limits.file_mb * MEGABYTE + 4)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "its name is not valid"
        problems.add(1, f"The file cannot be read ({reason}).", "Check its name and who may read it.")
        return None
    return decode(raw, problems, limits)


def decode(raw: bytes, problems: ProblemList, limits: ImportLimits = LIMITS) -> str | None:
    """The text of a file's bytes; None, and a problem noted, when they are too many or not UTF-8."""
    if len(raw) > limits.file_mb * MEGABYTE:
        problems.add(1, f"The file is larger than {limits.file_mb} MB.", "Split it into several frameworks.")
        return None
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        problems.add(1, "The file is saved as UTF-16.", "Save it as UTF-8.")
        return None
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        problems.add(line, "A character here is not UTF-8.", "Save the file as UTF-8.")
        return None
