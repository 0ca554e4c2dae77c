"""Puts the parser's complaints about YAML into plain words."""

import yaml

from qa.frameworks.file_problems import ProblemList

_QUOTE = "Put the whole text in double quotes."
_INDENT = "Line it up with the keys above it, two spaces for each level."

# The parser's own words, in the order in which they are looked for: what is wrong, how to put it right.
_PLAIN_WORDS: tuple[tuple[str, str, str], ...] = (
    (
        "mapping values are not allowed",
        "A colon followed by a space stands where no key can be.",
        f"If the colon belongs to the text: {_QUOTE.lower()} Otherwise check the indentation.",
    ),
    ("tab character", "A tab is used for indentation.", "Use spaces, two for each level."),
    ("cannot start any token", "The text starts with a character that YAML keeps for itself.", _QUOTE),
    ("could not find expected ':'", "A key has no colon after it.", f"Write “key: value”. {_QUOTE}"),
    ("unexpected end of stream", "A quotation mark is opened and never closed.", "Close it, or remove it."),
    (
        "unexpected document indicator",
        "A quotation mark is opened and never closed.",
        "Close it, or remove it.",
    ),
    ("did not find expected '-' indicator", "A list entry is not lined up with the others.", _INDENT),
    (
        "expected ',' or",
        "A list or mapping in brackets is not closed.",
        "Add the missing comma or bracket.",
    ),
    ("did not find expected key", "This line is not lined up with the keys above it.", _INDENT),
    ("expected <block end>", "This line is not lined up with the keys above it.", _INDENT),
    ("block sequence entries are not allowed", "A list entry (-) stands where none can be.", _INDENT),
    (
        "undefined alias",
        "Aliases (*name) are not allowed.",
        "Write the text out, or put it in double quotes.",
    ),
    (
        "found unknown escape character",
        "A backslash in double quotes is not followed by a letter it can take.",
        "Write two backslashes, or use single quotes.",
    ),
    ("while scanning a block scalar", "The text after | or > is not indented as its first line is.", _INDENT),
    (
        "did not find expected <document start>",
        "Something stands where the file should already have ended.",
        _INDENT,
    ),
    (
        "did not find expected node content",
        "A value is missing, or a bracket or comma stands where none can be.",
        _QUOTE,
    ),
)


def explain(error: yaml.YAMLError, text: str, problems: ProblemList) -> None:
    """Note a parser's error in plain words, at the line where the writer should look."""
    words, line = str(error), 1
    if isinstance(error, yaml.MarkedYAMLError):
        mark = error.problem_mark or error.context_mark
        words = f"{error.context or ''} {error.problem or ''}"
        line = mark.line + 1 if mark else 1
        # An unclosed quotation mark is noticed at the end of the file, but belongs where it opens.
        if error.context_mark and ("end of stream" in words or "document indicator" in words):
            line = error.context_mark.line + 1
    lines = text.splitlines() or [""]
    line = max(1, min(line, len(lines)))
    if "\t" in lines[line - 1][: len(lines[line - 1]) - len(lines[line - 1].lstrip())]:
        words = "tab character"
    for theirs, message, remedy in _PLAIN_WORDS:
        if theirs in words:
            problems.add(line, message, remedy)
            return
    problems.add(line, f"This cannot be read as YAML ({words.strip()[:120]}).", f"{_INDENT} {_QUOTE}")
