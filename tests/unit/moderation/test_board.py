"""The board of a case: what is shown of each agency's answers."""

from pathlib import Path

from qa.accounts.sectors import Sector
from qa.frameworks.answers import AnswerValue
from qa.frameworks.checking import check_text
from qa.frameworks.content import FrameworkContent
from qa.moderation.board import LONGEST_IN_CELL, Answered, Board, Row, Side, build, spreads

SMALL = Path(__file__).parents[2] / "support" / "small_framework.yaml"
ON_A_PLAN = {"pathway": "child_protection"}


def content() -> FrameworkContent:
    """The small framework."""
    checked = check_text(SMALL.read_text("utf-8"), SMALL.name, {"thresholds"})
    assert checked.content, checked.problems
    return checked.content


def side(number: int, sector: Sector, **answers: str | AnswerValue) -> Side:
    """An agency's return; a plain string is a grade."""
    said = {
        key: Answered(AnswerValue(grade=value) if isinstance(value, str) else value, f"Evidence for {key}")
        for key, value in answers.items()
    }
    return Side(number, number, f"Agency {number}", f"A{number}", sector, said)


def row(board: Board, key: str) -> Row:
    """The question's row."""
    return next(each for section in board.sections for each in section.rows if each.key == key)


def test_grades_stand_side_by_side_and_what_is_apart_is_marked() -> None:
    sides = [
        side(1, Sector.LOCAL_AUTHORITY, threshold="outstanding", front_door_grade="good"),
        side(2, Sector.HEALTH, threshold="inadequate", front_door_grade="requires_improvement"),
    ]
    board = build(content(), {}, sides, [], {})
    threshold = row(board, "threshold")
    assert [(cell.agency, cell.text, cell.colour) for cell in threshold.cells] == [
        ("A1", "Outstanding", "green"),
        ("A2", "Inadequate", "red"),
    ]
    assert (threshold.spread, threshold.apart) == (3, True)
    assert (row(board, "front_door_grade").spread, row(board, "front_door_grade").apart) == (1, False)
    assert (board.apart, board.sections[0].apart) == (1, 1)
    assert board.sections[0].grades is row(board, "front_door_grade")


def test_what_all_agencies_answered_suggests_a_grade_but_for_what_was_not_asked() -> None:
    sides = [
        side(1, Sector.POLICE, threshold="good", plan_smart="inadequate", front_door_grade="inadequate"),
        side(2, Sector.HEALTH, threshold="outstanding", plan_smart="good"),
    ]
    board = build(content(), ON_A_PLAN, sides, [], {})
    found = {section.key: section.suggestion for section in board.sections}
    assert {key: one.words for key, one in found.items() if one} == {
        "front_door": "worst Good, middle Good, weighted Good",
        "protection": "worst Good, middle Good, weighted Good",
    }
    nothing = build(content(), {}, [side(1, Sector.POLICE, front_door_grade="good")], [], {})
    assert [section.suggestion for section in nothing.sections] == [None]


def test_a_second_return_is_shown_and_counts_in_nothing() -> None:
    firsts = [
        side(1, Sector.POLICE, threshold="good", plan_smart="good"),
        side(2, Sector.HEALTH, threshold="outstanding"),
    ]
    second = side(3, Sector.POLICE, threshold="inadequate", plan_smart="inadequate")._replace(second=True)
    before, after = (build(content(), ON_A_PLAN, sides, [], {}) for sides in (firsts, [*firsts, second]))
    assert [cell.text for cell in row(after, "threshold").cells] == ["Good", "Outstanding", "Inadequate"]
    assert after.apart == before.apart == 0
    assert [one.suggestion for one in after.sections] == [one.suggestion for one in before.sections]
    assert spreads(content(), ON_A_PLAN, [*firsts, second]) == spreads(content(), ON_A_PLAN, firsts)
    assert spreads(content(), ON_A_PLAN, [firsts[0], second]) == ()


def test_a_section_is_shown_when_any_agency_was_asked_it() -> None:
    police = side(1, Sector.POLICE, threshold="good")
    health = side(2, Sector.HEALTH, plan_smart="good")
    assert [section.key for section in build(content(), ON_A_PLAN, [police], [], {}).sections] == [
        "front_door"
    ]
    board = build(content(), ON_A_PLAN, [police, health], [], {})
    assert [section.key for section in board.sections] == ["front_door", "protection"]
    assert [cell.text for cell in row(board, "plan_smart").cells] == ["Not asked", "Good"]
    # Neither police nor health is asked what the local authority alone is asked.
    assert "police_check" not in [each.key for each in board.sections[1].rows]


def test_an_answer_to_a_question_that_is_not_asked_is_not_shown_and_compares_with_nothing() -> None:
    sides = [
        side(1, Sector.HEALTH, plan_smart="outstanding"),
        side(2, Sector.LOCAL_AUTHORITY, plan_smart="inadequate"),
    ]
    assert max(steps or 0 for steps in spreads(content(), ON_A_PLAN, sides)) == 3
    assert all(steps is None for steps in spreads(content(), {"pathway": "early_help"}, sides))
    board = build(content(), {"pathway": "early_help"}, sides, [], {})
    assert [section.key for section in board.sections] == ["front_door"]
    assert board.apart == 0


def test_other_answers_are_text_and_a_missing_one_says_so() -> None:
    one = side(1, Sector.HEALTH, consent=AnswerValue(option="no"), consulted=AnswerValue(options=("police",)))
    board = build(content(), {}, [one], [], {})
    assert [row(board, key).cells[0].text for key in ("consent", "consulted", "threshold")] == [
        "No",
        "Police",
        "Not answered",
    ]
    assert row(board, "threshold").cells[0].muted
    assert row(board, "consent").spread is None


def test_a_long_answer_is_shortened_in_its_cell_and_whole_behind_it() -> None:
    words = "The child said that home felt calmer. " * 10
    one = side(1, Sector.HEALTH, front_door_impact=AnswerValue(text=words.strip()))
    cell = row(build(content(), {}, [one], [], {}), "front_door_impact").cells[0]
    assert len(cell.text) <= LONGEST_IN_CELL + 1
    assert cell.text.endswith("…")
    assert cell.words == words.strip()
    assert cell.evidence == "Evidence for front_door_impact"


def test_only_what_is_apart_can_be_asked_for() -> None:
    sides = [
        side(1, Sector.HEALTH, threshold="outstanding", front_door_grade="good"),
        side(2, Sector.POLICE, threshold="inadequate", front_door_grade="good"),
    ]
    everything = build(content(), {}, sides, [], {}).sections[0]
    apart = build(content(), {}, sides, [], {}, only_apart=True).sections[0]
    assert [each.key for each in apart.rows] == ["threshold"]
    assert apart.hidden == len(everything.rows) - 1
    # The grades at a glance stay.
    assert apart.grades == everything.grades
