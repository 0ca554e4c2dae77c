"""The library behind the schemas: large, and needed to check a file only, so `schema` loads it then."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from jsonschema import Draft202012Validator, ValidationError
from jsonschema.protocols import Validator
from jsonschema.validators import extend


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


def make(schema: Mapping[str, Any]) -> Validator:
    """A validator for a schema."""
    made: Validator = _Validator(schema)
    return made
