"""A question, whole."""

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from qa.accounts.sectors import Sector
from qa.frameworks.builder_forms.adding import CHOICES, LONGEST_TEXT
from qa.frameworks.builder_forms.base import (
    ManyField,
    RowsField,
    number_field,
    number_of,
    on_one_line,
    weight_field,
)
from qa.frameworks.builder_forms.choices import check_options, filled, keyed, option_rows, options_of
from qa.frameworks.builder_forms.conditions import ConditionForm, condition_data
from qa.frameworks.builder_forms.timescales import TimescaleForm, timescale_data
from qa.frameworks.content import Option, Theme
from qa.frameworks.drafts.elements import Document, Kind
from qa.frameworks.drafts.subjects import YES_NO, grades_of, offered, scale_of
from qa.frameworks.vocabulary import EvidenceRule, QuestionRole, QuestionType
from qa.web.forms import checkboxes_field, long_text_field, radio_field, text_field, tick_field

SECTORS = [(sector.value, sector.label) for sector in Sector]
SOME = "some"
ANSWERED_BY_CHOOSING = {QuestionType.GRADE, QuestionType.YES_NO, *CHOICES}
LONGEST_DESCRIPTOR = 1500
MOST_THEMES = 10
LARGEST = Decimal(999_999_999)


class QuestionForm(ConditionForm, TimescaleForm):
    """Everything that a question can have. Of what its type does not take, nothing is saved."""

    known = frozenset(
        {
            *("text", "type", "scale", "guidance", "descriptors", "options", "unit", "min", "max"),
            *("decimals", "max_words", "required", "evidence", "evidence_required_for", "sectors"),
            *("only_if", "themes", "weight", "role", "timescale"),
        }
    )

    text = long_text_field("Question", required="Enter the question", limit=LONGEST_TEXT)
    guidance = long_text_field(
        "Guidance (optional)",
        hint="What to look for in the record, and what the words mean",
        limit=3000,
    )
    descriptors = ManyField("What each grade looks like for this question")
    options = RowsField("Answers to choose from")
    unit = text_field("Unit (optional)", hint="What is counted, such as days", limit=30)
    min = text_field("Smallest number accepted (optional)", limit=15)
    max = text_field("Largest number accepted (optional)", limit=15)
    decimals = radio_field("Decimal places", [("0", "None"), ("1", "One"), ("2", "Two")])
    max_words = number_field("Most words (optional)", 1, 5000)
    required = tick_field("It must be answered before a return is sent")
    evidence = radio_field(
        "Evidence",
        [
            (EvidenceRule.NONE.value, "None is asked for"),
            (EvidenceRule.OPTIONAL.value, "May be written"),
            (EvidenceRule.REQUIRED.value, "Must be written, whatever the answer"),
            (SOME, "Must be written for the answers ticked below, and may be for the others"),
        ],
    )
    evidence_for = ManyField("Answers that need evidence")
    sectors = checkboxes_field(
        "Sectors (optional)", SECTORS, hint="Leave all empty to ask everyone who is asked the section."
    )
    themes = checkboxes_field(
        "Themes (optional)",
        hint=f"What findings here are likely to be about; {MOST_THEMES} at most",
    )
    weight = weight_field("How many times the answer counts where answers are put together: 1 for most")
    role = radio_field(
        "What it does for its section",
        [
            ("", "Nothing special"),
            (QuestionRole.SECTION_GRADE.value, "It grades the section as a whole"),
            (QuestionRole.IMPACT.value, "It asks for the impact on the child"),
        ],
    )
    document: Document = {}

    def scales(self) -> list[tuple[str, tuple[Option, ...], Mapping[str, str]]]:
        """For each scale: its key, its answers, and its own words for each grade."""
        return [
            (
                str(scale["key"]),
                grades_of(scale),
                {str(grade["key"]): str(grade.get("descriptor", "")) for grade in scale.get("grades") or ()},
            )
            for scale in self.document.get("scales") or ()
        ]

    def has_descriptors(self, scale: str) -> bool:
        """Whether this question has words of its own for a scale's grades."""
        return any(
            any(texts) for name, texts in self.descriptors.data.items() if name.startswith(f"{scale}-")
        )

    @property
    def evidence_words(self) -> str:
        """The rule on evidence in short."""
        return {
            EvidenceRule.NONE.value: "none",
            EvidenceRule.OPTIONAL.value: "may be written",
            EvidenceRule.REQUIRED.value: "must be written",
            SOME: "must be written for some answers",
        }.get(self.evidence.data or "", "none")

    @property
    def role_words(self) -> str:
        """What it does for its section, in short."""
        return {
            QuestionRole.SECTION_GRADE.value: "the section's grade",
            QuestionRole.IMPACT.value: "the impact on the child",
        }.get(self.role.data or "", "")

    @property
    def yes_no(self) -> tuple[Option, ...]:
        """The answers to a yes/no question."""
        return YES_NO

    def check(self) -> None:
        """What one field cannot see by itself."""
        super().check()
        if self.kind in CHOICES:
            check_options(self.options)
            if len(filled(self.options.rows)) < 2:
                self.options.error("", "Enter at least two answers to choose from")
        if self.kind is QuestionType.GRADE:
            self._check_descriptors()
        if self.kind is QuestionType.NUMBER:
            self._check_bounds()
        if len(self.themes.data or ()) > MOST_THEMES:
            self.themes.errors = [f"Choose {MOST_THEMES} themes at most"]
        if self.evidence.data == SOME and self.kind in ANSWERED_BY_CHOOSING and not self._needing(None):
            self.evidence.errors = ["Tick the answers that need evidence, or choose another rule"]

    def _check_descriptors(self) -> None:
        for key, text in self._descriptors().items():
            if len(text) > LONGEST_DESCRIPTOR:
                message = f"What a grade looks like must be {LONGEST_DESCRIPTOR:,} characters or fewer"
                self.descriptors.error(f"{self.scale.data}-{key}", message)

    def _check_bounds(self) -> None:
        for field in (self.min, self.max):
            if field.data and _number(field.data) is None:
                field.errors = ["Enter a number, such as 12 or 0.5"]
        low, high = _number(self.min.data), _number(self.max.data)
        if low is not None and high is not None and low > high:
            self.min.errors = ["The smallest number must not be larger than the largest"]

    def values(self) -> dict[str, Any]:
        """The question: its type's own fields and those that every type has."""
        options = options_of(self.options) if self.kind in CHOICES else None
        weight = number_of(self.weight.data)
        return {
            "text": on_one_line(self.text.data),
            **self.asked(),
            "guidance": self.guidance.data,
            "descriptors": self._own_descriptors(),
            "options": options,
            **self._number_values(),
            "max_words": number_of(self.max_words.data) if self.kind is QuestionType.LONG_TEXT else None,
            "timescale": self.timescale(),
            "required": None if self.required.data else False,
            **self._evidence(options),
            "sectors": self.sectors.data,
            "only_if": self.condition(),
            "themes": self.themes.data,
            "weight": None if weight == 1 else weight,
            "role": self.role.data or None,
        }

    def _descriptors(self) -> dict[str, str]:
        scale = scale_of(self.document, self.scale.data or "")
        grades = (scale or {}).get("grades") or ()
        texts = {
            str(grade["key"]): self.descriptors.text(f"{self.scale.data}-{grade['key']}") for grade in grades
        }
        return {key: text for key, text in texts.items() if text}

    def _own_descriptors(self) -> dict[str, str] | None:
        """None when they say no more than the scale does."""
        if self.kind is not QuestionType.GRADE:
            return None
        scale = scale_of(self.document, self.scale.data or "") or {}
        plain = {str(grade["key"]): grade.get("descriptor", "") for grade in scale.get("grades") or ()}
        texts = self._descriptors()
        return texts if texts != plain else None

    def _number_values(self) -> dict[str, Any]:
        if self.kind is not QuestionType.NUMBER:
            return {}
        return {
            "unit": self.unit.data,
            "min": _number(self.min.data),
            "max": _number(self.max.data),
            "decimals": int(self.decimals.data or 0) or None,
        }

    def _evidence(self, options: Sequence[Mapping[str, str]] | None) -> dict[str, Any]:
        if self.evidence.data == SOME and self.kind in ANSWERED_BY_CHOOSING:
            return {"evidence_required_for": self._needing(options)}
        rule = self.evidence.data if self.evidence.data != SOME else EvidenceRule.OPTIONAL.value
        return {"evidence": None if rule == self.kind.default_evidence else rule}

    def _needing(self, options: Sequence[Mapping[str, str]] | None) -> list[str]:
        """Keys of the answers ticked, in order."""
        if self.kind in CHOICES:
            rows = keyed(filled(self.options.rows), "option")
            return [key for key, row in rows if row.text("evidence")]
        if self.kind is QuestionType.YES_NO:
            ticked, answers = self.evidence_for.texts("yes_no"), YES_NO
        else:
            scale = scale_of(self.document, self.scale.data or "")
            ticked = self.evidence_for.texts(f"scale-{self.scale.data}")
            answers = grades_of(scale) if scale else ()
        return [answer.key for answer in answers if answer.key in ticked]

    def rearrange(self, act: str) -> bool:
        """As for every form; "copy-descriptors" starts each grade from the scale's own words."""
        if act != "copy-descriptors":
            return super().rearrange(act)
        scale = scale_of(self.document, self.scale.data or "") or {}
        for grade in scale.get("grades") or ():
            name = f"{self.scale.data}-{grade['key']}"
            if not self.descriptors.text(name):
                self.descriptors.data[name] = [str(grade.get("descriptor", ""))]
        return True

    def shown(self) -> dict[str, str]:
        """Descriptors, options and ticks in words."""
        own = self._descriptors() if self.kind is QuestionType.GRADE else {}
        return {
            **super().shown(),
            "descriptors": "\n".join(f"{key}: {text}" for key, text in own.items()),
            "options": "\n".join(row.text("label") for row in filled(self.options.rows)),
            "evidence_for": ", ".join(self._needing(None)) if self.evidence.data == SOME else "",
        }


def _number(text: str | None) -> int | Decimal | None:
    """A typed number; None when it is empty or none that a framework takes."""
    try:
        value = Decimal((text or "").replace(",", ""))
    except InvalidOperation:
        return None
    if not value.is_finite() or abs(value) > LARGEST:
        return None
    return value if value % 1 else int(value)


def question_form(
    document: Document, key: str, themes: Sequence[Theme], part: Document | None = None
) -> QuestionForm:
    """The form of the question with that key, filled from it when it is given."""
    form = QuestionForm() if part is None else QuestionForm(formdata=None, data=_data(part))
    form.document = document
    form.offer_scales(document)
    form.themes.choices = [(theme.key, theme.name) for theme in themes]
    form.offer(offered(document, Kind.QUESTION, key))
    form.offer_dates(document, key)
    return form


def _data(part: Document) -> dict[str, Any]:
    kind = QuestionType(part["type"]) if part.get("type") in set(QuestionType) else QuestionType.GRADE
    wanted, scale = list(part.get("evidence_required_for") or ()), part.get("scale", "")
    source = "yes_no" if kind is QuestionType.YES_NO else f"scale-{scale}"
    texts = {name: part.get(name, "") for name in ("text", "guidance", "unit", "role")}
    numbers = {name: _shown(part.get(name)) for name in ("min", "max", "max_words")}
    return {
        **texts,
        **numbers,
        **condition_data(part),
        **timescale_data(part),
        "type": kind.value,
        "scale": scale,
        "descriptors": {f"{scale}-{key}": [text] for key, text in (part.get("descriptors") or {}).items()},
        "options": option_rows(part, spare=4),
        "decimals": str(part.get("decimals", 0)),
        "required": part.get("required", True),
        "evidence": SOME if wanted else part.get("evidence", kind.default_evidence.value),
        "evidence_for": {source: wanted},
        "sectors": list(part.get("sectors") or ()),
        "themes": list(part.get("themes") or ()),
        "weight": str(part.get("weight", 1)),
    }


def _shown(value: object) -> str:
    if isinstance(value, Decimal):
        return format(value, "f")
    return "" if value is None else str(value)
