"""What the builder's forms share: fields made of many inputs, and rows that are added and removed."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from govuk_frontend_wtf.wtforms_widgets import GovTextInput
from wtforms import Field, StringField
from wtforms.utils import unset_value
from wtforms.validators import Optional

from qa.frameworks.drafts.elements import Document
from qa.web.forms import Form, clean, whole_number

MOST_ROWS = 100
UNORDERED = frozenset({"evidence_required_for", "sectors", "themes", "only_if"})
BLANK = "__n__"  # stands for the number of a row that the script adds
HEAVIEST = 100  # as the schema of framework files has it
ROW = re.compile(r"(\d{1,4})-([a-z_]+)")
REARRANGING = re.compile(r"(add|remove|up|down)-([a-z_]+?)(?:-(\d{1,4}))?")


class Row(NamedTuple):
    """One row of a field: its values by input name. name: the beginning of its inputs' names."""

    name: str
    values: Mapping[str, tuple[str, ...]]
    number: int

    def text(self, key: str) -> str:
        """The text typed into that input; "" when it was not sent."""
        return (self.values.get(key) or ("",))[0]

    def texts(self, key: str) -> tuple[str, ...]:
        """What was ticked under that name."""
        return tuple(value for value in self.values.get(key, ()) if value)


class ManyField(Field):
    """Inputs named "FIELD-...": whatever was typed into them, by the rest of the name."""

    data: dict[str, list[str]]

    def process(
        self, formdata: Any, data: Any = unset_value, extra_filters: Sequence[Any] | None = None
    ) -> None:
        """Take every input that belongs to the field."""
        self.process_errors: list[str] = []
        self.row_errors: dict[str, str] = {}
        self.object_data = {} if data is unset_value or data is None else data
        if formdata is None:
            self.data = self.object_data
            return
        start = f"{self.name}-"
        self.data = {
            name.removeprefix(start): [clean(value) for value in formdata.getlist(name)]
            for name in formdata
            if name.startswith(start)
        }

    def text(self, key: str) -> str:
        """What was typed into one input."""
        return (self.data.get(key) or [""])[0]

    def texts(self, key: str) -> list[str]:
        """What was ticked under one name."""
        return [value for value in self.data.get(key) or () if value]

    def error(self, key: str, message: str) -> None:
        """Note an error next to one of the inputs, and in the summary (of a field the first one)."""
        self.row_errors.setdefault(key, message)
        self.errors = [*self.errors, message]


class RowsField(ManyField):
    """Rows of inputs named "FIELD-NUMBER-INPUT", in the order of their numbers."""

    @property
    def rows(self) -> list[Row]:
        """The rows as they were typed."""
        found: dict[int, dict[str, tuple[str, ...]]] = {}
        for name, values in self.data.items():
            match = ROW.fullmatch(name)
            if match:
                found.setdefault(int(match[1]), {})[match[2]] = tuple(values)
        return [
            Row(f"{self.name}-{index}", found[index], number)
            for number, index in enumerate(sorted(found)[:MOST_ROWS], start=1)
        ]

    def fill(self, rows: Sequence[Mapping[str, Sequence[str]]]) -> None:
        """Put these rows in place of those there are."""
        self.data = as_rows(rows)

    def arrange(self, act: str, index: int | None) -> None:
        """Add an empty row, or remove or move the one with that index."""
        rows = [(int(row.name.rsplit("-", 1)[1]), row.values) for row in self.rows]
        if act == "add":
            rows.append((-1, {"added": ("1",)}))
        else:
            place = next((place for place, (number, _) in enumerate(rows) if number == index), None)
            if place is None:
                return
            row = rows.pop(place)
            if act != "remove":
                rows.insert(max(0, place + (-1 if act == "up" else 1)), row)
        self.fill([values for _, values in rows])


def as_rows(rows: Sequence[Mapping[str, Sequence[str]]]) -> dict[str, list[str]]:
    """Rows as the data of a RowsField."""
    return {
        f"{number}-{name}": list(values) for number, row in enumerate(rows) for name, values in row.items()
    }


class BuilderForm(Form):
    """A form on one part of a draft. `known`: what it can change of the part; anything else stays."""

    known: frozenset[str] = frozenset()

    def values(self) -> dict[str, Any]:
        """The part as it was typed, in the document's shape; what is empty may be in it as None or ""."""
        raise TypeError(f"{type(self).__name__} makes no part")

    @property
    def errors(self) -> dict[str | None, Any]:
        """Errors by field; those of rows by the input they stand at, so that the summary leads there."""
        found: dict[str | None, Any] = {}
        for name, errors in super().errors.items():
            field = self._fields.get(name)
            rows = field.row_errors if isinstance(field, ManyField) else {}
            found |= {f"{name}-{key}" if key else name: [error] for key, error in rows.items()}
            if not rows:
                found[name] = errors
        return found

    def check(self) -> None:
        """Note errors that one field's validators cannot see."""

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether nothing is wrong with what was typed."""
        super().validate(extra_validators)
        self.check()
        return not self.errors

    def shown(self) -> Mapping[str, str]:
        """What the fields of many inputs hold, for the page with two versions."""
        return {}

    def blank_row(self, name: str) -> Row:
        """An empty row of that field, from which the script makes new ones."""
        return Row(f"{name}-{BLANK}", {}, 0)

    def typed(self) -> dict[str, str]:
        """What was typed, by field name."""
        return {**super().typed(), **self.shown()}

    def rearrange(self, act: str) -> bool:
        """Do what a button other than the saving ones asks; False when it was one of those.

        act: "show" (the fields that a type takes), "add-FIELD", "remove-FIELD-3", "up-FIELD-3".
        """
        if act == "show":
            return True
        match = REARRANGING.fullmatch(act)
        field = self._fields.get(match[2]) if match else None
        if match is None or not isinstance(field, RowsField):
            return False
        field.arrange(match[1], int(match[3]) if match[3] else None)
        return True


def merged(form: BuilderForm, part: Document, values: Mapping[str, Any]) -> dict[str, Any]:
    """The part with the form's values; what the form knows nothing of stays as it is.

    Answers that are the same but for their order keep it, so that saving what nobody changed changes nothing.
    """
    kept = {name: value for name, value in part.items() if name not in form.known}
    same = {
        name: part[name]
        for name in UNORDERED & part.keys() & values.keys()
        if _in_order(part[name]) == _in_order(values[name])
    }
    return {**kept, **values, **same}


def _in_order(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _in_order(entry) for name, entry in value.items()}
    if isinstance(value, list) and all(isinstance(entry, str) for entry in value):
        return sorted(value)
    return [_in_order(entry) for entry in value] if isinstance(value, list) else value


def words_of(
    make: Callable[[Document, Document | None], BuilderForm], document: Document, form: BuilderForm
) -> Callable[[Document], Mapping[str, str]]:
    """For the page with two versions: a part's values as the form would show them, where they differ."""

    def words(part: Document) -> Mapping[str, str]:
        mine, theirs = form.typed(), make(document, part).typed()
        return {name: text for name, text in theirs.items() if text != mine.get(name, "")}

    return words


def number_field(label: str, low: int, high: int, hint: str = "") -> StringField:
    """A whole number within bounds; data is its text."""
    field: StringField = StringField(
        label,
        filters=[clean],
        validators=[Optional(strip_whitespace=True), whole_number(low, high)],
        widget=GovTextInput(),
        description=hint,
    )
    return field


def weight_field(hint: str) -> StringField:
    """How many times something counts."""
    return number_field("Weight", 1, HEAVIEST, hint)


def number_of(text: str | None) -> int | None:
    """A checked text as a number; None when it is empty."""
    return int(text) if text else None


def on_one_line(text: str | None) -> str:
    """A text with its line breaks and runs of spaces taken out."""
    return " ".join((text or "").split())
