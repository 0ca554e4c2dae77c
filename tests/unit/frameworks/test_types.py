import datetime
from decimal import Decimal
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.frameworks.answers import AnswerError, AnswerValue, RawAnswer, raw_answer, value_name
from qa.frameworks.content import YES_NO_SCALE, FrameworkContent, Question
from qa.frameworks.types import QUESTION_TYPES, type_of
from qa.frameworks.types.base import NOT_ANSWERED, Cell
from qa.frameworks.vocabulary import EvidenceRule, QuestionType
from tests.unit.frameworks.answer_strategies import answers
from tests.unit.frameworks.strategies import frameworks

# For each type a question of the small framework and an answer to it: as typed, kept, shown and exported.
EXAMPLES: dict[QuestionType, tuple[str, RawAnswer, AnswerValue, str, Cell]] = {
    QuestionType.GRADE: ("threshold", RawAnswer(("good",)), AnswerValue(grade="good"), "Good", "Good"),
    QuestionType.YES_NO: (
        "consent",
        RawAnswer(("partly",)),
        AnswerValue(option="partly"),
        "Partly",
        "Partly",
    ),
    QuestionType.SINGLE_CHOICE: (
        "referrer",
        RawAnswer(("other",)),
        AnswerValue(option="other"),
        "Somebody else",
        "Somebody else",
    ),
    QuestionType.SEVERAL_CHOICES: (
        "consulted",
        RawAnswer(("education", "health")),
        AnswerValue(options=("health", "education")),
        "Health; Education",
        "Health; Education",
    ),
    QuestionType.NUMBER: (
        "decision_days",
        RawAnswer(("12",)),
        AnswerValue(number=Decimal(12)),
        "12 days",
        12,
    ),
    QuestionType.DATE: (
        "referred_on",
        RawAnswer(day="3", month="March", year="2025"),
        AnswerValue(date=datetime.date(2025, 3, 3)),
        "3 March 2025",
        datetime.date(2025, 3, 3),
    ),
    QuestionType.SHORT_TEXT: (
        "reference_used",
        RawAnswer((" Level\n3 ",)),
        AnswerValue(text="Level 3"),
        "Level 3",
        "Level 3",
    ),
    QuestionType.LONG_TEXT: (
        "consent_why",
        RawAnswer(("One.\r\nTwo.\x00 ",)),
        AnswerValue(text="One.\nTwo."),
        "One.\nTwo.",
        "One.\nTwo.",
    ),
}


def question_of(kind: QuestionType, content: FrameworkContent, **changes: object) -> Question:
    """The example's question, with other settings where a test needs them."""
    question = content.question(EXAMPLES[kind][0])
    assert question.type is kind
    return Question(**{name: getattr(question, name) for name in Question._fields} | changes)


@pytest.mark.parametrize("kind", QuestionType)
def test_every_type_is_complete(kind: QuestionType, small: FrameworkContent) -> None:
    """From the form to the answer, and from the answer to the page, the spreadsheet and the form again."""
    answer_type = QUESTION_TYPES[kind]
    _, raw, value, shown, cell = EXAMPLES[kind]
    question = question_of(kind, small)
    assert answer_type.key is kind
    assert answer_type.label
    assert type_of(question) is answer_type
    assert answer_type.parse(question, small, raw) == value
    assert answer_type.is_answered(value)
    assert answer_type.display(question, small, value) == shown
    assert answer_type.export(question, small, value) == cell
    assert answer_type.parse(question, small, answer_type.to_raw(question, value)) == value
    html = answer_type.render(question, small, answer_type.to_raw(question, value))
    assert question.text in html
    assert f'name="{value_name(question.key)}' in html
    assert answer_type.check_complete(question, small, value, "Evidence.") == []
    assert set(value.keys) <= set(answer_type.condition_keys(question, small))


@pytest.mark.parametrize("kind", QuestionType)
def test_every_type_knows_no_answer(kind: QuestionType, small: FrameworkContent) -> None:
    answer_type, question = QUESTION_TYPES[kind], question_of(kind, small, required=True)
    assert answer_type.parse(question, small, RawAnswer()) is None
    assert answer_type.parse(question, small, RawAnswer(("",))) is None
    assert (
        answer_type.parse(
            question, small, RawAnswer(("  ",) if answer_type.macro in {"input", "textarea"} else ())
        )
        is None
    )
    assert not answer_type.is_answered(None)
    assert answer_type.display(question, small, None) == NOT_ANSWERED
    assert answer_type.export(question, small, None) is None
    assert answer_type.to_raw(question, None) == RawAnswer()
    assert not answer_type.counts_in_percentage(None)
    (error,) = answer_type.check_complete(question, small, None, None)
    assert error.message == answer_type.missing
    assert error.field in answer_type.render(question, small, RawAnswer(), error)
    assert answer_type.missing in answer_type.render(question, small, RawAnswer(), error)
    assert answer_type.check_complete(question_of(kind, small, required=False), small, None, None) == []


def test_every_type_is_listed_once() -> None:
    assert set(QUESTION_TYPES) == set(QuestionType) == set(EXAMPLES)


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_what_fills_a_field_is_read_as_the_same_answer(data: st.DataObject) -> None:
    content = data.draw(frameworks())
    for question in content.questions:
        answer_type = type_of(question)
        value = data.draw(answers(question, content))
        raw = answer_type.to_raw(question, value)
        assert answer_type.parse(question, content, raw) == value
        assert isinstance(answer_type.export(question, content, value), get_args(Cell))
        assert answer_type.display(question, content, value) != NOT_ANSWERED
        scale = answer_type.scale(question, content)
        counted = answer_type.counted_key(value)
        assert counted is None or (scale is not None and scale.grade(counted).key == counted)
        assert answer_type.render(question, content, raw)


@pytest.mark.parametrize("kind", [QuestionType.GRADE, QuestionType.YES_NO, QuestionType.SINGLE_CHOICE])
@pytest.mark.parametrize("values", [("nonsense",), ("good", "no", "other"), ("Good",), ("<b>",)])
def test_only_offered_answers_can_be_chosen(
    kind: QuestionType, values: tuple[str, ...], small: FrameworkContent
) -> None:
    with pytest.raises(AnswerError, match="Select one of the answers listed"):
        QUESTION_TYPES[kind].parse(question_of(kind, small), small, RawAnswer(values))


def test_several_choices_refuse_what_is_not_offered(small: FrameworkContent) -> None:
    with pytest.raises(AnswerError, match="listed"):
        QUESTION_TYPES[QuestionType.SEVERAL_CHOICES].parse(
            question_of(QuestionType.SEVERAL_CHOICES, small), small, RawAnswer(("health", "nonsense"))
        )


def test_not_applicable_is_an_answer_but_no_grade(small: FrameworkContent) -> None:
    for kind in (QuestionType.GRADE, QuestionType.YES_NO):
        answer_type, question = QUESTION_TYPES[kind], question_of(kind, small)
        value = answer_type.parse(question, small, RawAnswer(("not_applicable",)))
        assert value == AnswerValue(option="not_applicable")
        assert answer_type.is_answered(value)
        assert not answer_type.counts_in_percentage(value)
        assert answer_type.display(question, small, value) == "Not applicable"


def test_grades_and_yes_no_count_and_the_rest_do_not(small: FrameworkContent) -> None:
    counting = {
        kind
        for kind, (_, _, value, _, _) in EXAMPLES.items()
        if QUESTION_TYPES[kind].counts_in_percentage(value)
    }
    assert counting == {QuestionType.GRADE, QuestionType.YES_NO}
    consent = question_of(QuestionType.YES_NO, small)
    assert type_of(consent).scale(consent, small) == YES_NO_SCALE


def test_a_scale_without_not_applicable_does_not_offer_it(small: FrameworkContent) -> None:
    question = question_of(QuestionType.GRADE, small)
    document = FrameworkContent(
        **{
            name: getattr(small, name)
            for name in FrameworkContent.__slots__
            if name not in {"_index", "scales"}
        },
        scales=tuple(type(scale)(scale.key, scale.name, scale.grades, False) for scale in small.scales),
    )
    assert "not_applicable" not in type_of(question).condition_keys(question, document)
    with pytest.raises(AnswerError):
        type_of(question).parse(question, document, RawAnswer(("not_applicable",)))


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("12", "12"),
        (" 007 ", "7"),
        ("1,200", "1200"),
        ("12 days", "12"),
        ("12DAYS", "12"),
        ("+5", "5"),
        ("-0", "0"),
        ("\N{MINUS SIGN}3", "-3"),
        ("12.00", "12"),
    ],
)
def test_numbers_are_read_as_people_type_them(typed: str, number: str, small: FrameworkContent) -> None:
    question = question_of(QuestionType.NUMBER, small, min=None, max=None)
    value = type_of(question).parse(question, small, RawAnswer((typed,)))
    assert value == AnswerValue(number=Decimal(number))
    assert value is not None
    assert str(value.number) == number


@pytest.mark.parametrize(
    ("typed", "settings_", "message"),
    [
        ("twelve", {}, "The number of days must be a number in figures, like 12"),
        ("1e3", {}, "in figures"),
        ("NaN", {}, "in figures"),
        ("Infinity", {}, "in figures"),
        ("1,2", {}, "in figures"),
        ("\N{ARABIC-INDIC DIGIT TWO}", {}, "in figures"),
        ("1" * 50, {}, "in figures"),
        ("12.5", {}, "must be a whole number, like 12"),
        ("12.55", {"decimals": 1}, "no more than 1 decimal place"),
        ("401", {}, "must be between 0 and 400"),
        ("-1", {}, "must be between 0 and 400"),
        ("-1", {"max": None}, "must be 0 or more"),
        ("401", {"min": None}, "must be 400 or less"),
        ("99999999999", {"min": None, "max": None}, "must be 999,999,999.99 or less"),
        ("-99999999999", {"min": None, "max": None}, "must be -999,999,999.99 or more"),
        ("x", {"unit": "%"}, "The number must be a number"),
    ],
)
def test_numbers_that_cannot_be_are_refused(
    typed: str, settings_: dict[str, object], message: str, small: FrameworkContent
) -> None:
    question = question_of(QuestionType.NUMBER, small, **settings_)
    with pytest.raises(AnswerError) as caught:
        type_of(question).parse(question, small, RawAnswer((typed,)))
    assert message in caught.value.message
    assert caught.value.field == "q-decision_days"


@pytest.mark.parametrize(
    ("number", "unit", "shown"),
    [
        ("1", "days", "1 day"),
        ("2", "days", "2 days"),
        ("1200", "", "1,200"),
        ("5", "%", "5%"),
        ("0.5", "hours", "0.5 hours"),
        ("1", "loss", "1 loss"),
    ],
)
def test_numbers_are_shown_with_their_unit(
    number: str, unit: str, shown: str, small: FrameworkContent
) -> None:
    question = question_of(QuestionType.NUMBER, small, unit=unit)
    assert type_of(question).display(question, small, AnswerValue(number=Decimal(number))) == shown


@pytest.mark.parametrize(
    ("day", "month", "year", "iso"),
    [
        ("3", "3", "2025", "2025-03-03"),
        ("03", "03", "2025", "2025-03-03"),
        ("29", "Feb", "2024", "2024-02-29"),
        ("1", "sept", "2024", "2024-09-01"),
        (" 31 ", "DECEMBER", "1999", "1999-12-31"),
    ],
)
def test_dates_are_read_as_people_type_them(
    day: str, month: str, year: str, iso: str, small: FrameworkContent
) -> None:
    question = question_of(QuestionType.DATE, small)
    value = type_of(question).parse(question, small, RawAnswer(day=day, month=month, year=year))
    assert value == AnswerValue(date=datetime.date.fromisoformat(iso))


@pytest.mark.parametrize(
    ("day", "month", "year", "message", "marks"),
    [
        ("3", "", "2025", "The date must include a month", ("month",)),
        ("", "", "2025", "The date must include a day and a month", ("day", "month")),
        ("3", "3", "25", "The year must have 4 figures", ("year",)),
        ("3", "3", "1066", "The year must be between 1900 and 2100", ("year",)),
        ("31", "2", "2025", "The date must be a real date", ()),
        ("3", "13", "2025", "The date must be a real date", ()),
        ("3", "ma", "2025", "The date must be a real date", ()),
        ("x", "3", "2025", "The date must be a real date", ()),
        ("²", "3", "2025", "The date must be a real date", ()),
        ("3", "3", "二〇二五", "The year must have 4 figures", ("year",)),
    ],
)
def test_dates_that_cannot_be_are_refused(
    day: str, month: str, year: str, message: str, marks: tuple[str, ...], small: FrameworkContent
) -> None:
    question = question_of(QuestionType.DATE, small)
    raw = RawAnswer(day=day, month=month, year=year)
    with pytest.raises(AnswerError) as caught:
        type_of(question).parse(question, small, raw)
    assert message in caught.value.message
    assert caught.value.marks == tuple(f"q-referred_on-{mark}" for mark in marks)
    html = type_of(question).render(question, small, raw, caught.value)
    assert html.count("govuk-input--error") == (len(marks) or 3)
    assert f'id="{caught.value.field}"' in html
    assert f'value="{year}"' in html


@pytest.mark.parametrize("kind", [QuestionType.SHORT_TEXT, QuestionType.LONG_TEXT])
def test_text_too_long_to_keep_is_refused(kind: QuestionType, small: FrameworkContent) -> None:
    question = question_of(kind, small)
    longest = 500 if kind is QuestionType.SHORT_TEXT else 20_000
    assert type_of(question).parse(question, small, RawAnswer(("x" * longest,))) is not None
    with pytest.raises(AnswerError, match=f"Shorten the text to {longest:,} characters"):
        type_of(question).parse(question, small, RawAnswer(("x" * (longest + 1),)))


@given(st.text(st.characters(), max_size=200))
@settings(deadline=None)
def test_kept_text_holds_nothing_that_a_database_refuses(text: str) -> None:
    question = Question("q", "Why?", QuestionType.LONG_TEXT, EvidenceRule.NONE)
    content = FrameworkContent.__new__(FrameworkContent)
    value = QUESTION_TYPES[QuestionType.LONG_TEXT].parse(question, content, RawAnswer((text,)))
    kept = value.text if value is not None else ""
    assert kept is not None
    assert not {"\x00", "\r"} & set(kept)
    assert kept == kept.strip()
    assert kept.encode("utf-8").decode("utf-8") == kept


def test_too_many_words_keep_the_answer_from_being_submitted_but_not_from_being_saved(
    small: FrameworkContent,
) -> None:
    question = question_of(QuestionType.LONG_TEXT, small, max_words=3)
    value = type_of(question).parse(question, small, RawAnswer(("one two three four",)))
    assert value == AnswerValue(text="one two three four")
    (error,) = type_of(question).check_complete(question, small, value, None)
    assert error.message == "Your answer must be 3 words or fewer. It has 4"
    assert type_of(question).check_complete(question, small, AnswerValue(text="one two three"), None) == []


def test_an_answer_holds_one_thing() -> None:
    with pytest.raises(ValueError, match="exactly one"):
        AnswerValue()
    with pytest.raises(ValueError, match="exactly one"):
        AnswerValue(grade="good", option="no")


def test_an_error_says_its_question_in_a_summary(small: FrameworkContent) -> None:
    question = question_of(QuestionType.GRADE, small)
    (error,) = type_of(question).check_complete(question, small, None, None)
    assert error.summary == "Was the threshold decision right? Select a grade"
    long = question_of(QuestionType.GRADE, small, text="word " * 60)
    (error,) = type_of(long).check_complete(long, small, None, None)
    assert len(error.summary) < 120
    assert error.summary.endswith("… Select a grade")


class Form(dict[str, list[str]]):
    def getlist(self, key: str) -> list[str]:
        return self.get(key, [])


def test_a_form_is_read_by_the_names_of_its_boxes() -> None:
    form = Form(
        {"q-a": ["x", "y"], "q-b-day": ["1"], "q-b-month": ["2"], "q-b-year": ["2025"], "q-bb": ["no"]}
    )
    assert raw_answer("a", form) == RawAnswer(("x", "y"))
    assert raw_answer("b", form) == RawAnswer(day="1", month="2", year="2025")
    assert raw_answer("c", form) == RawAnswer()
