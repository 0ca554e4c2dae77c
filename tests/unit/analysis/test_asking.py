"""What decides whether a section's grade was asked."""

from qa.accounts.sectors import Sector
from qa.analysis.asking import Deciding, deciding, grade_questions
from qa.frameworks.content import Clause, Condition, Question
from qa.frameworks.vocabulary import EvidenceRule, QuestionType, Subject
from tests.unit.analysis.examples import CASES, content, section


def when(*looks: tuple[Subject, str]) -> Condition:
    return Condition(tuple(Clause(subject, key, ("yes",)) for subject, key in looks))


def asked(key: str, only_if: Condition | None = None) -> Question:
    return Question(key, "Was it?", QuestionType.YES_NO, EvidenceRule.NONE, only_if=only_if)


def test_nothing_decides_where_every_section_is_asked() -> None:
    assert deciding(CASES, grade_questions(CASES)) == Deciding((), ())


def test_sections_without_a_grade_have_no_grade_question() -> None:
    assert [question.key for question in grade_questions(CASES)] == [
        "front_door_grade",
        "plans_grade",
        "training_grade",
    ]


def test_a_section_a_grade_and_what_they_look_at_in_turn_decide() -> None:
    framework = content(
        section("first", None, asked("consent", when((Subject.PROFILE, "pathway"))), asked("unlooked_at")),
        section("second", None, asked("plan"), only_if=when((Subject.PROFILE, "language"))),
        section("third", only_if=when((Subject.QUESTION, "consent"), (Subject.PROFILE, "age"))),
        section("fourth", grade_only_if=when((Subject.QUESTION, "plan"), (Subject.QUESTION, "consent"))),
    )
    assert deciding(framework, grade_questions(framework)) == Deciding(
        ("age", "pathway", "language"), ("consent", "plan")
    )


def test_conditions_of_other_questions_decide_nothing() -> None:
    framework = content(
        section("first", None, asked("why", when((Subject.PROFILE, "pathway")))), section("second")
    )
    assert deciding(framework, grade_questions(framework)) == Deciding((), ())


def test_each_question_has_its_own_facts_and_the_sectors_that_it_or_they_are_for() -> None:
    framework = content(
        section(
            "first",
            None,
            asked("consent")._replace(sectors=(Sector.POLICE,)),
            asked("why", when((Subject.QUESTION, "consent"))),
            asked("plain"),
        ),
        section("second", None, asked("plan"))._replace(sectors=(Sector.HEALTH,)),
    )
    found = {question.key: deciding(framework, [question]) for question in framework.questions}
    assert found == {
        "consent": Deciding((), (), sectors=True),
        "why": Deciding((), ("consent",), sectors=True),
        "plain": Deciding((), ()),
        "plan": Deciding((), (), sectors=True),
    }
    assert {key for key, facts in found.items() if facts.anything} == {"consent", "why", "plan"}
