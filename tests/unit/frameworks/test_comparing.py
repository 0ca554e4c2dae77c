"""Two editions compared: every key once, and only what was really touched is said to have changed."""

from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qa.accounts.sectors import Sector
from qa.frameworks.checking import check_text
from qa.frameworks.comparing import Change, Comparison, Part, compare
from qa.frameworks.content import FrameworkContent, Question, Scale, Section
from qa.frameworks.facts import DETAILS_FACTS, PROFILE_FACTS, QUESTION_FACTS, SECTION_FACTS
from qa.frameworks.ordering import in_order, longest_rising
from qa.frameworks.vocabulary import Colour, EvidenceRule, QuestionType
from qa.frameworks.word_difference import word_difference
from tests.unit.frameworks.example import EXAMPLE, THEMES
from tests.unit.frameworks.strategies import frameworks

# Making two whole frameworks takes a while, more so on a busy machine.
SOME = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def example() -> FrameworkContent:
    """The small framework of the checks' tests."""
    result = check_text(EXAMPLE, "example.yaml", THEMES)
    assert result.content, result.problems
    return result.content


@st.composite
def edited(draw: st.DrawFn, content: FrameworkContent) -> FrameworkContent:
    """The framework with sections and questions shuffled, left out, moved, put in and reworded."""
    chance = draw(st.randoms(use_true_random=False))
    sections = chance.sample(content.sections, len(content.sections))
    questions = [
        question._replace(text=f"{question.text}?") if chance.random() < 0.5 else question
        for section in sections
        for question in section.questions
        if chance.random() < 0.7
    ]
    questions += [
        Question(f"new_{number}", "Was it new?", QuestionType.DATE, EvidenceRule.NONE)
        for number in range(chance.randint(0, 2))
    ]
    chance.shuffle(questions)
    spread = [chance.randrange(len(sections)) for _ in questions]
    made = tuple(
        section._replace(
            questions=tuple(one for one, place in zip(questions, spread, strict=True) if place == index)
        )
        for index, section in enumerate(sections)
    )
    return replace(content, sections=made)


@st.composite
def pairs(draw: st.DrawFn) -> tuple[FrameworkContent, FrameworkContent]:
    """Two editions: the second made from the first, or another framework altogether."""
    old = draw(frameworks())
    return old, draw(edited(old) | frameworks())


def keys(content: FrameworkContent) -> dict[Part, set[str]]:
    """The keys of every part."""
    return {
        Part.DETAILS: {""},
        Part.SCALE: {one.key for one in content.scales},
        Part.PROFILE_FIELD: {one.key for one in content.profile},
        Part.SECTION: {one.key for one in content.sections},
        Part.QUESTION: {one.key for one in content.questions},
    }


@SOME
@given(frameworks())
def test_a_framework_is_the_same_as_itself(content: FrameworkContent) -> None:
    found = compare(content, content)
    assert found.same
    assert found.changed == ()


@SOME
@given(pairs())
def test_the_same_means_equal_but_for_the_frameworks_own_key(
    pair: tuple[FrameworkContent, FrameworkContent],
) -> None:
    old, new = pair
    assert compare(old, new).same == (old == replace(new, key=old.key))


@SOME
@given(pairs())
def test_every_key_is_accounted_for_once(pair: tuple[FrameworkContent, FrameworkContent]) -> None:
    found = compare(*pair)
    before, after = keys(pair[0]), keys(pair[1])
    for part in Part:
        listed = [one.key for one in found.of(part)]
        assert len(listed) == len(set(listed))
        assert set(listed) == before[part] | after[part]
        added = {one.key for one in found.of(part, Change.ADDED)}
        removed = {one.key for one in found.of(part, Change.REMOVED)}
        assert added == after[part] - before[part]
        assert removed == before[part] - after[part]
        assert [key for key in listed if key in after[part]] == in_its_order(pair[1], part)


def in_its_order(content: FrameworkContent, part: Part) -> list[str]:
    """The keys of one part as the framework has them."""
    listed = {
        Part.DETAILS: [""],
        Part.SCALE: [one.key for one in content.scales],
        Part.PROFILE_FIELD: [one.key for one in content.profile],
        Part.SECTION: [one.key for one in content.sections],
        Part.QUESTION: [one.key for one in content.questions],
    }
    return listed[part]


@SOME
@given(pairs())
def test_what_is_removed_one_way_is_added_the_other_way(
    pair: tuple[FrameworkContent, FrameworkContent],
) -> None:
    old, new = pair
    there, back = compare(old, new), compare(new, old)
    for part in Part:
        for one_way, other in ((Change.ADDED, Change.REMOVED), (Change.REMOVED, Change.ADDED)):
            assert keyed(there, part, one_way) == keyed(back, part, other)
        for change in (Change.REWORDED, Change.RESCALED, Change.OTHER):
            assert keyed(there, part, change) == keyed(back, part, change)
        assert len(there.of(part, Change.MOVED)) == len(back.of(part, Change.MOVED))


def keyed(found: Comparison, part: Part, change: Change) -> set[str]:
    """The keys of the parts with that change."""
    return {one.key for one in found.of(part, change)}


@SOME
@given(pairs())
def test_whatever_changed_says_how(pair: tuple[FrameworkContent, FrameworkContent]) -> None:
    for one in compare(*pair).changed:
        if {Change.RESCALED, Change.OTHER} & set(one.changes):
            assert one.details
        assert all(detail.old != detail.new for detail in one.details)


@given(st.lists(st.integers(0, 60), unique=True))
def test_a_longest_rising_subsequence_rises_and_no_longer_one_does(numbers: list[int]) -> None:
    members = longest_rising(numbers)
    kept = [number for number in numbers if number in members]
    assert kept == sorted(kept)
    longest: list[int] = []
    for place, number in enumerate(numbers):
        best = max((longest[other] for other in range(place) if numbers[other] < number), default=0)
        longest.append(best + 1)
    assert len(kept) == max(longest, default=0)


def question(key: str, text: str = "", **values: object) -> Question:
    """A yes/no question."""
    plain = Question(key, text or f"Was {key} done?", QuestionType.YES_NO, EvidenceRule.OPTIONAL)
    return plain._replace(**values)  # type: ignore[arg-type]


def framework(*sections: tuple[str, tuple[Question, ...]]) -> FrameworkContent:
    """The example with these sections."""
    return replace(example(), sections=tuple(Section(key, key.title(), listed) for key, listed in sections))


A, B, C, D = question("a"), question("b"), question("c"), question("d")


def test_a_question_put_in_moves_none_of_those_below() -> None:
    found = compare(framework(("one", (A, B, C))), framework(("one", (D, A, B, C))))
    assert keyed(found, Part.QUESTION, Change.ADDED) == {"d"}
    assert keyed(found, Part.QUESTION, Change.MOVED) == set()


def test_one_question_taken_to_the_end_is_the_only_one_moved() -> None:
    found = compare(framework(("one", (A, B, C, D))), framework(("one", (B, C, D, A))))
    assert keyed(found, Part.QUESTION, Change.MOVED) == {"a"}
    moved = found.of(Part.QUESTION, Change.MOVED)[0]
    assert (moved.old_place, moved.new_place) == ("One, question 1", "One, question 4")


def test_a_question_in_another_section_is_moved_and_a_moved_section_takes_its_questions_along() -> None:
    found = compare(framework(("one", (A, B)), ("two", (C, D))), framework(("two", (C, D, A)), ("one", (B,))))
    assert keyed(found, Part.QUESTION, Change.MOVED) == {"a"}
    assert len(found.of(Part.SECTION, Change.MOVED)) == 1


def test_a_removed_question_stands_where_it_stood() -> None:
    assert in_order(("a", "b", "c", "d"), ("d", "a", "x")) == ["d", "a", "b", "c", "x"]
    assert in_order(("a", "b"), ("b",)) == ["a", "b"]


def test_another_grade_rescales_its_questions_and_another_descriptor_only_the_scales_looks() -> None:
    old = example()
    scale = old.scales[0]
    graded = {one.key for one in old.questions if one.scale == scale.key}
    best = scale.grades[0]

    def with_best(**values: object) -> FrameworkContent:
        changed: Scale = scale._replace(grades=(best._replace(**values), *scale.grades[1:]))  # type: ignore[arg-type]
        return replace(old, scales=(changed, *old.scales[1:]))

    found = compare(old, with_best(score=best.score + 1))
    assert keyed(found, Part.QUESTION, Change.RESCALED) == graded
    assert keyed(found, Part.SCALE, Change.RESCALED) == {scale.key}
    found = compare(old, with_best(descriptor="Better than anybody hoped.", colour=Colour.PURPLE))
    assert keyed(found, Part.QUESTION, Change.RESCALED) == set()
    assert [one.label for one in found.of(Part.SCALE, Change.OTHER)[0].details] == [
        f"Colour of “{best.label}”",
        f"What “{best.label}” looks like",
    ]


def test_another_type_is_a_rescaling_and_other_facts_are_said_in_words() -> None:
    changed = A._replace(type=QuestionType.LONG_TEXT, sectors=(Sector.POLICE,), required=False, weight=3)
    found = compare(framework(("one", (A,))), framework(("one", (changed,)))).of(Part.QUESTION)[0]
    assert found.changes == (Change.RESCALED, Change.OTHER)
    assert {detail.label: (detail.old, detail.new) for detail in found.details} == {
        "Answered by": ("Yes, partly or no", "Long text"),
        "Answer": ("Required", "Optional"),
        "Asked of": ("Everybody", "Police"),
        "Weight": ("1", "3"),
    }


def test_every_member_of_every_part_is_looked_at() -> None:
    looked = {name for fact in QUESTION_FACTS for name in fact.fields} | {"key", "text", "type", "scale"}
    assert looked == set(Question._fields)
    looked = {name for fact in SECTION_FACTS for name in fact.fields} | {"key", "title", "questions"}
    assert looked == set(Section._fields)
    looked = {name for fact in PROFILE_FACTS for name in fact.fields} | {"key", "label", "type"}
    assert looked == set(type(example().profile[0])._fields)
    looked = {name for fact in DETAILS_FACTS for name in fact.fields}
    looked |= {"key", "name", "scales", "sections", "profile", "_index"}
    assert looked == set(FrameworkContent.__dataclass_fields__)


@given(st.text(max_size=60), st.text(max_size=60))
def test_the_pieces_are_the_texts_again_and_what_is_unmarked_is_in_both(old: str, new: str) -> None:
    found = word_difference(old, new)
    assert "".join(piece.text for piece in found.old) == old
    assert "".join(piece.text for piece in found.new) == new
    kept = [[piece.text for piece in side if not piece.changed] for side in found]
    assert "".join(kept[0]) == "".join(kept[1])
    assert (old == new) == (not any(piece.changed for side in found for piece in side))


def test_a_run_of_words_is_one_mark() -> None:
    found = word_difference("Was the child seen alone?", "Was every young person seen alone?")
    assert [piece.text for piece in found.old if piece.changed] == ["the child"]
    assert [piece.text for piece in found.new if piece.changed] == ["every young person"]
