"""Reads YAML into plain data, remembering the line of every key and value, and writes it.

Reading never raises for what a file holds: what is wrong becomes a list of problems. Only the plain part
of YAML is accepted (mappings, lists, scalars): no anchors, aliases or tags, and within limits of size and
depth, so that a hostile file costs no more than an honest one. As in YAML 1.2, and unlike PyYAML, only
true and false are booleans: an unquoted no is the word "no".
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import yaml

from qa.config import ImportLimits
from qa.frameworks.content import FrameworkContent
from qa.frameworks.document import to_document
from qa.frameworks.file_problems import ProblemList
from qa.frameworks.source import LIMITS, MEGABYTE, Path, Source
from qa.frameworks.yaml_errors import explain

MAX_DEPTH = 20
SCHEMA_COMMENT = "# yaml-language-server: $schema=framework.schema.json\n"

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NOT_YAML = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")
_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,17})\Z")
_DECIMAL = re.compile(r"[-+]?[0-9]{1,18}\.[0-9]{1,18}\Z")
_CONSTANTS = {"": None, "~": None} | {
    spelling: value
    for word, value in (("null", None), ("true", True), ("false", False))
    for spelling in (word, word.capitalize(), word.upper())
}


def parse(text: str, problems: ProblemList, limits: ImportLimits = LIMITS) -> Source:
    """Read YAML text; everything that is wrong with it as YAML is noted in `problems`."""
    source = Source()
    text = text.removeprefix("\ufeff")
    if len(text) > limits.file_mb * MEGABYTE:
        problems.add(1, f"The file is larger than {limits.file_mb} MB.", "Split it into several frameworks.")
        return source
    stray = _NOT_YAML.search(text)
    if stray:
        line = text.count("\n", 0, stray.start()) + 1
        problems.add(
            line, f"There is an invisible control character (U+{ord(stray.group()):04X}).", "Delete it."
        )
        return source
    try:
        _Reader(source, problems, limits.values).read(text)
    except yaml.YAMLError as error:
        explain(error, text, problems)
        source.data = None
    except _GivenUp:
        source.data = None
    return source


class _GivenUp(Exception):
    """Reading stopped: the problem is noted already."""


@dataclass(slots=True)
class _Open:
    """A mapping or list that is being read. key: the mapping's key that waits for its value."""

    path: Path
    container: Any
    key: str | None = None

    @property
    def awaits_key(self) -> bool:
        return isinstance(self.container, dict) and self.key is None


class _Reader:
    """Turns the parser's events into plain data, without recursion."""

    def __init__(self, source: Source, problems: ProblemList, most_nodes: int) -> None:
        self.source = source
        self.problems = problems
        self.most_nodes = most_nodes
        self.stack: list[_Open] = []
        self.nodes = 0
        self.skip_next = False  # the next value belongs to a key that was refused
        self.skipping = 0  # how many collections of a refused value are open

    def read(self, text: str) -> None:
        documents = 0
        for event in yaml.parse(text, Loader=_Loader):
            if isinstance(event, yaml.NodeEvent):
                self._node(event)
            elif isinstance(event, yaml.CollectionEndEvent):
                if self.skipping:
                    self.skipping -= 1
                else:
                    self.stack.pop()
            elif isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self._give_up(event, "A second document starts here.", "Remove the line with “---”.")

    def _node(self, event: yaml.NodeEvent) -> None:
        self._limits(event)
        opens = isinstance(event, yaml.CollectionStartEvent)
        if self.skipping or self.skip_next:
            self.skipping += opens
            self.skip_next = False
            return
        self._refuse_extras(event)
        if self.stack and self.stack[-1].awaits_key:
            self._key(self.stack[-1], event)
            return
        value = self._value(event)
        path = self._place(value)
        self.source.lines[path] = _line(event)
        if opens:
            self.stack.append(_Open(path, value))

    def _limits(self, event: yaml.NodeEvent) -> None:
        self.nodes += 1
        if self.nodes > self.most_nodes:
            what = f"There are more than {self.most_nodes:,} values."
            self._give_up(event, what, "Split the file into several frameworks.")
        if len(self.stack) + self.skipping > MAX_DEPTH:
            self._give_up(
                event, f"Lists are nested more than {MAX_DEPTH} levels deep.", "Check the indentation."
            )

    def _refuse_extras(self, event: yaml.NodeEvent) -> None:
        if event.anchor is not None:
            what = f"Anchors and aliases (here “{event.anchor}”) are not allowed."
            self._problem(event, what, "Write the text out, or put it in double quotes.")
        tag = getattr(event, "tag", None)
        if tag is not None:
            self._problem(
                event, f"Tags (here “{tag}”) are not allowed.", "Remove it, or put the text in double quotes."
            )

    def _key(self, parent: _Open, event: yaml.NodeEvent) -> None:
        if not isinstance(event, yaml.ScalarEvent):
            self._problem(
                event,
                "A key must be a single word.",
                "Write one word and a colon, or put the text in quotes.",
            )
            # Neither this key nor its value is read. A collection as a key ends before its value starts, so
            # the value is left to the ordinary way, under a key that nobody looks at.
            self.skipping += isinstance(event, yaml.CollectionStartEvent)
            parent.key = _UNREADABLE
            return
        key = event.value
        path = (*parent.path, key)
        first = self.source.key_lines.get(path)
        if first is not None:
            self._problem(
                event, f"The key “{key}” is already given on line {first}.", "Remove one of the two."
            )
            self.skip_next = True
            return
        self.source.key_lines[path] = _line(event)
        parent.key = key

    def _place(self, value: Any) -> Path:
        if not self.stack:
            self.source.data = value
            return ()
        parent = self.stack[-1]
        if isinstance(parent.container, list):
            parent.container.append(value)
            return (*parent.path, len(parent.container) - 1)
        key, parent.key = parent.key or "", None
        if key != _UNREADABLE:
            parent.container[key] = value
        return (*parent.path, key)

    def _value(self, event: yaml.NodeEvent) -> Any:
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event)
        if isinstance(event, yaml.MappingStartEvent):
            return {}
        return [] if isinstance(event, yaml.SequenceStartEvent) else None

    def _scalar(self, event: yaml.ScalarEvent) -> Any:
        text: str = event.value
        stray = _CONTROL.search(text)
        if stray:
            what = f"The text holds an invisible control character (U+{ord(stray.group()):04X})."
            self._problem(event, what, "Delete it.")
        if not event.implicit[0]:
            return text
        if text in _CONSTANTS:
            return _CONSTANTS[text]
        if _INTEGER.match(text):
            return int(text)
        return Decimal(text) if _DECIMAL.match(text) else text

    def _problem(self, event: yaml.NodeEvent, message: str, remedy: str) -> None:
        self.problems.add(_line(event), message, remedy)

    def _give_up(self, event: yaml.Event, message: str, remedy: str) -> None:
        self.problems.add(_line(event), message, remedy)
        raise _GivenUp


_UNREADABLE = "\x00"


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


class _Dumper(yaml.SafeDumper):
    """Writes a file that people can read and edit."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        """Indent lists under their key."""
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: object) -> bool:
        """Write everything out."""
        return True


def _represent_decimal(dumper: yaml.SafeDumper, value: Decimal) -> yaml.Node:
    return dumper.represent_scalar("tag:yaml.org,2002:float", format(value, "f"))


def _represent_text(dumper: yaml.SafeDumper, value: str) -> yaml.Node:
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style="|" if "\n" in value else None)


def _represent_list(dumper: yaml.SafeDumper, value: list[Any]) -> yaml.Node:
    """A list of keys stands on one line."""
    brief = all(isinstance(entry, str) and " " not in entry for entry in value) and len(", ".join(value)) < 90
    return dumper.represent_sequence("tag:yaml.org,2002:seq", value, flow_style=brief)


def _represent_mapping(dumper: yaml.SafeDumper, value: dict[str, Any]) -> yaml.Node:
    """An option and a condition stand on one line."""
    brief = value.keys() == {"key", "label"} or not value.keys().isdisjoint({"is", "is_not"})
    return dumper.represent_mapping("tag:yaml.org,2002:map", value, flow_style=brief)


_Dumper.add_representer(Decimal, _represent_decimal)
_Dumper.add_representer(str, _represent_text)
_Dumper.add_representer(list, _represent_list)
_Dumper.add_representer(dict, _represent_mapping)


def dump_yaml(content: FrameworkContent) -> str:
    """The framework as YAML that, read again, gives an equal content."""
    document = to_document(content)
    return SCHEMA_COMMENT + yaml.dump(
        document, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110
    )
