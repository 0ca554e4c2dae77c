"""A preview asks what a return would ask, by its script or without, and shows all of a draft that it can."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.accounts.sectors import Sector
from qa.frameworks.answers import RawAnswer, date_names, value_name
from qa.frameworks.conditions import visible
from qa.frameworks.content import FrameworkContent
from qa.frameworks.document import to_document
from qa.frameworks.drafts.checks import check_draft
from qa.frameworks.drafts.showable import showable
from qa.frameworks.file_problems import ProblemList
from qa.frameworks.previewing import Preview, previewed, profile_name, profile_used, read_typed
from qa.frameworks.types import type_of
from qa.frameworks.yaml_source import parse
from tests.unit.frameworks.answer_strategies import answers, profiles
from tests.unit.frameworks.example import EXAMPLE, THEMES
from tests.unit.frameworks.faults import FAULTS
from tests.unit.frameworks.strategies import frameworks


class Form(dict[str, list[str]]):
    """A form as it is sent."""

    def getlist(self, key: str, /) -> Sequence[str]:
        return self.get(key, [])


def filled_in(page: Preview, given_raw: Mapping[str, RawAnswer], profile: Mapping[str, str]) -> Form:
    form = Form({profile_name(key): [value] for key, value in profile.items()})
    for name, value in page.carried:
        form.setdefault(name, []).append(value)
    for key, raw in given_raw.items():
        form[value_name(key)] = list(raw.values)
        for name, part in zip(date_names(key), (raw.day, raw.month, raw.year), strict=True):
            form[name] = [part]
    return form


def asked_by_script(page: Preview, form: Form) -> tuple[set[str], set[str]]:
    """What preview.js shows: sections and questions, from the conditions on the page and what is typed."""
    sections, asked = set[str](), set[str]()
    here = {block.key for one in page.sections for block in one.blocks}

    def given_keys(name: str) -> list[str]:
        counts = name.startswith("p-") or name.removeprefix("q-") in asked
        return [value for value in form.getlist(name) if value] if counts else []

    def holds(text: str | None) -> bool:
        if text is None:
            return True
        condition = json.loads(text)
        held = [
            bool(given_keys(name)) and negated != any(one in values for one in given_keys(name))
            for name, values, negated in condition["clauses"]
        ]
        return any(held) if condition["any"] else all(held)

    for one in page.sections:
        if holds(one.condition):
            for block in one.blocks:
                if holds(block.condition):
                    asked.add(block.key)
                    sections.add(one.section.key)
    assert asked <= here
    return sections, asked


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_the_script_and_the_server_show_what_a_return_would_ask(data: st.DataObject) -> None:
    content = data.draw(frameworks())
    sector = data.draw(st.none() | st.sampled_from(Sector))
    used = profile_used(content)
    profile = {key: value for key, value in data.draw(profiles(content)).items() if key in used}
    given_values = {one.key: data.draw(st.none() | answers(one, content)) for one in content.questions}
    raw = {one.key: type_of(one).to_raw(one, given_values[one.key]) for one in content.questions}
    fresh = previewed(content, read_typed(Form(), content))
    form = filled_in(fresh, raw, profile)
    if sector:
        form["sector"] = [sector.value]
    typed = read_typed(form, content)
    page = previewed(content, typed, "show")
    seen = visible(content, sector, profile, typed.values)
    assert {one.section.key for one in page.sections if one.asked} == seen.sections
    assert {block.key for one in page.sections for block in one.blocks if block.shown} == seen.questions
    readable = all(not one.errors for one in typed.answers.values())
    if readable:
        assert asked_by_script(page, form) == (set(seen.sections), set(seen.questions))
    assert typed.answers.keys() | {name.split("-")[1] for name, _ in typed.carried} <= {
        one.key for one in content.questions
    }


@given(frameworks())
@settings(max_examples=30, deadline=None)
def test_all_of_a_faultless_draft_can_be_shown(content: FrameworkContent) -> None:
    shown = showable(to_document(content), ())
    assert shown.gone == frozenset()
    assert shown.content.questions == content.questions
    assert shown.content.profile == content.profile
    assert [one.key for one in shown.content.sections] == [one.key for one in content.sections]


GONE = {
    "unknown type": {"consent"},
    "empty text": {"consent_reason"},
    "nothing after a key": {"consent_reason"},
    "list for text": {"consent_reason"},
    "grade without scale": {"front_door_grade"},
    "choice without options": {"consent_reason"},
    "unknown scale": {"plan_grade"},
    "one grade": set[str](),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_draft_with_a_fault_is_shown_as_far_as_it_goes(name: str) -> None:
    old, new, *_ = FAULTS[name]
    document: Any = parse(EXAMPLE.replace(old, new, 1), ProblemList("example.yaml")).data
    shown = showable(document, check_draft(document, THEMES).problems)
    page = previewed(shown.content, read_typed(Form(), shown.content), "check")
    questions = [entry["key"] for section in document["sections"] for entry in section["questions"]]
    shown_keys = [block.key for one in page.sections for block in one.blocks]
    assert shown_keys == [key for key in questions if key not in shown.gone]
    assert shown.gone == GONE.get(name, set())


def test_a_question_whose_condition_cannot_be_met_any_more_is_asked_of_everybody() -> None:
    document: Any = parse(EXAMPLE.replace("text: Was consent sought?", "text: ''"), ProblemList("x")).data
    shown = showable(document, check_draft(document, THEMES).problems)
    assert shown.gone == {"consent"}
    assert shown.content.question("consent_reason").only_if is None
    assert shown.content.section("plan").only_if is None
