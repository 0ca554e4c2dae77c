"""Whatever two people type, nothing either of them typed is lost without being asked."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from qa.accounts.sectors import Sector
from qa.frameworks.checking import check_file, load_themes
from qa.frameworks.content import FrameworkContent, Section
from qa.returns.comparing import compare
from qa.returns.drafts import EMPTY, Changes, FormKey, Mark, StoredAnswer, StoredFinding
from qa.returns.typed import Typed, read_typed

_SMALL = check_file(Path(__file__).parents[2] / "support" / "small_framework.yaml", load_themes().keys)
WORDS = st.sampled_from(["", "one", "two"])
KEY = "reference_used"


def content() -> FrameworkContent:
    """The small framework: Hypothesis and fixtures of a function do not go together."""
    assert _SMALL.content is not None
    return _SMALL.content


def form(mark: Mark, text: str, finding: tuple[str, Mark, str] | None = None) -> MultiDict[str, str]:
    data = MultiDict({"form": f"{'c' * 12}-0", f"v-{KEY}": str(mark), f"q-{KEY}": text})
    if finding is not None:
        ref, row_mark, words = finding
        data[f"f-{ref}"], data[f"m-{ref}"] = words, str(row_mark)
    return data


def typed(small: FrameworkContent, data: MultiDict[str, str]) -> Typed:
    return read_typed(data, small, section(small), Sector.HEALTH, FormKey("f" * 12))


def section(small: FrameworkContent) -> Section:
    return small.sections[0]


def comparison(
    small: FrameworkContent,
    data: MultiDict[str, str],
    answers: dict[str, StoredAnswer],
    findings: list[StoredFinding],
) -> Changes:
    return compare(typed(small, data), small, {KEY}, answers, findings)


def answer(small: FrameworkContent, text: str, version: int) -> StoredAnswer:
    """What is kept after somebody else's form said that."""
    one = typed(small, form(Mark(), text)).answers[KEY]
    return StoredAnswer(one.value, one.evidence, version, str(FormKey("d" * 12)))


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_an_answer_is_written_left_or_a_clash(data: st.DataObject) -> None:
    small = content()
    opened, theirs, mine = data.draw(WORDS), data.draw(WORDS), data.draw(WORDS)
    before = answer(small, opened, 1)
    now = before if theirs == opened else answer(small, theirs, 2)
    changes = comparison(small, form(before.mark, mine), {KEY: now}, [])
    if mine in {opened, theirs}:
        assert not changes.any
        assert not changes.clashes
    elif theirs == opened:
        value, _, version = changes.answers[KEY]
        assert (value.text if value else "", version) == (mine, 2)
    else:
        assert not changes.any
        (clash,) = changes.clashes
        assert clash.rows[0][2:] == (mine or "Not answered", theirs or "Not answered")


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_a_finding_is_written_left_or_a_clash(data: st.DataObject) -> None:
    small = content()
    opened = data.draw(st.sampled_from(["one", "two"]))
    theirs, mine = data.draw(WORDS), data.draw(WORDS)
    before = StoredFinding(7, 1, "strength", opened, 1)
    now = StoredFinding(7, 1, "strength", theirs, 1 if theirs == opened else 2)
    row = ("strength-7", before.mark, mine)
    changes = comparison(small, form(Mark(0, EMPTY), "", row), {}, [now] if theirs else [])
    if mine in {opened, theirs}:
        assert not changes.any
        assert not changes.clashes
    elif theirs == opened and mine:
        assert changes.reworded == [(7, mine, 2)]
    elif theirs == opened:
        assert changes.removed == [7]
    else:
        assert not changes.any
        assert changes.clashes[0].rows[0][2:] == (mine or "(removed)", theirs or "(removed)")


def test_a_new_row_is_added_and_an_empty_one_is_not(small: FrameworkContent) -> None:
    new = Mark(0, EMPTY)
    found = comparison(small, form(new, "", ("strength-n1", new, "Seen.")), {}, [])
    assert found.added == [("strength-n1", "strength", "Seen.")]
    assert not comparison(small, form(new, "", ("strength-n1", new, " \n ")), {}, []).any


def test_a_row_never_touches_a_finding_that_took_its_number(small: FrameworkContent) -> None:
    """Number 7 was removed by this form and has since been given to something else."""
    other = StoredFinding(7, 1, "strength", "Something else.", 1)
    gone = ("strength-7", Mark(0, EMPTY), "")
    assert not comparison(small, form(Mark(0, EMPTY), "", gone), {}, [other]).any
