"""The JSON Schemas of framework and theme files, which editors read too, as validators.

The schemas are files beside the frameworks. They say which keys there are, what each may hold and which
belong together; `qa.frameworks.rules` checks what a schema cannot say.
"""

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, ValidationError
from jsonschema.protocols import Validator
from jsonschema.validators import extend

TEMPLATES = Path(__file__).resolve().parents[2] / "audit_templates"
FRAMEWORK_SCHEMA = TEMPLATES / "framework.schema.json"
THEMES_SCHEMA = TEMPLATES / "themes.schema.json"
THEMES = TEMPLATES / "themes.yaml"


def _pattern(
    _validator: Validator, pattern: str, instance: object, _schema: object
) -> Iterator[ValidationError]:
    """JSON Schema's $ is the end of the text; Python's also stands before a last line break."""
    if isinstance(instance, str) and not re.search(re.sub(r"\$\Z", r"\\Z", pattern), instance):
        yield ValidationError("does not match")


def _unique_items(
    _validator: Validator, wanted: bool, instance: object, _schema: object
) -> Iterator[ValidationError]:
    """The library's own compares every entry with every other, which a hostile file can make take minutes."""
    if wanted and isinstance(instance, list) and len({repr(entry) for entry in instance}) < len(instance):
        yield ValidationError("has an entry twice")


_Validator: Any = extend(Draft202012Validator, {"pattern": _pattern, "uniqueItems": _unique_items})  # type: ignore[no-untyped-call]


def load(path: Path) -> dict[str, Any]:
    """A schema file's content."""
    schema: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return schema


@cache
def validator(path: Path) -> Validator:
    """The validator of a schema file; made once."""
    made: Validator = _Validator(load(path))
    return made


def types_that_take(thing: str, key: str) -> tuple[str, ...]:
    """The types of a thing ("question", "profile_field") that take a key, where not every type does."""
    types: list[str] = _definition(thing)["properties"]["type"]["enum"]
    return tuple(kind for kind in types if key not in keys_refused(thing, kind))


def keys_refused(thing: str, kind: str) -> frozenset[str]:
    """The keys that a thing of that type does not take although other types do."""
    return frozenset(
        key
        for rule in _definition(thing)["allOf"]
        if kind in rule["if"]["properties"]["type"]["enum"]
        for key, schema in rule["then"].get("properties", {}).items()
        if schema is False
    )


def _definition(thing: str) -> Mapping[str, Any]:
    schema: Any = validator(FRAMEWORK_SCHEMA).schema
    definition: Mapping[str, Any] = schema["$defs"][thing]
    return definition
