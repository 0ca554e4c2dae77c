"""The page's script asks the same questions as the server."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from qa.accounts.sectors import Sector
from qa.frameworks.answers import AnswerValue
from qa.frameworks.conditions import visible
from qa.frameworks.content import FrameworkContent, Section, applies_to
from qa.returns.page_conditions import for_script
from tests.unit.frameworks.answer_strategies import answers, profiles
from tests.unit.frameworks.strategies import frameworks


def asked_by_script(
    content: FrameworkContent,
    section: Section,
    sector: Sector,
    profile: dict[str, str],
    before: dict[str, AnswerValue | None],
    now: dict[str, AnswerValue | None],
) -> set[str]:
    """What return.js shows: the page is made from `before`; then its answers are changed to `now`."""
    seen = visible(content, sector, profile, before)
    on_page = {question.key for question in section.questions if applies_to(question, sector)}
    asked: set[str] = set()
    for question in section.questions:
        if question.key not in on_page:
            continue
        text = for_script(question.only_if, on_page, profile, before, seen.questions)
        if text is None:
            shown = question.key in seen.questions
        else:
            condition = json.loads(text)
            held = [_holds(clause, asked, now) for clause in condition["clauses"]]
            shown = any(held) if condition["any"] else all(held)
        if shown:
            asked.add(question.key)
    return asked


def _holds(clause: Any, asked: set[str], now: dict[str, AnswerValue | None]) -> bool:
    if isinstance(clause, bool):
        return clause
    key, values, negated = clause
    value = now.get(key) if key in asked else None
    given_keys = value.keys if value is not None else ()
    return bool(given_keys) and negated != any(one in values for one in given_keys)


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_the_script_shows_what_the_server_asks(data: st.DataObject) -> None:
    content = data.draw(frameworks())
    sector = data.draw(st.sampled_from(Sector))
    profile = data.draw(profiles(content))
    section = data.draw(st.sampled_from(content.sections))
    before: dict[str, AnswerValue | None] = {
        question.key: data.draw(st.none() | answers(question, content)) for question in content.questions
    }
    # While the page is open only its own questions change.
    changed = {
        question.key: data.draw(st.none() | answers(question, content)) for question in section.questions
    }
    now = before | changed
    if section.key not in visible(content, sector, profile, before).sections:
        return
    after = visible(content, sector, profile, now)
    keys = {question.key for question in section.questions}
    assert asked_by_script(content, section, sector, profile, before, now) == after.questions & keys


def test_a_condition_that_nothing_on_the_page_can_change_is_not_for_the_script(
    small: FrameworkContent,
) -> None:
    condition = small.sections[1].only_if
    assert for_script(condition, {"plan_smart"}, {"pathway": "child_protection"}, {}, ()) is None
    assert for_script(None, {"plan_smart"}, {}, {}, ()) is None


def test_a_condition_on_the_page_is_written_out(small: FrameworkContent) -> None:
    condition = small.question("consent_why").only_if
    text = for_script(condition, {"consent", "consent_why"}, {}, {}, ())
    assert text == '{"any": false, "clauses": [["consent", ["no"], false]]}'
