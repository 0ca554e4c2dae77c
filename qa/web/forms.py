"""Form base and field makers: GOV.UK widgets, cleaned text, errors in plain English."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from flask import render_template, request
from flask_wtf import FlaskForm
from flask_wtf.file import FileField as UploadField
from govuk_frontend_wtf.wtforms_widgets import (
    GovCheckboxesInput,
    GovCheckboxInput,
    GovDateInput,
    GovFileInput,
    GovPasswordInput,
    GovRadioInput,
    GovSelect,
    GovTextArea,
    GovTextInput,
)
from markupsafe import Markup
from wtforms import (
    BooleanField,
    DateField,
    EmailField,
    Field,
    HiddenField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import DataRequired, InputRequired, Length, Optional, StopValidation, ValidationError

from qa.problems import Questioned, Refused, Suspect

CHOICE = tuple[str, str]
LONG_TEXT_LIMIT = 20_000
EMAIL = re.compile(r"[^@\s<>\"',;:\\]+@[^@\s<>\"',;:\\]+\.[^@\s<>\"',;:\\]+")


def clean(text: str | None) -> str:
    """Typed text as it is kept: NFC, one kind of line end, no control characters, trimmed; None is empty."""
    if not text:
        return ""
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    kept = (c for c in text if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cs"})
    return "".join(kept).strip()


def one_line(text: str | None) -> str:
    """Typed text as it is kept where it is one line: a subject, a name, a heading."""
    return " ".join(clean(text).split("\n"))


class Form(FlaskForm):  # type: ignore[misc]
    """Base of every form: carries the record's version (empty for a new one) and takes refusals."""

    version = HiddenField()

    @property
    def version_number(self) -> int:
        """The version of the record when the form was opened; 0 for a new record or nonsense."""
        digits = str(self.version.data or "")
        return int(digits) if re.fullmatch(r"\d{1,9}", digits) else 0

    def refuse(self, refusal: Refused) -> None:
        """Put a command's refusals next to their fields; those of no field go to the top of the page."""
        for name, message in refusal.errors.items():
            field = self.field_of(name)
            if field is None:
                self.form_errors.append(message)
            else:
                field.errors = [*field.errors, message]
        if isinstance(refusal, Questioned):
            self._ask(refusal)

    def field_of(self, name: str) -> Field | None:
        """The field that a command means by a name; None when there is none."""
        found: Field | None = self._fields.get(name)
        return found

    def _ask(self, questioned: Questioned) -> None:
        """Put what is asked about a text beside its field, and texts with something replaced into theirs."""
        for name, asked in questioned.asked.items():
            field: Any = self.field_of(name)
            if field is not None:
                field.asked = asked
        for name, text in questioned.texts.items():
            field = self.field_of(name)
            if field is not None:
                field.data, field.replaced = text, True

    def typed(self) -> dict[str, str]:
        """What the person typed, by field name, for the page that shows two versions."""
        return {
            name: _shown(field)
            for name, field in self._fields.items()
            if name not in {"version", "csrf_token"} and not isinstance(field, PasswordField)
        }


class _Asking:
    """A box for text, and below it what is asked about what was typed there."""

    def __call__(self, field: Field, **kwargs: Any) -> Markup:
        box: Markup = super().__call__(field, **kwargs)  # type: ignore[misc]
        asked = getattr(field, "asked", None) or asked_before(field)
        replaced = getattr(field, "replaced", False)
        if not asked and not replaced:
            return box
        below = render_template("web/asked_field.html", field=field, asked=asked, replaced=replaced)
        return box + Markup(below)  # noqa: S704 rendered by a template, which escapes every text


class TextInput(_Asking, GovTextInput):  # type: ignore[misc]
    """One line of text."""


class TextArea(_Asking, GovTextArea):  # type: ignore[misc]
    """Several lines of text."""


def asked_before(field: Field) -> tuple[Suspect, ...]:
    """What the form that was sent had been asked about a field, as far as its text still holds it.

    Another field's error shows the page again before a command looks at the texts: a reason that was typed
    must not be lost by that.
    """
    if request.method != "POST":
        return ()
    found = []
    for line in request.form.getlist(f"asked-{field.name}"):
        parts = line.split("|", 3)
        if len(parts) == 4 and parts[3] in str(field.data or ""):
            token, kind, instead, text = parts
            found.append(Suspect(token, text, kind, instead, request.form.get(f"why-{token}", "")))
    return tuple(found)


def _shown(field: Field) -> str:
    labels = {value: label for value, label, *_ in getattr(field, "choices", None) or ()}
    data = field.data
    if isinstance(data, list):
        return ", ".join(str(labels.get(item, item)) for item in data)
    if isinstance(data, dict):
        return ""  # a field of many inputs: its form says what it holds
    if isinstance(data, bool):
        return "Yes" if data else "No"
    return "" if data is None else str(labels.get(data, data))


def _validators(required: str | None, extra: Sequence[Any]) -> list[Any]:
    first = InputRequired(required) if required else Optional(strip_whitespace=True)
    return [first, *extra]


def _text_validators(required: str | None, extra: Sequence[Any]) -> list[Any]:
    """As for other fields, but of the text as it is kept: spaces alone are no answer."""
    first = DataRequired(required) if required else Optional(strip_whitespace=True)
    return [first, *extra]


def _choices(pairs: Sequence[CHOICE]) -> list[SelectChoice]:
    return [SelectChoice(value, text) for value, text in pairs]


def _described(widget: Any, hint: str | None, no_such_choice: str = "") -> dict[str, Any]:
    return {
        "widget": widget,
        "description": hint or "",
        **({"invalid_choice_message": no_such_choice} if no_such_choice else {}),
    }


def text_field(
    label: str, *, required: str | None = None, hint: str | None = None, limit: int = 200
) -> StringField:
    """One line of text. required: the error when it is empty, None when it may be."""
    too_long = Length(max=limit, message=f"{label} must be {limit} characters or fewer")
    return StringField(
        label,
        filters=[one_line],
        validators=_text_validators(required, [too_long]),
        **_described(TextInput(), hint),
    )


def email_field(label: str, *, required: str, hint: str | None = None) -> EmailField:
    """An e-mail address, kept in lower case."""
    return EmailField(
        label,
        filters=[lambda text: clean(text).lower()],
        validators=[DataRequired(required), Length(max=254), _email],
        **_described(GovTextInput(), hint),
    )


def _email(_form: FlaskForm, field: Field) -> None:
    if not EMAIL.fullmatch(field.data or ""):
        raise ValidationError("Enter an e-mail address in the correct format, like name@example.org")


def long_text_field(
    label: str, *, required: str | None = None, hint: str | None = None, limit: int = LONG_TEXT_LIMIT
) -> TextAreaField:
    """Several lines of text. Rows of the box: render it with params {"rows": 8}."""
    too_long = Length(max=limit, message=f"{label} must be {limit:,} characters or fewer")
    return TextAreaField(
        label,
        filters=[clean],
        validators=_text_validators(required, [too_long]),
        **_described(TextArea(), hint),
    )


class DayField(DateField):
    """A date as day, month and year, with errors that name what is wrong."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Join the three boxes; three empty boxes are no date."""
        parts = [part.strip() for part in valuelist]
        # The widget shows three boxes again, whatever was sent.
        self.raw_data = parts if len(parts) == 3 else ["", "", ""]
        if not any(parts):
            self.data = None
            return
        name = self.label.text
        if len(parts) == 3 and not all(parts):
            missing = [word for word, part in zip(("day", "month", "year"), parts, strict=True) if not part]
            raise ValueError(f"{name} must include a {' and '.join(missing)}")
        try:
            day, month, year = (int(part) for part in " ".join(parts).split())
            self.data = date(year, month, day)
        except ValueError:
            self.data = None
            raise ValueError(f"{name} must be a real date, like 27 3 2026") from None
        if not 1900 <= year <= 2100:
            self.data = None
            raise ValueError(f"{name} must have a year with four digits, like 2026")


def day_field(label: str, *, required: str | None = None, hint: str | None = None) -> DayField:
    """A date in three boxes; data is a date or None."""
    return DayField(
        label, format="%d %m %Y", validators=[_day_given(required)], **_described(GovDateInput(), hint)
    )


def _day_given(required: str | None) -> Callable[[FlaskForm, Field], None]:
    # WTForms' own validators look at the first box alone and would forget what is wrong with the others.
    def check(_form: FlaskForm, field: Field) -> None:
        if not any(field.raw_data or ()):
            raise StopValidation(required or "")

    return check


def radio_field(
    label: str, choices: Sequence[CHOICE] = (), *, required: str | None = None, hint: str | None = None
) -> RadioField:
    """One of a few. Choices not known before the request are set on the form: form.x.choices = [...]."""
    return RadioField(
        label,
        choices=_choices(choices),
        validators=_validators(required, []),
        validate_choice=bool(required),
        **_described(GovRadioInput(), hint, "Choose one of the answers on the page"),
    )


def select_field(
    label: str, choices: Sequence[CHOICE] = (), *, required: str | None = None, hint: str | None = None
) -> SelectField:
    """One of many; the first choice should be ("", "Choose …")."""
    return SelectField(
        label,
        choices=_choices(choices),
        validators=_validators(required, []),
        **_described(GovSelect(), hint, "Choose one from the list"),
    )


def checkboxes_field(
    label: str, choices: Sequence[CHOICE] = (), *, required: str | None = None, hint: str | None = None
) -> SelectMultipleField:
    """Any number of several."""
    return SelectMultipleField(
        label,
        choices=_choices(choices),
        validators=_validators(required, []),
        **_described(GovCheckboxesInput(), hint, "Choose only from the answers on the page"),
    )


def tick_field(label: str, *, hint: str | None = None) -> BooleanField:
    """A single box to tick."""
    return BooleanField(label, **_described(GovCheckboxInput(), hint))


def password_field(label: str, *, required: str, hint: str | None = None) -> PasswordField:
    """A password; never shown again."""
    return PasswordField(label, validators=[InputRequired(required)], **_described(GovPasswordInput(), hint))


def file_field(label: str, *, required: str | None = None, hint: str | None = None) -> UploadField:
    """One uploaded file; data is a werkzeug FileStorage or None."""
    return UploadField(label, validators=_validators(required, []), **_described(GovFileInput(), hint))


def whole_number(low: int, high: int) -> Callable[[FlaskForm, Field], None]:
    """Validator of a text field that must hold a whole number within bounds."""

    def check(_form: FlaskForm, field: Field) -> None:
        text = field.data or ""
        if text and (not re.fullmatch(r"-?\d{1,9}", text) or not low <= int(text) <= high):
            raise ValidationError(f"{field.label.text} must be a whole number from {low} to {high}")

    return check
