"""Whatever a file holds, checking it gives problems and never an exception."""

from hypothesis import given, settings
from hypothesis import strategies as st

from qa.frameworks.checking import CheckResult, check_text, themes_from
from qa.frameworks.file_problems import ProblemList
from qa.frameworks.source import decode
from tests.unit.frameworks.example import EXAMPLE, THEMES

LINES = EXAMPLE.splitlines(keepends=True)

# Pieces that mean something to YAML or to a framework, so that mutations reach deep.
PIECES = st.sampled_from(
    [
        "[",
        "]",
        "{",
        "}",
        ":",
        ": ",
        "- ",
        "\n",
        "  ",
        "\t",
        "'",
        '"',
        "|",
        ">",
        "#",
        "&a",
        "*a",
        "!t ",
        "---\n",
        "null",
        "true",
        "1",
        "1.5",
        "-1",
        "[]",
        "{}",
        "key: x\n",
        "only_if: {question: consent, is: []}\n",
        "only_if: {all: [{profile: pathway}]}",
        "descriptors: {good: 1}\n",
        "grades: x",
        "sections:",
        "? ",
        "\x00",
        "\x85",
        "\ufeff",
        "\ud800",
        "\u2028",
        "type: number",
        "scale: [ofsted]",
        "sectors: {a: b}",
        "<<: ",
    ]
)


def is_sound(result: CheckResult, text: str) -> bool:
    """Either a framework or problems, each with a line of the file and words to act on."""
    last = len(text.splitlines()) + 1
    told = all(
        1 <= problem.line <= last and problem.message and problem.remedy for problem in result.problems
    )
    return told and (result.content is None) == bool(result.problems)


@given(st.text(st.characters(), max_size=300))
@settings(max_examples=300, deadline=None)
def test_any_text(text: str) -> None:
    assert is_sound(check_text(text, "example.yaml", THEMES), text)
    themes_from(text, "themes.yaml")


@given(st.lists(st.tuples(st.integers(0, len(EXAMPLE)), st.integers(0, 30), PIECES), min_size=1, max_size=4))
@settings(max_examples=300, deadline=None)
def test_pieces_put_into_a_valid_file(changes: list[tuple[int, int, str]]) -> None:
    text = EXAMPLE
    for place, length, piece in changes:
        text = text[:place] + piece + text[place + length :]
    assert is_sound(check_text(text, "example.yaml", THEMES), text)


@given(
    st.lists(
        st.tuples(
            st.integers(0, len(LINES) - 1), st.sampled_from(["drop", "double", "swap", "indent", "cut"])
        ),
        min_size=1,
        max_size=6,
    )
)
@settings(max_examples=200, deadline=None)
def test_lines_of_a_valid_file_moved_about(changes: list[tuple[int, str]]) -> None:
    lines = list(LINES)
    for place, change in changes:
        at = place % len(lines) if lines else 0
        match change:
            case "drop":
                del lines[at : at + 1]
            case "double":
                lines[at:at] = lines[at : at + 1]
            case "swap":
                lines[at : at + 2] = reversed(lines[at : at + 2])
            case "indent":
                lines[at : at + 1] = [f"  {line}" for line in lines[at : at + 1]]
            case _:
                lines[at : at + 1] = [line[: len(line) // 2] + "\n" for line in lines[at : at + 1]]
    text = "".join(lines)
    assert is_sound(check_text(text, "example.yaml", THEMES), text)


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-9, 9)
    | st.sampled_from(["no", "consent", "grade", "x y", "", "ofsted"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["key", "type", "is", "question", "profile", "grades", "options", "label", "all"]
            ),
            inner,
            max_size=3,
        )
    ),
    max_leaves=6,
)
PLACES = [
    line.strip().removeprefix("- ").split(":")[0] + ":"
    for line in LINES
    if ": " in line or line.endswith(":\n")
]


@given(
    st.lists(
        st.tuples(st.sampled_from(sorted(set(PLACES))), st.integers(0, 5), VALUES), min_size=1, max_size=4
    )
)
@settings(max_examples=300, deadline=None)
def test_values_of_any_shape_under_any_key(changes: list[tuple[str, int, object]]) -> None:
    text = EXAMPLE
    for key, which, value in changes:
        parts = text.split(f" {key} ")
        at = which % len(parts)
        if at:
            before, after = f" {key} ".join(parts[:at]), f" {key} ".join(parts[at:])
            line, _, rest = after.partition("\n")
            text = f"{before} {key} {_flow(value)}{line[-1:] if line.endswith('}') else ''}\n{rest}"
    assert is_sound(check_text(text, "example.yaml", THEMES), text)


def _flow(value: object) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return str(value).lower()
        case list():
            return f"[{', '.join(map(_flow, value))}]"
        case dict():
            return "{" + ", ".join(f"{key}: {_flow(entry)}" for key, entry in value.items()) + "}"
        case str():
            return f'"{value}"'
        case _:
            return str(value)


@given(st.binary(max_size=200))
@settings(max_examples=200, deadline=None)
def test_any_bytes(raw: bytes) -> None:
    problems = ProblemList("example.yaml")
    text = decode(raw, problems)
    assert (text is None) == bool(problems.found)
