"""Timescales of dates: checked in files, drafts and workbooks, shown in words, kept by the builder."""

import pytest

from qa.frameworks.checking import check_text
from qa.frameworks.comparing import Change, Part, compare
from qa.frameworks.content import FrameworkContent, Timescale
from qa.frameworks.describing import describe
from qa.frameworks.document import to_document
from qa.frameworks.drafts.checks import check_draft
from qa.frameworks.drafts.editing import dependents, duplicated
from qa.frameworks.drafts.elements import Kind, element
from qa.frameworks.drafts.subjects import dates_before
from qa.frameworks.vocabulary import DayKind, Subject
from qa.frameworks.workbook.conditions import ConditionWords, Fault, Looked
from qa.frameworks.workbook.timescales import read_timescale
from qa.frameworks.workbook.words import Answers
from tests.unit.frameworks.example import EXAMPLE, THEMES, line_of

DATES = """\
      - key: begun_on
        text: When was the strategy discussion?
        type: date
        sectors: [police]
      - key: held_on
        text: When was the conference held?
        type: date
        timescale: {from: begun_on, days: 15, kind: working}
"""
PLACE = "      - key: front_door_grade\n"
TIMED = EXAMPLE.replace(PLACE, DATES + PLACE)
LIMIT = "timescale: {from: begun_on, days: 15, kind: working}"


def timed() -> FrameworkContent:
    """The example with two dates."""
    result = check_text(TIMED, "example.yaml", THEMES)
    assert result.content is not None, [str(problem) for problem in result.problems]
    return result.content


def test_a_file_pairs_a_date_with_an_earlier_one() -> None:
    question = timed().question("held_on")
    assert question.timescale == Timescale("begun_on", 15, DayKind.WORKING)
    document = to_document(timed())
    held = next(one for one in document["sections"][0]["questions"] if one["key"] == "held_on")
    assert held["timescale"] == {"from": "begun_on", "days": 15, "kind": "working"}


@pytest.mark.parametrize(
    ("old", "new", "mark", "message", "remedy"),
    [
        ("from: begun_on", "from: begin_on", "from: begin", "no question “begin_on” to count", "begun_on"),
        ("from: begun_on", "from: days", "from: days", "“days”, which is no date", "type date"),
        ("from: begun_on", "from: held_on", "from: held", "counted from the question itself", "earlier date"),
        ("from: begun_on, ", "", "timescale:", "The timescale has no “from”.", "Add a line"),
        ("days: 15, ", "", "timescale:", "The timescale has no “days”.", "Add a line"),
        ("days: 15", "days: -1", "days: -1", "“days” cannot be “-1”.", "from 0 to 3650"),
        ("days: 15", "days: fifteen", "days: fif", "must be a whole number, not “fifteen”", "such"),
        ("kind: working}", "kind: woking}", "kind: woking", "cannot be “woking”.", "“working”?"),
        ("kind: working}", "kind: working, of: a}", "of: a", "“of” is not a key of the timescale.", "Remove"),
        (LIMIT, "timescale: 15", "timescale: 15", "“timescale” must be a group of keys", "under it"),
        ("sectors: [police]\n      - key: held", "sectors: [health]\n      - key: held", "", "", ""),
        ("working}", "working}\n        sectors: [health]", "timescale:", "never asked “begun_on”", "health"),
        ("type: date\n        sec", "type: number\n        sec", "from: begun", "which is no date", "date"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_timescale_is_said_at_its_line(
    old: str, new: str, mark: str, message: str, remedy: str
) -> None:
    text = TIMED.replace(old, new)
    problems = check_text(text, "example.yaml", THEMES).problems
    if not mark:
        assert not problems
        return
    found = next(problem for problem in problems if message in problem.message)
    assert found.line == line_of(text, mark)
    assert remedy in found.remedy


def test_a_date_that_is_asked_later_cannot_be_counted_from() -> None:
    later = TIMED.replace(LIMIT, "required: false").replace(
        "        type: date\n        sectors",
        f"        type: date\n        {LIMIT.replace('begun', 'held')}\n        sectors",
    )
    (problem,) = check_text(later, "example.yaml", THEMES).problems
    assert problem.message == "The timescale is counted from “held_on”, which is asked later."
    assert problem.plain_message == (
        "The timescale of the question “When was the strategy discussion?” is counted from the question "
        "“When was the conference held?”, which is asked later."
    )


def test_another_type_takes_no_timescale() -> None:
    problems = check_text(
        TIMED.replace("type: date\n        timescale", "type: short_text\n        timescale"),
        "example.yaml",
        THEMES,
    ).problems
    assert [problem.message for problem in problems] == [
        "“timescale” cannot be given for the type “short_text”."
    ]
    assert "takes no timescale" in problems[0].plain_message


def test_a_draft_says_what_is_wrong_beside_its_question() -> None:
    document = to_document(timed())
    section = document["sections"][0]
    questions = [one for one in section["questions"] if one["key"] != "begun_on"]
    broken = {**document, "sections": [{**section, "questions": questions}, *document["sections"][1:]]}
    (problem,) = check_draft(broken, THEMES).problems
    assert (problem.kind, problem.key, problem.field) == (Kind.QUESTION, "held_on", "timescale")
    assert problem.message.endswith("is counted from a question that is not there: “begun on”.")


def test_the_builder_offers_earlier_dates_and_knows_what_depends_on_one() -> None:
    document = to_document(timed())
    assert dates_before(document, "held_on") == {"begun_on": "When was the strategy discussion?"}
    assert dates_before(document, "begun_on") == {}
    assert dependents(document, Kind.QUESTION, "begun_on") == ("held_on",)
    copied, key = duplicated(document, Kind.SECTION, "front_door")
    held = element(copied, Kind.QUESTION, "held_on_copy")
    assert key == "front_door_copy"
    assert held is not None
    assert held.value["timescale"] == {"from": "begun_on_copy", "days": 15, "kind": "working"}
    assert check_draft(copied, THEMES).content is not None


def test_another_limit_is_a_change_in_words() -> None:
    old = timed()
    new = check_text(
        TIMED.replace("days: 15, kind: working", "days: 10, kind: calendar"), "example.yaml", THEMES
    )
    assert new.content is not None
    (changed,) = compare(old, new.content).of(Part.QUESTION, Change.OTHER)
    (detail,) = changed.details
    assert (detail.label, detail.old, detail.new) == (
        "Timescale",
        "Within 15 working days of “When was the strategy discussion?”",
        "Within 10 calendar days of “When was the strategy discussion?”",
    )
    assert describe(old)["held_on"].timescale == detail.old
    assert describe(old)["begun_on"].timescale == ""


@pytest.fixture
def names() -> ConditionWords:
    """Two dates, two questions that read alike, and a number."""
    return ConditionWords(
        Looked(Subject.QUESTION, key, text, Answers(()), number)
        for key, text, number in (
            ("begun", "When was it, begun?", "1.1"),
            ("one", "When?", "1.2"),
            ("other", "When?", "1.3"),
            ("odd", "from 10 calendar days", "1.4"),
        )
    )


@pytest.mark.parametrize(
    ("said", "start", "days", "kind"),
    [
        ("15 working days from “When was it, begun?”", "begun", 15, "working"),
        ("within 15 Working Days of 1.1", "begun", 15, "working"),
        ("At most 1 working day after When was it, begun?", "begun", 1, "working"),
        ("0 calendar days from [other]", "other", 0, "calendar"),
        ("3 calendar days from “from 10 calendar days”", "odd", 3, "calendar"),
        ("10\ncalendar days\nfrom question 1.4", "odd", 10, "calendar"),
    ],
)
def test_a_timescale_may_be_written_in_several_ways(
    names: ConditionWords, said: str, start: str, days: int, kind: str
) -> None:
    assert read_timescale(said, names) == ({"from": start, "days": days, "kind": kind}, None)


@pytest.mark.parametrize(
    ("said", "message", "remedy"),
    [
        ("soon", "This timescale is not understood: “soon”.", "15 working days from 1.2"),
        ("15 days from 1.1", "This timescale is not understood", "15 working days"),
        ("15 working days from “Nothing”", "There is no question “Nothing”.", "number on the sheet"),
        (
            "15 working days from When was it begun",
            "There is no question",
            "Did you mean “When was it, begun?”?",
        ),
        ("15 working days from When?", "2 of them are called “When?”.", "[one], [other]"),
        ("15 working days from [gone]", "There is no question “[gone]”.", "number on the sheet"),
    ],
)
def test_what_is_not_understood_is_said_with_how_to_write_it(
    names: ConditionWords, said: str, message: str, remedy: str
) -> None:
    timescale, wrong = read_timescale(said, names)
    assert timescale is None
    assert isinstance(wrong, Fault)
    assert message in wrong.message
    assert remedy in wrong.remedy


def test_questions_that_read_alike_go_by_their_keys(names: ConditionWords) -> None:
    assert names.name_of("begun") == "“When was it, begun?”"
    assert names.name_of("one") == "[one]"
