"""The JSON Schemas of framework and theme files, which editors read too, as validators.

The schemas are files beside the frameworks. They say which keys there are, what each may hold and which
belong together; `qa.frameworks.rules` checks what a schema cannot say.
"""

import json
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jsonschema.protocols import Validator

TEMPLATES = Path(__file__).resolve().parents[2] / "audit_templates"
FRAMEWORK_SCHEMA = TEMPLATES / "framework.schema.json"
THEMES_SCHEMA = TEMPLATES / "themes.schema.json"
THEMES = TEMPLATES / "themes.yaml"


def load(path: Path) -> dict[str, Any]:
    """A schema file's content."""
    schema: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return schema


@cache
def validator(path: Path) -> "Validator":
    """The validator of a schema file; made once."""
    made: Validator = import_module("qa.frameworks.schema_rules").make(load(path))
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
