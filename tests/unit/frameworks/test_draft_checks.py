"""The checks of a draft: as strict as those of its file, beside the right part, in words without YAML."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.frameworks.checking import check_text
from qa.frameworks.content import FrameworkContent
from qa.frameworks.document import to_document
from qa.frameworks.drafts.checks import DraftProblem, check_draft
from qa.frameworks.drafts.documents import as_text, from_text
from qa.frameworks.drafts.elements import Kind, elements
from qa.frameworks.drafts.shapes import shape_errors
from qa.frameworks.file_problems import ProblemList
from qa.frameworks.schema import FRAMEWORK_SCHEMA, validator
from qa.frameworks.source import Source
from qa.frameworks.yaml_source import parse
from tests.unit.frameworks import strategies
from tests.unit.frameworks.example import EXAMPLE, THEMES, line_of
from tests.unit.frameworks.faults import FAULTS

# A draft's own file would be named after its key, whatever it is.
OF_DRAFTS = sorted(FAULTS.keys() - {"file name"})
YAML_WORDS = re.compile(
    r"\bYAML\b|\ba line\b|\bquotes\b|[a-z]+_[a-z]|: …|“(?:evidence|text|summary|only_if|type|scale|min|max)”"
    r"|\bis_not\b|\bthe file\b|\b[Rr]emove the key\b|\{",
)


def source_of(name: str) -> Source:
    old, new, *_ = FAULTS[name]
    return parse(EXAMPLE.replace(old, new, 1), ProblemList("example.yaml"))


def problems_of(document: dict[str, Any]) -> tuple[DraftProblem, ...]:
    return check_draft(document, THEMES).problems


@given(strategies.frameworks())
@settings(max_examples=60, deadline=None)
def test_any_valid_framework_is_a_draft_without_problems(content: FrameworkContent) -> None:
    document = from_text(as_text(to_document(content)))
    checked = check_draft(document, strategies.THEMES)
    assert checked.problems == ()
    assert checked.content == content


@pytest.mark.parametrize("name", OF_DRAFTS)
def test_a_fault_is_shown_beside_the_part_on_whose_lines_it_stands(name: str) -> None:
    source = source_of(name)
    line = line_of(EXAMPLE.replace(FAULTS[name][0], FAULTS[name][1], 1), FAULTS[name][2])
    begins = [
        (source.line_of(part.path), part) for part in elements(source.data) if part.kind != Kind.DETAILS
    ]
    if line < min(start for start, _ in begins):
        wanted = (Kind.DETAILS, "")
    else:
        part = [part for start, part in begins if start <= line][-1]
        wanted = (part.kind, part.key)
    in_file = {one.plain_message for one in check_text_of(name) if FAULTS[name][3] in one.message}
    found = [one for one in problems_of(source.data) if one.message.replace(" before", "") in in_file]
    assert found, problems_of(source.data)
    assert (found[0].kind, found[0].key) == wanted


def check_text_of(name: str) -> Any:
    return check_text(EXAMPLE.replace(FAULTS[name][0], FAULTS[name][1], 1), "example.yaml", THEMES).problems


@pytest.mark.parametrize("name", OF_DRAFTS)
def test_a_problem_of_a_draft_is_told_without_a_word_of_yaml(name: str) -> None:
    for problem in problems_of(source_of(name).data):
        said = f"{problem.message} {problem.remedy}"
        # What somebody typed may be shown again; it is no word of ours.
        for typed in re.findall(r"“[^”]*”", said):
            if typed.strip("“”") in FAULTS[name][1]:
                said = said.replace(typed, "“…”")
        assert not YAML_WORDS.search(said), said


def test_a_problem_names_parts_by_their_words() -> None:
    found = problems_of(source_of("condition on a later question").data)
    (problem,) = [one for one in found if one.key == "consent_reason"]
    assert problem.message == (
        "The condition of the question “Why not?” looks at the question “How good is it?”, which is asked "
        "later."
    )
    assert problem.remedy == "Move that question up, or choose an earlier one."
    assert problem.part == "the question “Why not?”"
    assert problem.section == "front_door"


@pytest.mark.parametrize(
    ("name", "message", "remedy"),
    [
        (
            "missing key",
            "The framework has no summary.",
            "Say in a sentence or two what it looks at and when to use it.",
        ),
        (
            "unknown answer in the profile",
            "The condition asks for “child in ned”, which is no answer to the case profile field “Pathway”.",
            "Choose among: Early help; Child in need.",
        ),
        (
            "section without a grade",
            "The section “The plan” has no question about its grade.",
            "End the section with a question of the type “Grade” that grades it, with evidence required.",
        ),
        (
            "scale for yes or no",
            "The question “Was consent sought?” has the type “Yes, partly or no”, which takes no scale.",
            "Take the scale out, or choose another type: Grade.",
        ),
        (
            "sectors never asked",
            "The sectors of the question “Was consent sought?” are never asked the section “Front door”.",
            "Choose among: Police; Health.",
        ),
        (
            "nothing after a key",
            "Question 2 of the section “Front door” has no words.",
            "Write the question.",
        ),
        (
            "unknown scale",
            "The scale that is chosen here, “ofstd”, is not in this framework.",
            "Choose among: Two grades; Red or green.",
        ),
    ],
)
def test_what_is_said_to_somebody_who_fills_in_a_form(name: str, message: str, remedy: str) -> None:
    said = [(one.message, one.remedy) for one in problems_of(source_of(name).data)]
    assert (message, remedy) in said


def errors_of_whole(document: Any) -> set[tuple[Any, ...]]:
    return {
        (tuple(error.absolute_path), error.validator, error.message if error.validator == "pattern" else "")
        for error in validator(FRAMEWORK_SCHEMA).iter_errors(document)
    }


def errors_by_part(document: Any) -> set[tuple[Any, ...]]:
    return {
        (path, error.validator, error.message if error.validator == "pattern" else "")
        for path, error in shape_errors(document)
    }


@pytest.mark.parametrize("name", OF_DRAFTS)
def test_looking_part_by_part_finds_what_looking_at_the_whole_finds(name: str) -> None:
    document = source_of(name).data
    assert errors_by_part(document) == errors_of_whole(document)
    assert errors_by_part(document) == errors_of_whole(document)  # the second time from memory


NONSENSE: st.SearchStrategy[Any] = st.sampled_from(
    [None, "", "word", 3, True, [], {}, ["a", "a"], [{}], {"key": "a"}, [None] * 50]
)


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_nonsense_anywhere_is_found_part_by_part_too(data: st.DataObject) -> None:
    document: Any = parse(EXAMPLE, ProblemList("example.yaml")).data
    holder = document
    while True:
        step = data.draw(st.sampled_from(list(holder) if isinstance(holder, dict) else range(len(holder))))
        inside = holder[step]
        if not isinstance(inside, dict | list) or not inside or data.draw(st.booleans()):
            break
        holder = inside
    holder[step] = data.draw(NONSENSE)
    assert errors_by_part(document) == errors_of_whole(document)


def test_a_changed_question_is_looked_at_again_although_the_rest_is_remembered() -> None:
    document: Any = parse(EXAMPLE, ProblemList("example.yaml")).data
    assert problems_of(document) == ()
    question = document["sections"][0]["questions"][2]
    for value, problems in ((1.5, 1), (True, 1), (0, 0), ("0", 1), (0, 0)):
        question["min"] = value if value != 1.5 else "1.5"
        assert len(problems_of(document)) == problems, value


def test_conditions_name_what_is_gone_in_words_and_an_answer_of_another_scale_by_its_label() -> None:
    document: Any = parse(EXAMPLE, ProblemList("example.yaml")).data
    questions = document["sections"][0]["questions"]
    questions[1]["only_if"] = {"question": "seen_alone", "is": ["no"]}
    questions[2]["only_if"] = {"question": "consent", "is": ["good"]}
    said = " ".join(one.message for one in problems_of(document))
    assert "The condition looks at a question that is not there: “seen alone”." in said
    assert "The condition asks for “Good”, which is no answer to the question “Was consent sought?”." in said


@pytest.mark.parametrize("name", ["scales", "sections", "judgement_scale"])
def test_what_the_framework_lacks_names_its_field(name: str) -> None:
    document: Any = parse(EXAMPLE, ProblemList("example.yaml")).data
    del document[name]
    assert name in {one.field for one in problems_of(document) if one.kind is Kind.DETAILS}
