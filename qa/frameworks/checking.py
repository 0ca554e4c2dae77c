"""Checks framework and theme files: everything wrong with them at once, in plain words, with the line.

Nothing here raises for what a file holds.
"""

from collections.abc import Collection, Iterable
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

from qa.config import ImportLimits
from qa.frameworks.condition_rules import ConditionRules
from qa.frameworks.content import FrameworkContent, Theme
from qa.frameworks.document import from_document
from qa.frameworks.file_problems import FileProblem, ProblemList, quoted
from qa.frameworks.outline import Outline
from qa.frameworks.rules import Rules
from qa.frameworks.schema import FRAMEWORK_SCHEMA, THEMES, THEMES_SCHEMA, validator
from qa.frameworks.shape import check_shape
from qa.frameworks.source import LIMITS, Source, decode, read_file
from qa.frameworks.timescale_rules import TimescaleRules


class CheckResult(NamedTuple):
    """What a check found. content: the framework, or None when there is any problem."""

    file: str
    content: FrameworkContent | None
    problems: tuple[FileProblem, ...]


class ThemesResult(NamedTuple):
    """The themes of a file; none when there is any problem."""

    file: str
    themes: tuple[Theme, ...]
    problems: tuple[FileProblem, ...]

    @property
    def keys(self) -> frozenset[str]:
        """The keys that questions may name."""
        return frozenset(theme.key for theme in self.themes)


def check_text(
    text: str, filename: str, theme_keys: Collection[str], limits: ImportLimits = LIMITS
) -> CheckResult:
    """Check the text of a framework file.

    filename: shown in the problems, and its name without ending must be the framework's key.
    theme_keys: the themes that questions may name.
    """
    return _check(text, theme_keys, ProblemList(filename), limits)


def check_file(path: Path, theme_keys: Collection[str], limits: ImportLimits = LIMITS) -> CheckResult:
    """Check a framework file. One that cannot be read is a result with a problem."""
    problems = ProblemList(str(path))
    text = read_file(path, problems, limits)
    if text is None:
        return CheckResult(problems.file, None, problems.in_order())
    return _check(text, theme_keys, problems, limits)


def check_bytes(
    raw: bytes, filename: str, theme_keys: Collection[str], limits: ImportLimits = LIMITS
) -> CheckResult:
    """Check the bytes of a framework file, as for its text."""
    problems = ProblemList(filename)
    text = decode(raw, problems, limits)
    if text is None:
        return CheckResult(problems.file, None, problems.in_order())
    return _check(text, theme_keys, problems, limits)


def check_files(paths: Iterable[Path], theme_keys: Collection[str] | None = None) -> tuple[CheckResult, ...]:
    """Check framework files, in the order given. theme_keys: those of the shipped library when left out."""
    keys = load_themes().keys if theme_keys is None else theme_keys
    return tuple(check_file(path, keys) for path in paths)


def _check(
    text: str, theme_keys: Collection[str], problems: ProblemList, limits: ImportLimits
) -> CheckResult:
    source = _parsed(text, problems, limits)
    content = None
    if _holds(source, dict, problems, "a framework: keys such as “key: …” and “name: …”"):
        check_shape(validator(FRAMEWORK_SCHEMA), source, problems)
        outline = Outline(source)
        Rules(source, outline, theme_keys, problems).check()
        ConditionRules(source, outline, problems).check()
        TimescaleRules(source, outline, problems).check()
        if not problems.found:
            content = from_document(source.data)
    return CheckResult(problems.file, content, problems.in_order())


def _holds(source: Source, kind: type, problems: ProblemList, wanted: str) -> bool:
    if isinstance(source.data, kind):
        return True
    if not problems.found:
        nothing = (
            "The file is empty." if source.data is None else "The file holds something else than it should."
        )
        problems.add(1, nothing, f"Write {wanted}.")
    return False


def load_themes(path: Path = THEMES) -> ThemesResult:
    """Read and check a file of themes; the shipped library when no path is given."""
    problems = ProblemList(str(path))
    text = read_file(path, problems)
    if text is None:
        return ThemesResult(problems.file, (), problems.in_order())
    return themes_from(text, problems.file)


def themes_from(text: str, filename: str) -> ThemesResult:
    """Check the text of a file of themes."""
    problems = ProblemList(filename)
    source = _parsed(text, problems)
    if _holds(source, list, problems, "a list of themes, each beginning with “- key: …”"):
        check_shape(validator(THEMES_SCHEMA), source, problems)
        _unique_themes(source, problems)
    if problems.found:
        return ThemesResult(filename, (), problems.in_order())
    themes = (
        Theme(entry["key"], entry["name"].strip(), entry["description"].strip()) for entry in source.data
    )
    return ThemesResult(filename, tuple(themes), ())


def _unique_themes(source: Source, problems: ProblemList) -> None:
    for name in ("key", "name"):
        first: dict[str, int] = {}
        for index, entry in enumerate(source.data):
            value = entry.get(name) if isinstance(entry, dict) else None
            if not isinstance(value, str):
                continue
            line = source.line_of((index, name))
            if value in first:
                what = f"The {name} {quoted(value)} is already used on line {first[value]}."
                problems.add(line, what, f"Give this theme a {name} of its own.")
            first.setdefault(value, line)


def _parsed(text: str, problems: ProblemList, limits: ImportLimits = LIMITS) -> Source:
    # YAML is read seldom, and its library would make every start longer.
    source: Source = import_module("qa.frameworks.yaml_source").parse(text, problems, limits)
    return source
