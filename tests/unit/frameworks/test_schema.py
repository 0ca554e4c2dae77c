from collections.abc import Iterator
from enum import StrEnum
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from qa.accounts.sectors import Sector
from qa.frameworks.schema import FRAMEWORK_SCHEMA, THEMES_SCHEMA, keys_refused, load, types_that_take
from qa.frameworks.vocabulary import (
    Colour,
    Combine,
    EvidenceRule,
    FrameworkKind,
    Method,
    ProfileFieldType,
    QuestionRole,
    QuestionType,
    Subject,
)

SCHEMAS = [FRAMEWORK_SCHEMA, THEMES_SCHEMA]


def objects(schema: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every part of a schema that describes a mapping with keys of its own."""
    if isinstance(schema, dict):
        if schema.get("type") == "object":
            yield path, schema
        for key, value in schema.items():
            yield from objects(value, f"{path}/{key}")
    elif isinstance(schema, list):
        for index, value in enumerate(schema):
            yield from objects(value, f"{path}/{index}")


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.name)
def test_a_schema_is_one(path: Any) -> None:
    Draft202012Validator.check_schema(load(path))


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.name)
def test_editors_can_explain_every_key_and_refuse_any_other(path: Any) -> None:
    found = list(objects(load(path)))
    assert found
    for place, schema in found:
        assert "additionalProperties" in schema, place
        if "properties" in schema:
            assert schema["additionalProperties"] is False, place
        for key, description in schema.get("properties", {}).items():
            assert len(description.get("description", "")) > 10, f"{place}/{key}"


@pytest.mark.parametrize(
    ("definition", "key", "words"),
    [
        ("grade", "colour", Colour),
        ("profile_field", "type", ProfileFieldType),
        ("question", "type", QuestionType),
        ("question", "evidence", EvidenceRule),
        ("question", "role", QuestionRole),
    ],
)
def test_the_schema_knows_the_words_the_product_knows(
    definition: str, key: str, words: type[StrEnum]
) -> None:
    schema = load(FRAMEWORK_SCHEMA)
    assert schema["$defs"][definition]["properties"][key]["enum"] == [word.value for word in words]


def test_the_schema_knows_the_kinds_methods_sectors_and_conditions() -> None:
    schema = load(FRAMEWORK_SCHEMA)
    assert schema["properties"]["kind"]["enum"] == [word.value for word in FrameworkKind]
    assert schema["properties"]["method"]["enum"] == [word.value for word in Method]
    assert schema["$defs"]["sectors"]["items"]["enum"] == [word.value for word in Sector]
    assert {word.value for word in (*Subject, *Combine)} < schema["$defs"]["condition"]["properties"].keys()


@pytest.mark.parametrize(
    ("key", "types"),
    [
        ("scale", {"grade"}),
        ("descriptors", {"grade"}),
        ("options", {"single_choice", "several_choices"}),
        ("unit", {"number"}),
        ("decimals", {"number"}),
        ("max_words", {"long_text"}),
        ("timescale", {"date"}),
        ("evidence_required_for", {"grade", "yes_no", "single_choice", "several_choices"}),
        ("guidance", set(QuestionType)),
    ],
)
def test_each_type_takes_its_own_keys(key: str, types: set[str]) -> None:
    assert set(types_that_take("question", key)) == types


def test_a_profile_field_takes_options_for_a_choice_alone() -> None:
    assert types_that_take("profile_field", "options") == ("single_choice",)
    assert keys_refused("profile_field", "number") == {"options"}
