"""The shape of a draft, checked part by part, so that a part that was checked before is not checked again.

A whole framework of 200 questions takes the validator 60 milliseconds; while one is written it changes by one
question at a time.
"""

from collections.abc import Iterator
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from qa.frameworks.drafts.elements import Document, Path
from qa.frameworks.schema import FRAMEWORK_SCHEMA, validator

if TYPE_CHECKING:
    from jsonschema.protocols import Validator

KEPT_PARTS = 8192  # of all drafts that are being written: about 40 of them, at a kilobyte a part

# List of parts: the schema of its entries, and the list that each entry holds in turn.
_LISTS = {"scales": ("scale", ""), "profile": ("profile_field", ""), "sections": ("section", "questions")}


def shape_errors(document: Document) -> Iterator[tuple[Path, Any]]:
    """What the JSON Schema finds wrong with a draft, as with its whole file: where, and the error."""
    lists = {name: document[name] for name in _LISTS if isinstance(document.get(name), list)}
    yield from _errors("", (), {**document, **{name: _places(entries) for name, entries in lists.items()}})
    for name, entries in lists.items():
        definition, inner = _LISTS[name]
        for index, entry in enumerate(entries):
            yield from _entry_errors(definition, inner, (name, index), entry)


def _entry_errors(definition: str, inner: str, path: Path, entry: Any) -> Iterator[tuple[Path, Any]]:
    held = entry.get(inner) if isinstance(entry, dict) else None
    if not isinstance(held, list):
        yield from _errors(definition, path, entry)
        return
    yield from _errors(definition, path, {**entry, inner: _places(held)})
    for index, question in enumerate(held):
        yield from _errors("question", (*path, inner, index), question)


def _places(entries: list[Any]) -> list[None]:
    """As many entries as there are: what each of them holds is looked at by itself."""
    return [None] * len(entries)


def _errors(definition: str, path: Path, part: Any) -> Iterator[tuple[Path, Any]]:
    # The representation of plain data says all that is in it, numbers' places and kinds too.
    for error in _kept_errors(definition, _Same(repr(part), part)):
        yield (*path, *error.absolute_path), error


class _Same:
    """A part, equal to every other that reads the same."""

    __slots__ = ("part", "text")

    def __init__(self, text: str, part: Any) -> None:
        self.text = text
        self.part = part

    def __hash__(self) -> int:
        return hash(self.text)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.text == other.text


@lru_cache(maxsize=KEPT_PARTS)
def _kept_errors(definition: str, same: _Same) -> tuple[Any, ...]:
    found = tuple(_validator(definition).iter_errors(same.part))
    same.part = None  # the memory keeps its words alone
    return found


@cache
def _validator(definition: str) -> "Validator":
    """The validator of one part without what stands in its lists; of the whole document for ""."""
    whole = validator(FRAMEWORK_SCHEMA)
    described: Any = whole.schema
    schema = described["$defs"][definition] if definition else described
    inner = {"": tuple(_LISTS), "section": ("questions",)}.get(definition, ())
    bare = {name: {**schema["properties"][name], "items": {}} for name in inner}
    made = {**schema, "properties": {**schema["properties"], **bare}}
    made.pop("$schema", None)  # by its name the library would take its own validator, without our rules
    # The definitions that it refers to are still found in the whole schema.
    return whole.evolve(schema=made)
