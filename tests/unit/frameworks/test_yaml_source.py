from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from qa.config import ImportLimits
from qa.frameworks import yaml_source
from qa.frameworks.checking import check_file
from qa.frameworks.file_problems import FileProblem, ProblemList
from qa.frameworks.source import LIMITS, Source, decode
from qa.frameworks.yaml_source import MAX_DEPTH, parse
from tests.unit.frameworks.example import EXAMPLE, THEMES


@pytest.fixture(params=["libyaml", "pure Python"], autouse=True)
def each_parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """PyYAML may have been built without libyaml: both of its parsers give the same."""
    if request.param == "pure Python":
        monkeypatch.setattr(yaml_source, "_Loader", yaml.SafeLoader)


def read(text: str) -> tuple[Source, list[FileProblem]]:
    problems = ProblemList("file.yaml")
    return parse(text, problems), problems.found


def test_values_are_read_as_yaml_1_2_reads_them() -> None:
    source, problems = read(
        "a: yes\nb: no\nc: true\nd: 12\ne: 0.50\nf: ~\ng:\nh: 2020-04-01\ni: 12:30\n"
        "j: '12'\nk: 0x1F\nl: 1e3\nm: 007\n"
    )
    assert problems == []
    assert source.data == {
        "a": "yes",
        "b": "no",
        "c": True,
        "d": 12,
        "e": Decimal("0.50"),
        "f": None,
        "g": None,
        "h": "2020-04-01",
        "i": "12:30",
        "j": "12",
        "k": "0x1F",
        "l": "1e3",
        "m": "007",
    }


def test_every_key_and_value_has_its_line() -> None:
    source, _ = read("a: 1\nb:\n  - x\n  - {c: 2,\n     d: 3}\n")
    assert source.key_lines == {("a",): 1, ("b",): 2, ("b", 1, "c"): 4, ("b", 1, "d"): 5}
    assert source.line_of(("b", 1, "d")) == 5
    assert source.line_of(("b", 1, "missing")) == 4
    assert source.line_of(("b", 7)) == 2
    assert source.line_of(()) == 1


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("a: 1\nb: 2\na: 3\n", 3, "The key “a” is already given on line 1."),
        ("a: 1\nb: {c: 1, c: [1, {d: 2}]}\n", 2, "The key “c” is already given on line 2."),
        ("a: &x 1\nb: 2\n", 1, "Anchors and aliases (here “x”) are not allowed."),
        ("a: 1\nb: &x [1]\nc: *x\n", 2, "Anchors and aliases (here “x”) are not allowed."),
        (
            "a: !!python/object/apply:os.system [ls]\n",
            1,
            "Tags (here “tag:yaml.org,2002:python/object/apply:os.system”)",
        ),
        ("a: !mine 1\n", 1, "Tags (here “!mine”) are not allowed."),
        ("? [a, b]\n: 1\nc: 2\n", 1, "A key must be a single word."),
        ("a: 1\n---\nb: 2\n", 2, "A second document starts here."),
        ("a: 1\nb: \x07\n", 2, "There is an invisible control character (U+0007)."),
        ('a: 1\nb: "x\\0y"\n', 2, "The text holds an invisible control character (U+0000)."),
        ("a: " + "[" * (MAX_DEPTH + 2), 1, f"Lists are nested more than {MAX_DEPTH} levels deep."),
        ("a: " + "{b: " * 5000, 1, f"Lists are nested more than {MAX_DEPTH} levels deep."),
        ("- 1\n" * (LIMITS.values + 1), LIMITS.values, f"There are more than {LIMITS.values:,} values."),
        ("#" * 2_000_001, 1, "The file is larger than 2 MB."),
    ],
)
def test_what_is_not_plain_yaml_is_refused(text: str, line: int, message: str) -> None:
    _, problems = read(text)
    assert problems
    assert (problems[0].line, message in problems[0].message) == (line, True), problems
    assert all(problem.remedy for problem in problems)


@pytest.mark.parametrize(
    ("text", "line", "message", "remedy"),
    [
        ("a: 1\nb:\n\t- x\n", 3, "tab", "spaces"),
        ("a: 1\n\tb: 2\n", 2, "tab", "spaces"),
        ("a: What is it: this\n", 1, "colon followed by a space", "double quotes"),
        ("a: 1\nb: 'open\nc: 2\nd: 3\n", 2, "quotation mark is opened and never closed", "Close it"),
        ("a: 1\nb: [1, 2\nc: 3\n", 3, "brackets is not closed", "missing comma or bracket"),
        ("a: 1\nb: @name\n", 2, "starts with a character that YAML keeps for itself", "double quotes"),
        ("a: 1\nb: *name\n", 2, "liases", "double quotes"),
        ("a:\n  b: 1\n c: 2\n", 3, "not lined up", "two spaces"),
        ("- a\nb: 1\n", 2, "not lined up", "two spaces"),
        ("a: 1\nb\nc: 2\n", 3, "no colon", "key: value"),
        ('a: "\\q"\n', 1, "backslash", "two backslashes"),
    ],
)
def test_yaml_errors_are_put_into_plain_words(text: str, line: int, message: str, remedy: str) -> None:
    _, problems = read(text)
    assert message in problems[0].message, problems
    assert remedy in problems[0].remedy
    assert abs(problems[0].line - line) <= (1 if "lined up" in message or "colon" in message else 0)


def test_what_follows_a_refused_key_is_still_read() -> None:
    source, problems = read("? {a: [1], b: 2}\n: {c: [3]}\nd: 4\nd: {e: {f: 1}}\ng: [5]\n")
    assert source.data == {"d": 4, "g": [5]}
    assert [problem.line for problem in problems] == [1, 4]


def test_a_fault_of_yaml_does_not_hide_the_others(tmp_path: Path) -> None:
    path = tmp_path / "example.yaml"
    path.write_text(EXAMPLE.replace("name: Example", "key: again\nnaem: &x Example"), encoding="utf-8")
    shown = " ".join(problem.message for problem in check_file(path, THEMES).problems)
    assert "“key” is already given" in shown
    assert "Anchors" in shown
    assert "“naem” is not a key" in shown


@pytest.mark.parametrize(
    ("raw", "line", "message"),
    [
        (b"a: 1\nb: caf\xe9\n", 2, "A character here is not UTF-8."),
        ("a: 1\n".encode("utf-16"), 1, "The file is saved as UTF-16."),
        (b"\xff\xff\xff", 1, "A character here is not UTF-8."),
        (b"#" * 2_000_001, 1, "The file is larger than"),
    ],
)
def test_a_file_in_another_encoding_is_refused(raw: bytes, line: int, message: str) -> None:
    problems = ProblemList("file.yaml")
    assert decode(raw, problems) is None
    assert problems.found[0].line == line
    assert message in problems.found[0].message


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "example.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + EXAMPLE.replace("\n", "\r\n").encode())
    assert check_file(path, THEMES).problems == ()


def test_a_folder_is_no_framework(tmp_path: Path) -> None:
    assert "cannot be read" in check_file(tmp_path, THEMES).problems[0].message


def test_the_limits_of_a_file_are_settings() -> None:
    problems = ProblemList("x.yaml")
    parse("- 1\n" * 2_000, problems, ImportLimits(values=1_000))
    decode(b"#" * 1_000_001, problems, ImportLimits(file_mb=1))
    assert [problem.message for problem in problems.found] == [
        "There are more than 1,000 values.",
        "The file is larger than 1 MB.",
    ]
