"""Checks the shape of a file against its JSON Schema and says in plain words what does not fit."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from qa.frameworks.file_problems import ProblemList, did_you_mean, quoted, suggest
from qa.frameworks.schema import keys_refused, types_that_take
from qa.frameworks.yaml_source import Path, Source

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
}
_CONDITION = (
    "Write {question: key, is: [answers]} or {profile: key, is: [answers]}, with is_not instead of is where "
    "that is meant, or put several of them in a list under all or any."
)
_KEY_RULE = "Use small letters, figures and underscores, beginning with a letter, at most 60 characters."


def check_shape(validator: "Validator", source: Source, problems: ProblemList) -> None:
    """Note everything in which the source does not fit the schema, each at its line."""
    for error in validator.iter_errors(source.data):
        path: Path = tuple(error.absolute_path)
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

    def _add(self, message: str, remedy: str, path: Path | None = None, advice: str = "") -> None:
        place = self.path if path is None else path
        self.problems.add(self.source.line_of(place), message, remedy, place, advice)

    @property
    def _subject(self) -> str:
        return quoted(self.name) if self.name else self.thing.capitalize() if self.path else "The file"

    def _unknown_keys(self) -> None:
        allowed = list(self.error.schema["properties"])
        for key in self.error.instance:
            if key not in allowed:
                remedy = did_you_mean(key, allowed) or f"Remove it. The keys here are: {', '.join(allowed)}."
                self._add(f"{quoted(key)} is not a key of {self.thing}.", remedy, (*self.path, key))

    def _missing_keys(self) -> None:
        required: list[str] = self.error.validator_value
        for key in required:
            if key in self.error.instance:
                continue
            if key == "descriptor":
                grade = self.error.instance.get("label") or self.error.instance.get("key")
                what = f"The grade {quoted(grade)} has no descriptor."
                self._add(what, "Add “descriptor:” and say what practice of that grade looks like.")
            else:
                self._add(f"{self.thing.capitalize()} has no {quoted(key)}.", f"Add a line “{key}: …”.")

    def _not_for_this_type(self) -> None:
        """Name the keys that the type does not take; the validator tells only whose keys they are."""
        holder: Any = self.source.data
        path = self.path if isinstance(self.path[-1], int) else self.path[:-1]
        for step in path:
            holder = holder[step]
        kind, thing = holder["type"], "profile_field" if self.path[0] == "profile" else "question"
        for key in sorted(keys_refused(thing, kind) & holder.keys()):
            what = f"{quoted(key)} cannot be given for the type {quoted(kind)}."
            remedy = f"Remove it, or use a type that takes it: {', '.join(types_that_take(thing, key))}."
            self._add(what, remedy, (*path, key))

    def _wrong_type(self) -> None:
        wanted, value = self.error.validator_value, self.error.instance
        if value is None:
            self._add(f"{self._subject} is empty.", "Write its value after it, or remove it.")
            return
        if wanted == "string" and not isinstance(value, list | dict):
            what = f"{self._subject} must be text, and {quoted(value)} without quotes is not."
            self._add(what, f"Put it in quotes: “{value}”.")
            return
        must_be, remedy = {
            "string": ("text", "Write one text here; put it in quotes if it holds brackets, braces or “- ”."),
            "boolean": ("true or false", "Write true or false, without quotes."),
            "integer": ("a whole number", "Write a number such as 3, without quotes."),
            "number": ("a number", "Write a number such as 3, without quotes."),
            "array": ("a list", "Write it as [a, b], or one entry a line, each beginning with “- ”."),
            "object": ("a group of keys", "Write keys and values under it, such as “key: …”."),
        }[wanted]
        shown = "" if isinstance(value, list | dict) else f", not {quoted(value)}"
        self._add(f"{self._subject} must be {must_be}{shown}.", remedy)

    def _not_in_list(self) -> None:
        allowed: list[str] = self.error.validator_value
        subject = quoted(self.name) if self.name else "An entry of this list"
        self._add(
            f"{subject} cannot be {quoted(self.error.instance)}.", suggest(str(self.error.instance), allowed)
        )

    def _wrong_text(self) -> None:
        if self.error.validator_value == r"\S":
            self._add(f"{self._subject} is empty.", "Write its text.")
            return
        self._add(f"{quoted(self.error.instance)} cannot be a key.", _KEY_RULE)

    def _too_long(self) -> None:
        length, most = len(self.error.instance), self.error.validator_value
        self._add(f"{self._subject} is {length:,} characters long.", f"Shorten it to {most:,} or fewer.")

    def _too_few(self) -> None:
        if not self.error.instance:
            self._add(f"{self._subject} is an empty list.", "Add what belongs in it, or remove the key.")
        else:
            what = f"{self._subject} needs at least {self.error.validator_value} entries."
            self._add(what, "Add what is missing.")

    def _too_many(self) -> None:
        most = self.error.validator_value
        self._add(f"{self._subject} has {len(self.error.instance):,} entries.", f"Keep to {most} at most.")

    def _repeated(self) -> None:
        seen: set[str] = set()
        for index, entry in enumerate(self.error.instance):
            if repr(entry) in seen:
                self._add(
                    f"{quoted(entry)} stands twice in {self._subject}.",
                    "Remove one of them.",
                    (*self.path, index),
                )
            seen.add(repr(entry))

    def _out_of_range(self) -> None:
        least, most = self.error.schema.get("minimum"), self.error.schema.get("maximum")
        self._add(
            f"{self._subject} cannot be {quoted(self.error.instance)}.",
            f"Use a number from {least} to {most}.",
        )

    def _wrong_condition(self) -> None:
        if self.name == "descriptors":
            self._add("“descriptors” is empty.", "Name every grade of the scale, or remove the key.")
        else:
            self._add("This condition is not complete, or says two things at once.", _CONDITION)

    def _something_else(self) -> None:
        self._add(
            f"{self._subject} is not as it should be ({self.error.message[:120]}).",
            "Compare it with the schema.",
        )
