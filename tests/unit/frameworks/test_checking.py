from pathlib import Path

import pytest

from qa.frameworks.checking import check_file, check_files, check_text, load_themes, themes_from
from qa.frameworks.file_problems import FileProblem
from qa.frameworks.schema import TEMPLATES
from tests.unit.frameworks.example import EXAMPLE, THEMES, line_of
from tests.unit.frameworks.faults import FAULTS

SHIPPED = sorted(path for path in TEMPLATES.glob("*.yaml") if path.name != "themes.yaml")


def problems_of(text: str, filename: str = "example.yaml") -> tuple[FileProblem, ...]:
    result = check_text(text, filename, THEMES)
    assert (result.content is None) == bool(result.problems)
    return result.problems


def broken(old: str, new: str) -> str:
    assert EXAMPLE.count(old) >= 1, f"{old!r} is not in the example"
    return EXAMPLE.replace(old, new, 1)


def test_the_example_is_faultless() -> None:
    result = check_text(EXAMPLE, "example.yaml", THEMES)
    assert result.problems == ()
    assert result.content is not None
    assert [question.key for question in result.content.questions][:2] == ["consent", "consent_reason"]


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_named_with_its_line_and_remedy(name: str) -> None:
    old, new, mark, message, remedy = FAULTS[name]
    text = broken(old, new)
    found = problems_of(text)
    wanted = [problem for problem in found if message in problem.message]
    assert wanted, [str(problem) for problem in found]
    assert wanted[0].line == line_of(text, mark), str(wanted[0])
    assert remedy in wanted[0].remedy


def test_conditions_that_wait_for_each_other_are_shown_as_a_circle() -> None:
    text = broken('evidence_required_for: ["no"]', "only_if: {question: consent_reason, is: [danger]}")
    circles = [problem for problem in problems_of(text) if "wait for each other" in problem.message]
    assert [problem.message for problem in circles] == [
        "These conditions wait for each other: consent → consent_reason → consent."
    ]
    assert circles[0].line == line_of(text, 'only_if: {question: consent, is: ["no", partly]}')


def test_a_circle_through_a_section_is_found() -> None:
    text = broken('evidence_required_for: ["no"]', "only_if: {question: plan_grade, is: [good]}")
    assert any("consent → plan_grade → consent" in problem.message for problem in problems_of(text))


def test_every_fault_is_reported_at_once_in_the_order_of_lines() -> None:
    text = EXAMPLE
    for old, new in (
        ("method: multi_agency", "method: several"),
        ("        descriptor: Not well done.\n", ""),
        ("[thresholds]", "[nonsense]"),
        ('{question: consent, is: ["no", partly]}', "{question: consent, is: [never]}"),
        ("min: 0", "min: 500"),
        ("title: The plan", "titel: The plan"),
        ("key: plan_impact", "key: days"),
    ):
        text = text.replace(old, new, 1)
    found = problems_of(text)
    assert [problem.line for problem in found] == sorted(problem.line for problem in found)
    shown = "\n".join(str(problem) for problem in found)
    for words in (
        "“method” cannot be “several”",
        "The grade “Poor” has no descriptor",
        "There is no theme “nonsense”",
        "“never” is no answer",
        "min (500) is greater",
        "“titel” is not a key",
        "The question key “days” is already used",
    ):
        assert words in shown
    assert len(found) == 8  # the misspelt title is also missing


def test_a_problem_is_shown_as_file_line_and_words() -> None:
    text = broken("name: Example", "naem: Example")
    shown = [str(problem) for problem in problems_of(text)]
    assert "example.yaml:3: “naem” is not a key of the file. Did you mean “name”?" in shown


def test_a_self_assessment_needs_no_closing_questions() -> None:
    text = broken("kind: case_audit", "kind: self_assessment").replace("role: section_grade", "weight: 2")
    assert problems_of(text) == ()


def test_an_unquoted_no_is_the_word_no() -> None:
    assert problems_of(broken('evidence_required_for: ["no"]', "evidence_required_for: [no]")) == ()


@pytest.mark.parametrize("text", ["", "# only a comment\n", "null", "[]", "just words", "3"])
def test_a_file_without_a_framework_says_so(text: str) -> None:
    (problem,) = problems_of(text)
    assert problem.remedy.startswith("Write a framework")


def test_a_file_that_is_not_there_is_a_problem(tmp_path: Path) -> None:
    result = check_file(tmp_path / "nothing.yaml", THEMES)
    assert result.content is None
    assert "cannot be read" in result.problems[0].message


def test_files_are_checked_in_the_order_given(tmp_path: Path) -> None:
    good, bad = tmp_path / "example.yaml", tmp_path / "other.yaml"
    good.write_text(EXAMPLE, encoding="utf-8")
    bad.write_text(EXAMPLE, encoding="utf-8")
    first, second = check_files([bad, good], THEMES)
    assert [problem.line for problem in first.problems] == [2]
    assert second.content is not None


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_the_shipped_frameworks_are_faultless(path: Path) -> None:
    (result,) = check_files([path])
    assert [str(problem) for problem in result.problems] == []
    assert result.content is not None
    assert 25 <= len(result.content.questions) <= 60


def test_six_frameworks_are_shipped() -> None:
    assert len(SHIPPED) == 6


def test_the_shipped_themes_are_read() -> None:
    themes = load_themes()
    assert themes.problems == ()
    assert "voice_of_the_child" in themes.keys
    assert all(theme.name and theme.description for theme in themes.themes)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("- {key: a, name: A}\n", 1, "has no “description”"),
        (
            "- {key: a, name: A, description: B}\n- {key: a, name: C, description: D}\n",
            2,
            "already used on line 1",
        ),
        (
            "- {key: a, name: A, description: B}\n- {key: b, name: A, description: D}\n",
            2,
            "The name “A” is already",
        ),
        ("- {key: a, name: A, description: B, colour: red}\n", 1, "“colour” is not a key"),
        ("- words\n", 1, "must be a group of keys"),
        ("key: a\n", 1, "something else"),
        ("", 1, "empty"),
    ],
)
def test_faults_in_themes_are_named(text: str, line: int, words: str) -> None:
    result = themes_from(text, "themes.yaml")
    assert result.themes == ()
    assert any(words in problem.message and problem.line == line for problem in result.problems), (
        result.problems
    )


def test_missing_themes_are_a_problem(tmp_path: Path) -> None:
    assert load_themes(tmp_path / "themes.yaml").problems
