import datetime

from werkzeug.datastructures import MultiDict
from wtforms.form import BaseForm

from qa.frameworks.answers import AnswerValue, value_name
from qa.frameworks.content import FrameworkContent
from qa.frameworks.types import type_of
from qa.frameworks.types.fields import AnswerField


def form_of(content: FrameworkContent, *keys: str) -> BaseForm:
    questions = [content.question(key) for key in keys]
    return BaseForm(
        {value_name(question.key): type_of(question).field(question, content) for question in questions}
    )


def test_a_form_gives_answers(small: FrameworkContent) -> None:
    form = form_of(small, *(question.key for question in small.questions))
    sent = MultiDict(
        [
            ("q-threshold", "good"),
            ("q-consulted", "police"),
            ("q-consulted", "health"),
            ("q-referred_on-day", "3"),
            ("q-referred_on-month", "3"),
            ("q-referred_on-year", "2025"),
            ("q-reference_used", " Level 3 "),
        ]
    )
    form.process(sent)
    assert form.validate()
    assert {name: value for name, value in form.data.items() if value is not None} == {
        "q-threshold": AnswerValue(grade="good"),
        "q-consulted": AnswerValue(options=("health", "police")),
        "q-referred_on": AnswerValue(date=datetime.date(2025, 3, 3)),
        "q-reference_used": AnswerValue(text="Level 3"),
    }


def test_a_field_that_cannot_be_understood_keeps_what_was_typed(small: FrameworkContent) -> None:
    form = form_of(small, "decision_days", "consent")
    form.process(MultiDict([("q-decision_days", "twelve"), ("q-consent", "no")]))
    assert not form.validate()
    field = form["q-decision_days"]
    assert isinstance(field, AnswerField)
    assert field.data is None
    assert field.errors == ["The number of days must be a number in figures, like 12"]
    assert field.answer_error is not None
    assert 'value="twelve"' in field()
    assert "govuk-error-message" in field()
    assert form["q-consent"].data == AnswerValue(option="no")


def test_a_field_shows_the_answer_it_is_given(small: FrameworkContent) -> None:
    form = form_of(small, "consent", "referred_on", "decision_days")
    form.process(None, data={"q-consent": AnswerValue(option="partly"), "q-referred_on": None})
    assert form["q-consent"]().count(" checked") == 1
    assert 'value="partly" checked' in form["q-consent"]()
    assert form["q-decision_days"].data is None
