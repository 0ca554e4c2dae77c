from pathlib import Path

import pytest

from qa.frameworks.checking import check_file, check_files, check_text, load_themes, themes_from
from qa.frameworks.file_problems import FileProblem
from qa.frameworks.schema import TEMPLATES
from tests.unit.frameworks.example import EXAMPLE, THEMES, line_of

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


GREEN, RED = (
    line for line in EXAMPLE.splitlines(keepends=True) if "Green, score" in line or "Red, score" in line
)
OPTIONS = EXAMPLE[EXAMPLE.index("        options:\n") : EXAMPLE.index("        only_if: {question")]
PLAN_GRADE = EXAMPLE[
    EXAMPLE.index("        text: How good is the plan?") : EXAMPLE.index("      - key: plan_impact")
]

# What is replaced, by what, the text at whose line the problem must stand, words of the message and remedy.
FAULTS = {
    "unknown key": ("name: Example", "naem: Example", "naem:", "“naem” is not a key of the file.", "“name”?"),
    "missing key": (
        "summary: What it looks at.\n",
        "",
        "key: example",
        "The file has no “summary”.",
        "Add a line",
    ),
    "unknown key of a question": (
        "        unit: days",
        "        untis: days",
        "untis: days",
        "“untis” is not a key of the question “days”.",
        "“unit”?",
    ),
    "unlike any key": (
        "unit: days",
        "zzzz: days",
        "zzzz",
        "“zzzz” is not a key",
        "Remove it. The keys here are:",
    ),
    "file name": (
        "key: example",
        "key: other",
        "key: other",
        "not the file's name (“example”)",
        "Write “key: example”",
    ),
    "key in capitals": (
        "key: consent\n",
        "key: Consent\n",
        "key: Consent",
        "“Consent” cannot be a key",
        "small letters",
    ),
    "key with a line break": (
        "key: days",
        'key: "days\\n"',
        'key: "days',
        "cannot be a key",
        "small letters",
    ),
    "unknown kind": (
        "kind: case_audit",
        "kind: case_adit",
        "kind:",
        "“kind” cannot be “case_adit”",
        "“case_audit”?",
    ),
    "unknown type": ("type: yes_no", "type: yesno", "type: yesno", "“type” cannot be “yesno”", "“yes_no”?"),
    "unknown sector": ("[police, health]", "[polise, health]", "polise", "cannot be “polise”", "“police”?"),
    "unknown colour": (
        "colour: red\n",
        "colour: pink\n",
        "colour: pink",
        "cannot be “pink”",
        "Use one of: blue",
    ),
    "empty text": ("text: Why not?", 'text: "  "', 'text: "  "', "“text” is empty", "Write its text"),
    "nothing after a key": ("text: Why not?", "text:", "text:\n", "“text” is empty", "Write its value"),
    "number for text": (
        "label: Early help",
        "label: 16",
        "label: 16",
        "must be text, and “16”",
        "Put it in quotes: “16”",
    ),
    "text for number": (
        "max: 400",
        "max: many",
        "max: many",
        "“max” must be a number, not “many”",
        "such as 3",
    ),
    "fraction": ("score: 1\n", "score: 1.5\n", "score: 1.5", "must be a whole number", "such as 3"),
    "yes for true": (
        "    pathway: true",
        "    pathway: yes",
        "pathway: yes",
        "must be true or false",
        "Write true or false",
    ),
    "text for a list": (
        "sectors: [police]",
        "sectors: police",
        "sectors: police",
        "must be a list",
        "[a, b]",
    ),
    "text for keys": (
        'only_if: {question: consent, is: ["no", partly]}',
        "only_if: consent",
        "only_if: consent",
        "must be a group of keys",
        "Write keys and values",
    ),
    "list for text": ("text: Why not?", "text: [a]", "text: [a]", "“text” must be text", "Write one text"),
    "too large a number": ("score: 1\n", "score: 101\n", "score: 101", "cannot be “101”", "from 0 to 100"),
    "text too long": (
        "title: The plan",
        f"title: {'x' * 201}",
        "title: xxx",
        "201 characters long",
        "200 or fewer",
    ),
    "one grade": (
        RED,
        "",
        "grades:\n      - {key: green",
        "“grades” needs at least 2 entries",
        "Add what is missing",
    ),
    "empty list": (
        "sectors: [police]",
        "sectors: []",
        "sectors: []",
        "“sectors” is an empty list",
        "remove the key",
    ),
    "same sector twice": (
        "[police, health]",
        "[police, police]",
        "[police, police]",
        "“police” stands twice",
        "Remove one",
    ),
    "grade without descriptor": (
        "        descriptor: Not well done.\n",
        "",
        "key: poor",
        "The grade “Poor” has no descriptor",
        "say what practice of that grade looks like",
    ),
    "empty descriptor": (
        "descriptor: In place.",
        'descriptor: ""',
        'descriptor: ""',
        "“descriptor” is empty",
        "Write",
    ),
    "grade without scale": (
        "        scale: ofsted\n        descriptors",
        "        descriptors",
        "key: front_door_grade",
        "The question “front_door_grade” has no “scale”",
        "Add a line “scale: …”",
    ),
    "choice without options": (
        OPTIONS,
        "",
        "key: consent_reason",
        "has no “options”",
        "Add a line",
    ),
    "scale for yes or no": (
        "type: yes_no\n",
        "type: yes_no\n        scale: ofsted\n",
        "scale: ofsted\n        sectors",
        "“scale” cannot be given for the type “yes_no”",
        "takes it: grade",
    ),
    "options for a number in the profile": (
        "    type: number\nsections",
        "    type: number\n    options: [{key: a, label: A}, {key: b, label: B}]\nsections",
        "options: [{key: a",
        "“options” cannot be given for the type “number”",
        "takes it: single_choice",
    ),
    "unknown scale": (
        PLAN_GRADE,
        PLAN_GRADE.replace("ofsted", "ofstd"),
        "scale: ofstd",
        "There is no scale “ofstd”",
        "“ofsted”?",
    ),
    "unknown judgement scale": (
        "judgement_scale: ofsted",
        "judgement_scale: rag",
        "judgement_scale",
        "There is no scale “rag”",
        "ofsted, traffic_light",
    ),
    "duplicate question": (
        "key: days",
        "key: consent",
        "key: consent\n        text: How many",
        "The question key “consent” is already used on line 41",
        "of its own",
    ),
    "question key of another section": (
        "key: plan_impact",
        "key: front_door_impact",
        "key: front_door_impact\n        text: What difference did the plan",
        "“front_door_impact” is already used on line",
        "of its own",
    ),
    "duplicate section": (
        "key: plan\n",
        "key: front_door\n",
        "key: front_door\n    title: The plan",
        "section key",
        "own",
    ),
    "duplicate scale": (
        "key: traffic_light",
        "key: ofsted",
        "key: ofsted\n    name: Red",
        "The scale key “ofsted” is already used on line 9",
        "of its own",
    ),
    "duplicate grade": (
        "{key: red, label: Red",
        "{key: green, label: Red",
        "{key: green, label: Red",
        "grade key",
        "own",
    ),
    "duplicate option": (
        "{key: unknown,",
        "{key: danger,",
        "{key: danger, label: It is",
        "option key “danger”",
        "own",
    ),
    "same label twice": (
        "label: It is not known",
        "label: It was dangerous",
        "{key: unknown, label: It was dangerous}",
        "The option label “It was dangerous” is already used",
        "a label of its own",
    ),
    "reserved grade": (
        "key: red, label: Red",
        "key: not_applicable, label: Red",
        "key: not_applicable, label",
        "kept for the answer “Not applicable”",
        "not_applicable: true",
    ),
    "grades in the wrong order": (
        "score: 1\n",
        "score: 2\n",
        "score: 2\n",
        "“poor” comes after “good” but its score is not lower",
        "best first",
    ),
    "standard upside down": (
        GREEN + RED,
        GREEN.replace("true", "false") + RED.replace("false", "true"),
        "- {key: red,",
        "“red” meets the standard and the better “green” does not",
        "Correct meets_standard",
    ),
    "descriptor missing": (
        "          poor: It did not work.\n",
        "",
        "descriptors:",
        "The descriptors leave out “poor”",
        "Describe every grade",
    ),
    "descriptor of no grade": (
        "          poor: It did not work.\n",
        "          poor: It did not work.\n          por: What?\n",
        "por: What",
        "The scale “ofsted” has no grade “por”",
        "“poor”?",
    ),
    "unknown theme": (
        "[thresholds]",
        "[threshold]",
        "[threshold]",
        "There is no theme “threshold”",
        "“thresholds”?",
    ),
    "evidence for no answer": (
        'evidence_required_for: ["no"]',
        "evidence_required_for: [inadequate]",
        "evidence_required_for",
        "“inadequate” is no answer to this question",
        "Use one of: no, not_applicable, partly, yes",
    ),
    "evidence for a number": (
        "unit: days",
        "unit: days\n        evidence_required_for: [a]",
        "evidence_required_for: [a]",
        "cannot be given for the type “number”",
        "grade, yes_no",
    ),
    "evidence said twice": (
        'evidence_required_for: ["no"]',
        'evidence: required\n        evidence_required_for: ["no"]',
        "evidence: required\n        evidence_required_for",
        "say different things",
        "Keep one",
    ),
    "min above max": (
        "min: 0",
        "min: 401",
        "min: 401",
        "min (401) is greater than max (400)",
        "Exchange the two",
    ),
    "bound too precise": (
        "min: 0",
        "min: 0.5",
        "min: 0.5",
        "more decimal places than the answer may have (0)",
        "Round min",
    ),
    "sectors never asked": (
        "sectors: [police]",
        "sectors: [housing]",
        "sectors: [housing]",
        "never asked the section “front_door”",
        "health, police",
    ),
    "unknown profile field": (
        "{profile: pathway, is: [child_in_need]}",
        "{profile: patway, is: [child_in_need]}",
        "{profile: patway",
        "There is no profile field “patway”",
        "“pathway”?",
    ),
    "unknown answer in the profile": (
        "{profile: pathway, is: [child_in_need]}",
        "{profile: pathway, is: [child_in_ned]}",
        "{profile: pathway, is: [child_in_ned]}",
        "“child_in_ned” is no answer to the profile field “pathway”",
        "“child_in_need”?",
    ),
    "condition on a number of the profile": (
        "{profile: pathway, is: [child_in_need]}",
        "{profile: siblings, is: [two]}",
        "{profile: siblings",
        "it has no answers to choose from",
        "Use a grade",
    ),
    "unknown question": (
        '{question: consent, is: ["no", partly]}',
        '{question: consnt, is: ["no", partly]}',
        "{question: consnt",
        "There is no question “consnt”",
        "“consent”?",
    ),
    "unknown answer": (
        '["no", partly]',
        "[never, partly]",
        "[never, partly]",
        "“never” is no answer to the question “consent”",
        "Use one of: no,",
    ),
    "condition on text": (
        '{question: consent, is: ["yes"]}',
        "{question: front_door_impact, is: [good]}",
        "{question: front_door_impact",
        "it has no answers to choose from",
        "Use a grade",
    ),
    "condition on a later question": (
        '{question: consent, is: ["no", partly]}',
        "{question: front_door_grade, is: [poor]}",
        "{question: front_door_grade, is: [poor]}",
        "looks at “front_door_grade”, which is asked later",
        "Move that question up",
    ),
    "condition on itself": (
        '{question: consent, is: ["no", partly]}',
        "{question: consent_reason, is: [danger]}",
        "{question: consent_reason",
        "looks at the question itself",
        "Name an earlier question",
    ),
    "section that waits for its own question": (
        '{question: consent, is: ["yes"]}',
        "{question: plan_grade, is: [good]}",
        "{question: plan_grade",
        "The condition of a section looks at its own question “plan_grade”",
        "earlier section",
    ),
    "section that waits for a later one": (
        "    sectors: [police, health]\n",
        "    sectors: [police, health]\n    only_if: {question: plan_grade, is: [good]}\n",
        "only_if: {question: plan_grade",
        "“plan_grade”, which is asked in a later section",
        "Move that section up",
    ),
    "condition that nobody can meet": (
        '        only_if: {question: consent, is: ["no", partly]}\n',
        '        sectors: [health]\n        only_if: {question: consent, is: ["no", partly]}\n',
        "only_if: {question: consent",
        "The sectors that are asked this are never asked “consent”",
        "Name a question for health",
    ),
    "condition that leaves no answer": (
        '{question: consent, is: ["no", partly]}',
        '{question: consent, is_not: ["no", partly, "yes", not_applicable]}',
        "is_not:",
        "can never hold",
        "Take out the answers",
    ),
    "condition of two kinds": (
        '{question: consent, is: ["no", partly]}',
        '{question: consent, profile: pathway, is: ["no"]}',
        "{question: consent, profile",
        "This condition is not complete, or says two things at once",
        "Write {question: key, is: [answers]}",
    ),
    "condition without answers": (
        '{question: consent, is: ["no", partly]}',
        "{question: consent}",
        "{question: consent}",
        "This condition is not complete",
        "or put several of them in a list under all or any",
    ),
    "empty condition": (
        '{question: consent, is: ["no", partly]}',
        "{}",
        "only_if: {}",
        "not complete",
        "Write",
    ),
    "two pathways": (
        "    label: Number of siblings",
        "    label: Number of siblings\n    pathway: true",
        "pathway: true\n    type: number",
        "The profile field “pathway” is the pathway already",
        "on one profile field",
    ),
    "section without a grade": (
        "        role: section_grade\n      - key: plan_impact",
        "      - key: plan_impact",
        "- key: plan\n",
        "The section “plan” has no question about its grade",
        "role: section_grade",
    ),
    "section without impact": (
        "        text: What difference did the plan make?\n        type: long_text\n        role: impact\n",
        "        text: What difference did the plan make?\n        type: long_text\n",
        "- key: plan\n",
        "The section “plan” has no question about its impact on the child",
        "type: long_text, role: impact",
    ),
    "grade not at the end": (
        "      - key: front_door_impact\n",
        "      - {key: extra, text: What else?, type: short_text}\n      - key: front_door_impact\n",
        "- key: front_door\n",
        "the grade is not among the last two",
        "Move it to the end",
    ),
    "two section grades": (
        "type: yes_no\n        sectors: [police]\n",
        "type: grade\n        scale: ofsted\n        evidence: required\n        role: section_grade\n",
        "role: section_grade\n      - key: front_door_impact",
        "with the role “section_grade” already",
        "Keep the role on one",
    ),
    "section grade that is no grade": (
        "type: long_text\n        role: impact\n  - key: plan",
        "type: short_text\n        role: impact\n  - key: plan",
        "type: short_text",
        "with the role “impact” must be of the type “long_text”",
        "Write “type: long_text”",
    ),
    "section grade without evidence": (
        "        evidence: required\n        role: section_grade\n      - key: plan_impact",
        "        role: section_grade\n      - key: plan_impact",
        "key: plan_grade",
        "The section's grade needs evidence",
        "Write “evidence: required”",
    ),
    "section grade on another scale": (
        PLAN_GRADE,
        PLAN_GRADE.replace("ofsted", "traffic_light"),
        "scale: traffic_light",
        "must be on the scale the panel judges on",
        "Write “scale: ofsted”",
    ),
    "section grade for some": (
        "role: section_grade\n      - key: plan_impact",
        "role: section_grade\n        sectors: [police]\n      - key: plan_impact",
        "sectors: [police]\n      - key: plan_impact",
        "asked of everyone who answers its section",
        "Remove “sectors” here",
    ),
}


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
