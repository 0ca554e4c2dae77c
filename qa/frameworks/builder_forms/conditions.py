"""When a section or question is asked: "all or any of: this question is one of these answers"."""

from collections.abc import Sequence
from typing import Any

from qa.frameworks.builder_forms.base import BuilderForm, Row, RowsField
from qa.frameworks.content import Option
from qa.frameworks.drafts.editing import clauses
from qa.frameworks.drafts.elements import Document
from qa.frameworks.drafts.subjects import GONE, Subject, subject_of
from qa.frameworks.vocabulary import Combine
from qa.web.forms import radio_field

IS, IS_NOT = "is", "is_not"
MOST_CLAUSES = 20


class ConditionForm(BuilderForm):
    """Base of the forms on what may have a condition."""

    combine = radio_field(
        "When there are several conditions",
        [(Combine.ALL.value, "All of them must hold"), (Combine.ANY.value, "Any one of them is enough")],
    )
    clauses = RowsField("When it is asked")
    subjects: tuple[Subject, ...] = ()

    def offer(self, subjects: Sequence[Subject]) -> None:
        """Say what may be looked at. What a clause looks at although it may not stays to be seen."""
        known = {subject.value for subject in subjects}
        gone = [
            Subject(row.text("subject"), row.text("subject").split(":", 1)[-1], GONE, _kept(row))
            for row in self.clauses.rows
            if row.text("subject") and row.text("subject") not in known
        ]
        self.subjects = (*subjects, *gone)

    def answers(self, row: Row) -> tuple[Option, ...]:
        """The answers to choose from in that row."""
        wanted = row.text("subject")
        return next((subject.answers for subject in self.subjects if subject.value == wanted), ())

    @property
    def answer_sets(self) -> dict[str, Any]:
        """For the script: which answers go with what is looked at; each list of answers once."""
        sets: dict[tuple[Option, ...], int] = {}
        of = {subject.value: sets.setdefault(subject.answers, len(sets)) for subject in self.subjects}
        return {"sets": [[list(option) for option in answers] for answers in sets], "of": of}

    def check(self) -> None:
        """A clause names what it looks at, and at least one of its answers."""
        super().check()
        chosen = [row for row in self.clauses.rows if row.text("subject")]
        if len(chosen) > MOST_CLAUSES:
            self.clauses.error("", f"Keep to {MOST_CLAUSES} conditions at most")
        gone = {subject.value for subject in self.subjects if subject.group == GONE}
        for row in chosen:
            index = row.name.removeprefix("clauses-")
            if row.text("subject") in gone:
                message = f"Choose something else in condition {row.number}: that comes later, or is gone"
                self.clauses.error(f"{index}-subject", message)
            elif not set(row.texts("answer")) & {option.key for option in self.answers(row)}:
                self.clauses.error(f"{index}-answer", f"Choose at least one answer in condition {row.number}")

    def condition(self) -> dict[str, Any] | None:
        """The condition in the document's shape; None when it is always asked."""
        made = [self._clause(row) for row in self.clauses.rows if row.text("subject")]
        if len(made) < 2:
            return made[0] if made else None
        return {self.combine.data or Combine.ALL.value: made}

    def _clause(self, row: Row) -> dict[str, Any]:
        about, key = row.text("subject").split(":", 1)
        how = IS_NOT if row.text("how") == IS_NOT else IS
        ticked = set(row.texts("answer"))
        return {about: key, how: [option.key for option in self.answers(row) if option.key in ticked]}

    def shown(self) -> dict[str, str]:
        """The conditions in words."""
        return {**super().shown(), "clauses": "\n".join(self._words(row) for row in self.clauses.rows)}

    def _words(self, row: Row) -> str:
        subject = next((one for one in self.subjects if one.value == row.text("subject")), None)
        if subject is None:
            return ""
        ticked = set(row.texts("answer"))
        chosen = " or ".join(option.label for option in subject.answers if option.key in ticked)
        return f"{subject.label} {'is not' if row.text('how') == IS_NOT else 'is'} {chosen}"


def _kept(row: Row) -> tuple[Option, ...]:
    return tuple(Option(key, key) for key in row.texts("answer"))


def condition_data(part: Document) -> dict[str, Any]:
    """What a form shows of a part's condition."""
    rows: list[dict[str, list[str]]] = []
    for clause in clauses(part):
        how = IS_NOT if IS_NOT in clause else IS
        rows.append({"subject": [subject_of(clause)], "how": [how], "answer": list(clause.get(how) or ())})
    many = part.get("only_if") or {}
    combine = Combine.ANY if Combine.ANY in many else Combine.ALL
    data = {f"{number}-{name}": values for number, row in enumerate(rows) for name, values in row.items()}
    return {"combine": combine.value, "clauses": data}
