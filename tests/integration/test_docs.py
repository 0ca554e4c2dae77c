"""What the documents say is true: links, commands, words on the screen, the example of a framework."""

from __future__ import annotations

import ast
import re
import shlex
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import click
import pytest
from flask import Flask

from qa.frameworks.checking import check_text, load_themes
from qa.frameworks.schema import FRAMEWORK_SCHEMA, load

ROOT = Path(__file__).parents[2]
DOCUMENTS = (ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md")))
# The guides in which words in bold are words on the screen. Each says so at its beginning.
GUIDES = (
    "administrators.md",
    "agency-leads.md",
    "auditors.md",
    "frameworks.md",
    "partnership-members.md",
    "qa-leads.md",
)
CONVENTION = re.compile(r"Words\s+in\s+\*\*bold\*\*\s+are\s+(?:the\s+)?words\s+on\s+the\s+screen")
LARGEST_PICTURE = 150_000  # bytes
# What the design promises and nobody has built yet; whoever builds it takes it out here.
PLANNED: set[str] = set()

LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
FENCE = re.compile(r"^ *```(\w*)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
BOLD = re.compile(r"\*\*(.+?)\*\*", re.DOTALL)
COMMAND = re.compile(r"flask --app app ([^`\n#&|]+)")
TARGET = re.compile(r"^(?:[A-Z]+=\S+ )*make ([a-z][a-z-]*)", re.MULTILINE)


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


every_document = pytest.mark.parametrize("path", DOCUMENTS, ids=named)


def text_of(path: Path) -> str:
    return path.read_text("utf-8")


def in_code(text: str) -> str:
    """Everything that is typed: fenced blocks and words in backticks, a line each."""
    spans = re.findall(r"`([^`\n]+)`", FENCE.sub("", text))
    return "\n".join([*(block for _, block in FENCE.findall(text)), *spans])


def anchors(text: str) -> set[str]:
    """The anchors that a page of Markdown has, as code forges make them from its headings."""
    titles = (re.sub(r"[^\w\- ]", "", title.lower()) for title in HEADING.findall(FENCE.sub("", text)))
    return {title.replace(" ", "-") for title in titles}


@every_document
def test_links_and_pictures_lead_somewhere(path: Path) -> None:
    missing = []
    for target in LINK.findall(FENCE.sub("", text_of(path))):
        if re.match(r"[a-z]+:", target):
            continue
        place, _, anchor = unquote(target).partition("#")
        found = path.parent / place if place else path
        if not found.exists() or (anchor and anchor not in anchors(text_of(found))):
            missing.append(target)
    assert missing == []


def test_every_document_is_named_in_the_readme() -> None:
    linked = {(ROOT / target).resolve() for target in LINK.findall(text_of(ROOT / "README.md"))}
    assert [path.name for path in (ROOT / "docs").glob("*.md") if path.resolve() not in linked] == []


def test_every_picture_is_shown_small_and_said_in_words() -> None:
    pictures = {file.resolve() for file in (ROOT / "docs" / "images").iterdir()}
    shown = {}
    for path in DOCUMENTS:
        for words, target in re.findall(r"!\[([^\]]*)\]\(([^)\s]+)\)", text_of(path)):
            shown[(path.parent / target).resolve()] = words
    assert pictures == set(shown)
    assert [file.name for file, words in shown.items() if len(words) < 10] == []
    assert [file.name for file in pictures if file.stat().st_size > LARGEST_PICTURE] == []


@every_document
def test_commands_exist_with_their_options(path: Path, app: Flask) -> None:
    wrong = []
    for line in COMMAND.findall(in_code(text_of(path))):
        words = shlex.split(line.replace("...", " ").replace("…", " "))
        command: click.Command | None = app.cli
        context = click.Context(app.cli)
        while words and isinstance(command, click.Group):
            command = command.get_command(context, words.pop(0))
        options = {name for each in command.params for name in each.opts} if command else set()
        asked = {word.strip("[]").partition("=")[0] for word in words if word.strip("[").startswith("--")}
        if command is None or asked - options:
            wrong.append(line.strip())
    assert set(wrong) == (PLANNED if named(path) == "docs/design.md" else set())


@every_document
def test_make_targets_exist(path: Path) -> None:
    makefile = text_of(ROOT / "Makefile")
    known = set(re.findall(r"^([a-z][a-z-]*):", makefile, re.MULTILINE))
    assert {"run", "test"} <= known
    assert set(TARGET.findall(in_code(text_of(path)))) - known == set()


def in_template(text: str) -> Iterator[str]:
    """The texts of a template: what stands between its tags, and in quotation marks in its expressions."""
    text = re.sub(r"{#.*?#}", "", text, flags=re.DOTALL)
    for code in re.findall(r"{[{%].*?[}%]}", text, re.DOTALL):
        yield from (single or double for single, double in re.findall(r"'([^']*)'|\"([^\"]*)\"", code))
    yield from re.split(r"<[^>]*>|{%.*?%}|{{.*?}}", text, flags=re.DOTALL)


def in_module(text: str) -> Iterator[str]:
    """The texts of a module: its strings but docstrings, and labels that are made of names of choices."""
    tree = ast.parse(text)
    said = {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in said:
            yield node.value
            yield node.value.replace("_", " ").capitalize()


def in_script(text: str) -> Iterator[str]:
    """The texts of a script, those with values in them in pieces."""
    for piece in re.findall(r'"[^"\n]*"|`[^`]*`', text):
        yield from re.split(r"\${.*?}", piece[1:-1])


@cache
def screen_texts() -> frozenset[str]:
    """Every text that can come on the screen, and many that cannot."""
    kinds = {"html": in_template, "py": in_module, "js": in_script}
    files = ((file, read) for kind, read in kinds.items() for file in (ROOT / "qa").rglob(f"*.{kind}"))
    texts = (words for file, read in files if "vendor" not in file.parts for words in read(text_of(file)))
    return frozenset(re.sub(r"\s+", " ", words).strip() for words in texts)


def on_screen(words: str) -> bool:
    """Whether the words are a text by themselves or, if they are several, stand together in one.

    "…" stands for a number or name that the page fills in.
    """
    return all(_in_texts(part.strip(" ,")) for part in words.split("…"))


def _in_texts(part: str) -> bool:
    if re.fullmatch(r"\w*", part):
        return part in screen_texts()
    whole = re.compile(rf"(?<!\w){re.escape(part)}(?!\w)")
    return any(part in text and whole.search(text) for text in screen_texts())


def quoted_words(text: str) -> Iterator[str]:
    for words in BOLD.findall(FENCE.sub("", text)):
        yield re.sub(r"\s+", " ", words)


@pytest.mark.parametrize("name", GUIDES)
def test_words_in_bold_are_on_the_screen(name: str) -> None:
    text = text_of(ROOT / "docs" / name)
    found = CONVENTION.search(text)
    assert found, "say that words in bold are the words on the screen"
    rest = text[: found.start()] + text[found.end() :]
    assert len(list(quoted_words(rest))) >= 4
    assert [words for words in quoted_words(rest) if not on_screen(words)] == []


@pytest.mark.parametrize(
    "words", ["Send the return away", "Throw", "Open the … to the moon", "govuk-grid-row"]
)
def test_words_that_are_on_no_screen_are_noticed(words: str) -> None:
    assert not on_screen(words)


def framework_guide() -> str:
    return text_of(ROOT / "docs" / "frameworks.md")


def test_the_example_of_a_framework_is_right() -> None:
    examples = [block for kind, block in FENCE.findall(framework_guide()) if "\nkey: " in block]
    assert len(examples) == 1
    key = re.search(r"^key: (\w+)$", examples[0], re.MULTILINE)
    assert key
    result = check_text(examples[0], f"{key.group(1)}.yaml", load_themes().keys)
    assert [str(problem) for problem in result.problems] == []
    assert result.content
    assert result.content.key == key.group(1)


def schema_words(schema: Any) -> Iterator[str]:
    """Every key and every word of a closed list that the schema knows."""
    if isinstance(schema, dict):
        yield from schema.get("properties", {})
        yield from (word for word in schema.get("enum", []) if isinstance(word, str))
        for value in schema.values():
            yield from schema_words(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from schema_words(value)


def test_every_key_and_word_of_the_schema_is_explained() -> None:
    words = set(schema_words(load(FRAMEWORK_SCHEMA)))
    assert {"judgement_scale", "only_if", "max_words", "several_choices", "probation"} <= words
    # Explained in the text, not only shown in the example.
    explained = set(re.findall(r"`(\w+)(?::[^`]*)?`", FENCE.sub("", framework_guide())))
    assert words - explained == set()


def test_the_conditions_shown_are_right() -> None:
    example, conditions = (block for kind, block in FENCE.findall(framework_guide()) if kind == "yaml")
    shown = "        only_if: {profile: lives, is: [care]}\n"
    assert shown in example
    for condition in conditions.splitlines():
        text = example.replace(shown, f"        {condition}\n")
        assert [
            str(problem) for problem in check_text(text, "missing_children.yaml", load_themes().keys).problems
        ] == []
