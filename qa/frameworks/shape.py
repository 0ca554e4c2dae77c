"""Checks the shape of a file against its JSON Schema and says in plain words what does not fit."""

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from qa.frameworks.file_problems import ProblemList, did_you_mean, quoted, suggest
from qa.frameworks.naming import (
    choose,
    field_words,
    part_words,
    sentence,
    type_words,
    value_words,
    what_to_do,
)
from qa.frameworks.schema import keys_refused, types_that_take
from qa.frameworks.source import Path, Source

if TYPE_CHECKING:
    from jsonschema.protocols import Validator

_NOUNS = {
    "sections": "section",
    "questions": "question",
    "scales": "scale",
    "grades": "grade",
    "options": "option",
    "profile": "profile field",
    "only_if": "condition",
    "all": "condition",
    "any": "condition",
    "descriptors": "list of descriptors",
    "timescale": "timescale",
}
_CONDITION = (
    "Write {question: key, is: [answers]} or {profile: key, is: [answers]}, with is_not instead of is where "
    "that is meant, or put several of them in a list under all or any."
)
_KEY_RULE = "Use small letters, figures and underscores, beginning with a letter, at most 60 characters."
_KINDS = {
    "string": ("text", "Write one text here; put it in quotes if it holds brackets, braces or “- ”."),
    "boolean": ("true or false", "Write true or false, without quotes."),
    "integer": ("a whole number", "Write a number such as 3, without quotes."),
    "number": ("a number", "Write a number such as 3, without quotes."),
    "array": ("a list", "Write it as [a, b], or one entry a line, each beginning with “- ”."),
    "object": ("a group of keys", "Write keys and values under it, such as “key: …”."),
}
_PLAIN_KINDS = {
    "string": ("text", "Write one text."),
    "boolean": ("yes or no", "Choose yes or no."),
    "integer": ("a whole number", "Write a whole number such as 3."),
    "number": ("a number", "Write a number such as 3."),
}


def check_shape(validator: "Validator", source: Source, problems: ProblemList) -> None:
    """Note everything in which the source does not fit the schema, each at its line."""
    errors = validator.iter_errors(source.data)
    note_errors(((tuple(error.absolute_path), error) for error in errors), source, problems)


def note_errors(errors: Iterable[tuple[Path, Any]], source: Source, problems: ProblemList) -> None:
    """Note the validator's errors, each given with its place, in plain words."""
    for path, error in errors:
        _Fault(error, path, source, problems).note()


def thing_at(path: Path, data: Any) -> str:
    """What stands at a path, for a message: a question “consent”, the file."""
    noun, key = "file", None
    for index, step in enumerate(path):
        if isinstance(step, str) and step in _NOUNS:
            noun, key = _NOUNS[step], None
        elif isinstance(step, int):
            key = _key_at(path[: index + 1], data)
    return f"the {noun} {quoted(key)}" if key else f"the {noun}"


def _key_at(path: Path, data: Any) -> str | None:
    for step in path:
        data = data[step]
    key = data.get("key") if isinstance(data, dict) else None
    return key if isinstance(key, str) else None


class _Fault:
    """One complaint of the validator, on its way into plain words."""

    def __init__(self, error: Any, path: Path, source: Source, problems: ProblemList) -> None:
        self.error = error
        self.path = path
        self.source = source
        self.problems = problems
        self.name = str(path[-1]) if path and isinstance(path[-1], str) else None
        self.thing = thing_at(path, source.data)
        self.field = _field_of(path)
        self.words = field_words(self.field)
        self.of_profile = path[:1] == ("profile",)

    def note(self) -> None:
        """Put the complaint into words and add it to the problems."""
        if self.error.validator is None:
            self._not_for_this_type()
            return
        say: Mapping[str, Callable[[], None]] = {
            "additionalProperties": self._unknown_keys,
            "required": self._missing_keys,
            "type": self._wrong_type,
            "enum": self._not_in_list,
            "pattern": self._wrong_text,
            "maxLength": self._too_long,
            "minItems": self._too_few,
            "maxItems": self._too_many,
            "uniqueItems": self._repeated,
            "minimum": self._out_of_range,
            "maximum": self._out_of_range,
            "minProperties": self._wrong_condition,
            "maxProperties": self._wrong_condition,
            "oneOf": self._wrong_condition,
        }
        say.get(str(self.error.validator), self._something_else)()

    def _add(
        self, message: str, remedy: str, path: Path | None = None, *, plain: str = "", advice: str = ""
    ) -> None:
        place = self.path if path is None else path
        self.problems.add(self.source.line_of(place), message, remedy, place, plain=plain, advice=advice)

    @property
    def _subject(self) -> str:
        return quoted(self.name) if self.name else self.thing.capitalize() if self.path else "The file"

    @property
    def _inside(self) -> str:
        return part_words(self.path, self.source.data)

    @property
    def _part(self) -> str:
        return sentence(self._inside)

    @property
    def _value(self) -> str:
        """The field, and of which part, at the beginning of a sentence."""
        return f"The {self.words} of {self._inside}"

    def _unknown_keys(self) -> None:
        allowed = list(self.error.schema["properties"])
        for key in self.error.instance:
            if key not in allowed:
                remedy = did_you_mean(key, allowed) or f"Remove it. The keys here are: {', '.join(allowed)}."
                self._add(
                    f"{quoted(key)} is not a key of {self.thing}.",
                    remedy,
                    (*self.path, key),
                    plain=f"{self._part} has something that it cannot have: {quoted(key)}.",
                    advice=did_you_mean(key, allowed) or "Remove it.",
                )

    def _missing_keys(self) -> None:
        required: list[str] = self.error.validator_value
        for key in required:
            if key in self.error.instance:
                continue
            place = (*self.path, key)
            if key == "descriptor":
                grade = self.error.instance.get("label") or self.error.instance.get("key")
                what = f"The grade {quoted(grade)} has no descriptor."
                remedy = "Add “descriptor:” and say what practice of that grade looks like."
                self._add(what, remedy, place, advice=what_to_do(key))
            else:
                self._add(
                    f"{self.thing.capitalize()} has no {quoted(key)}.",
                    f"Add a line “{key}: …”.",
                    place,
                    plain=f"{self._part} has no {field_words(key)}.",
                    advice=what_to_do(key),
                )

    def _not_for_this_type(self) -> None:
        """Name the keys that the type does not take; the validator tells only whose keys they are."""
        holder: Any = self.source.data
        path = self.path if isinstance(self.path[-1], int) else self.path[:-1]
        for step in path:
            holder = holder[step]
        kind, thing = holder["type"], "profile_field" if self.of_profile else "question"
        for key in sorted(keys_refused(thing, kind) & holder.keys()):
            types, words = types_that_take(thing, key), field_words(key)
            labels = "; ".join(type_words(other, of_profile=self.of_profile) for other in types)
            label = type_words(kind, of_profile=self.of_profile)
            self._add(
                f"{quoted(key)} cannot be given for the type {quoted(kind)}.",
                f"Remove it, or use a type that takes it: {', '.join(types)}.",
                (*path, key),
                plain=f"{self._part} has the type “{label}”, which takes no {words}.",
                advice=f"Take the {words} out, or choose another type: {labels}.",
            )

    def _wrong_type(self) -> None:
        wanted, value = self.error.validator_value, self.error.instance
        if value is None:
            remedy = "Write its value after it, or remove it."
            self._add_empty(f"{self._subject} is empty.", remedy)
            return
        if wanted == "string" and not isinstance(value, list | dict):
            what = f"{self._subject} must be text, and {quoted(value)} without quotes is not."
            plain = f"{self._value} must be text, and {quoted(value)} is not."
            self._add(what, f"Put it in quotes: “{value}”.", plain=plain, advice="Write it as text.")
            return
        must_be, remedy = _KINDS[wanted]
        plain_must, advice = _PLAIN_KINDS.get(wanted, (must_be, what_to_do(self.field)))
        shown = "" if isinstance(value, list | dict) else f", not {quoted(value)}"
        plain = f"{self._value} must be {plain_must}{'' if wanted == 'boolean' else shown}."
        self._add(f"{self._subject} must be {must_be}{shown}.", remedy, plain=plain, advice=advice)

    def _add_empty(self, message: str, remedy: str) -> None:
        """Something is not filled in."""
        plain = f"{self._part} has no {self.words}."
        self._add(message, remedy, plain=plain, advice=what_to_do(self.field))

    def _not_in_list(self) -> None:
        allowed: list[str] = self.error.validator_value
        subject = quoted(self.name) if self.name else "An entry of this list"
        self._add(
            f"{subject} cannot be {quoted(self.error.instance)}.",
            suggest(str(self.error.instance), allowed),
            plain=f"{self._value} cannot be {quoted(self.error.instance)}.",
            advice=choose(value_words(self.field, value, of_profile=self.of_profile) for value in allowed),
        )

    def _wrong_text(self) -> None:
        if self.error.validator_value == r"\S":
            self._add_empty(f"{self._subject} is empty.", "Write its text.")
            return
        self._add(f"{quoted(self.error.instance)} cannot be a key.", _KEY_RULE)

    def _too_long(self) -> None:
        length, most = len(self.error.instance), self.error.validator_value
        what, remedy = f"is {length:,} characters long.", f"Shorten it to {most:,} or fewer."
        self._add(f"{self._subject} {what}", remedy, plain=f"{self._value} {what}")

    def _too_few(self) -> None:
        if not self.error.instance:
            remedy = "Add what belongs in it, or remove the key."
            self._add_empty(f"{self._subject} is an empty list.", remedy)
        else:
            least = f"needs at least {self.error.validator_value}"
            self._add(
                f"{self._subject} {least} entries.",
                "Add what is missing.",
                plain=f"{self._part} {least} {self.words}.",
                advice="Add another.",
            )

    def _too_many(self) -> None:
        most, count = self.error.validator_value, len(self.error.instance)
        what = f"{self._subject} has {count:,} entries."
        plain = f"{self._part} has {count:,} {self.words}."
        self._add(what, f"Keep to {most} at most.", plain=plain)

    def _repeated(self) -> None:
        seen: set[str] = set()
        for index, entry in enumerate(self.error.instance):
            if repr(entry) in seen:
                shown = quoted(value_words(self.field, entry) if isinstance(entry, str) else entry)
                self._add(
                    f"{quoted(entry)} stands twice in {self._subject}.",
                    "Remove one of them.",
                    (*self.path, index),
                    plain=f"{shown} stands twice among the {self.words} of {self._inside}.",
                )
            seen.add(repr(entry))

    def _out_of_range(self) -> None:
        least, most = self.error.schema.get("minimum"), self.error.schema.get("maximum")
        what = f"cannot be {quoted(self.error.instance)}."
        remedy = f"Use a number from {least} to {most}."
        self._add(f"{self._subject} {what}", remedy, plain=f"{self._value} {what}")

    def _wrong_condition(self) -> None:
        if self.name == "descriptors":
            remedy = "Name every grade of the scale, or remove the key."
            self._add_empty("“descriptors” is empty.", remedy)
        else:
            what = "is not complete, or says two things at once."
            plain = f"The condition of {self._inside} {what}"
            self._add(f"This condition {what}", _CONDITION, plain=plain, advice=what_to_do("only_if"))

    def _something_else(self) -> None:
        self._add(
            f"{self._subject} is not as it should be ({self.error.message[:120]}).",
            "Compare it with the schema.",
            plain=f"{self._value} is not as it should be.",
            advice=what_to_do(self.field),
        )


def _field_of(path: Path) -> str:
    """The field that a path leads to, or in whose list its end stands."""
    if "descriptors" in path[:-1]:
        return "descriptor"
    return next((str(step) for step in reversed(path) if isinstance(step, str)), "")
