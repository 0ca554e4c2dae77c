"""What a framework file must keep to beyond its shape: keys, scales, evidence, sectors.

Conditions and roles have modules of their own: `qa.frameworks.condition_rules`, `qa.frameworks.role_rules`.
"""

from collections.abc import Collection, Iterable
from decimal import Decimal
from itertools import pairwise
from pathlib import PurePath

from qa.frameworks.content import NOT_APPLICABLE
from qa.frameworks.file_problems import ProblemList, quoted, suggest
from qa.frameworks.identifying import refusal
from qa.frameworks.naming import (
    choose,
    own_words,
    question_words,
    section_words,
    sector_words,
    sentence,
)
from qa.frameworks.noting import RuleBook, profile_words
from qa.frameworks.outline import Asked, Outline, Part, sectors_of
from qa.frameworks.role_rules import RoleRules
from qa.frameworks.source import Source
from qa.frameworks.vocabulary import EvidenceRule, ProfileFieldType, QuestionType


class Rules(RuleBook):
    """Looks at a whole file and notes every rule that it breaks."""

    def __init__(
        self, source: Source, outline: Outline, themes: Collection[str], problems: ProblemList
    ) -> None:
        super().__init__(source, outline, problems)
        self.themes = themes

    def check(self) -> None:
        """Check every rule but those on conditions."""
        self._file_name()
        self._unique_keys()
        for scale in self.outline.root.parts("scales"):
            self._scale(scale)
        self._judgement_scale()
        self._pathway()
        for field in self.outline.root.parts("profile"):
            self._identifies_nobody(field)
        for asked in self.outline.asked:
            self._graded(asked.part)
            self._evidence(asked.part)
            self._bounds(asked.part)
            self._themes(asked.part)
            self._sectors(asked)
        RoleRules(self.source, self.outline, self.problems).check()

    def _file_name(self) -> None:
        stem, key = PurePath(self.problems.file).stem, self.outline.root.key
        if key and key != stem:
            what = f"The key {quoted(key)} is not the file's name ({quoted(stem)})."
            self._add(("key",), what, f"Write “key: {stem}”, or name the file {key}.yaml.")

    def _identifies_nobody(self, field: Part) -> None:
        """A case carries no name, date of birth, address or number that another system knows the child by."""
        why = refusal(field.text("label"))
        if why:
            what, remedy = why.split(". ", 1)
            message = f"The profile field {quoted(field.text('label'))} cannot be asked. {what}."
            self._add(field.at("label"), message, f"{remedy}.")

    def _unique_keys(self) -> None:
        root = self.outline.root
        self._unique("scale", root.parts("scales"), "key")
        self._unique("profile field", root.parts("profile"), "key")
        self._unique("section", self.outline.sections, "key")
        self._unique("question", [asked.part for asked in self.outline.asked], "key")
        for scale in root.parts("scales"):
            self._choices("grade", scale.parts("grades"))
        for part in [*root.parts("profile"), *(asked.part for asked in self.outline.asked)]:
            if "options" in part.document:
                self._choices("option", part.parts("options"))

    def _choices(self, noun: str, parts: list[Part]) -> None:
        self._unique(noun, parts, "key")
        self._unique(noun, parts, "label")

    def _unique(self, noun: str, parts: Iterable[Part], name: str) -> None:
        first: dict[str, str] = {}
        for part in parts:
            value = part.text(name).strip()
            if not value:
                continue
            if value in first:
                what = f"The {noun} {name} {quoted(value)} is already used {first[value]}."
                things = "answers" if noun == "option" else f"{noun}s"
                plain = f"There are two {things} with the {name} {quoted(value)}."
                advice = f"Give one of them another {name}, or remove it."
                remedy = f"Give this {noun} a {name} of its own."
                self._add(part.at(name), what, remedy, plain=plain, advice=advice)
            first.setdefault(value, self.source.spot(part.at(name)))

    def _scale(self, scale: Part) -> None:
        grades = scale.parts("grades")
        for grade in grades:
            if grade.key == NOT_APPLICABLE:
                what = f"The key {quoted(NOT_APPLICABLE)} is kept for the answer “Not applicable”."
                remedy = "Remove this grade and write “not_applicable: true” in the scale."
                advice = "Remove this grade, and let the scale offer “Not applicable” instead."
                self._add(grade.at("key"), what, remedy, advice=advice)
        for better, worse in pairwise(grades):
            self._in_order(better, worse)

    def _in_order(self, better: Part, worse: Part) -> None:
        high, low = better.document.get("score"), worse.document.get("score")
        above, below = own_words(better.document, "label"), own_words(worse.document, "label")
        if isinstance(high, int) and isinstance(low, int) and high <= low:
            what = f"{quoted(worse.key)} comes after {quoted(better.key)} but its score is not lower."
            plain = f"The grade {below} comes after {above} but its score is not lower."
            remedy = "Put the grades best first, each with a lower score than the one before it."
            self._add(worse.at("score"), what, remedy, plain=plain)
        if better.document.get("meets_standard") is False and worse.document.get("meets_standard") is True:
            what = f"{quoted(worse.key)} meets the standard and the better {quoted(better.key)} does not."
            plain = f"The grade {below} meets the standard and the better grade {above} does not."
            advice = "Correct which of the two meets the standard, or the order of the grades."
            remedy = "Correct meets_standard, or the order of the grades."
            self._add(worse.at("meets_standard"), what, remedy, plain=plain, advice=advice)

    def _judgement_scale(self) -> None:
        self._scale_known(self.outline.root, "judgement_scale")

    def _scale_known(self, part: Part, name: str) -> bool:
        key = part.text(name)
        if not key or key in self.outline.scales:
            return bool(key)
        names = [str(scale.document.get("name") or known) for known, scale in self.outline.scales.items()]
        self._add(
            part.at(name),
            f"There is no scale {quoted(key)}.",
            suggest(key, self.outline.scales),
            plain=f"The scale that is chosen here, {quoted(key)}, is not in this framework.",
            advice=choose(reversed(names)),
        )
        return False

    def _pathway(self) -> None:
        pathways = [
            part for part in self.outline.root.parts("profile") if part.document.get("pathway") is True
        ]
        for extra in pathways[1:]:
            what = f"The profile field {quoted(pathways[0].key)} is the pathway already."
            plain = f"{sentence(profile_words(pathways[0]))} says the pathway already."
            advice = "Let one field of the case profile say the pathway."
            remedy = "Keep “pathway: true” on one profile field."
            self._add(extra.at("pathway"), what, remedy, plain=plain, advice=advice)
        for part in pathways:
            if part.text("type") not in {ProfileFieldType.SINGLE_CHOICE, ""}:
                what, remedy = "A pathway must be a single choice.", "Write “type: single_choice”."
                advice = "Make this field a single choice, or let another field say the pathway."
                self._add(part.at("type"), what, remedy, advice=advice)

    def _graded(self, question: Part) -> None:
        if question.text("type") != QuestionType.GRADE or not self._scale_known(question, "scale"):
            return
        descriptors = question.document.get("descriptors")
        if not isinstance(descriptors, dict) or not descriptors:
            return
        scale = self.outline.scales[question.text("scale")]
        grades = scale.keys("grades")
        missing = [grade for grade in grades if grade not in descriptors]
        if missing:
            what = f"The descriptors leave out {', '.join(quoted(grade) for grade in missing)}."
            labels = ", ".join(quoted(label) for label in self._labels_of(question, missing))
            self._add(
                question.at("descriptors"),
                what,
                "Describe every grade of the scale, or none.",
                plain=f"The descriptors of {question_words(question.document)} leave out {labels}.",
            )
        for grade in descriptors:
            if grade not in grades:
                self._add(
                    (*question.at("descriptors"), grade),
                    f"The scale {quoted(question.text('scale'))} has no grade {quoted(grade)}.",
                    suggest(grade, grades),
                    plain=f"The scale {own_words(scale.document, 'name')} has no grade {quoted(grade)}, "
                    f"which {question_words(question.document)} describes.",
                    advice="Take that descriptor out, or choose another scale.",
                )

    def _evidence(self, question: Part) -> None:
        wanted = question.texts("evidence_required_for")
        answers = self.outline.answers(question) if wanted else None
        if answers:
            for path, answer in wanted:
                if answer not in answers:
                    what = f"{quoted(answer)} is no answer to this question."
                    plain = (
                        f"Evidence is required for {quoted(answer)}, which is no answer to "
                        f"{question_words(question.document)}."
                    )
                    advice = choose(self._labels_of(question, answers))
                    self._add(path, what, suggest(answer, answers), plain=plain, advice=advice)
        if wanted and question.text("evidence") in {EvidenceRule.NONE, EvidenceRule.REQUIRED}:
            what = "“evidence” and “evidence_required_for” say different things."
            plain = (
                "The rule on evidence and the answers that need evidence say different things about "
                f"{question_words(question.document)}."
            )
            advice = "Make evidence optional, or choose no answers that need it."
            self._add(question.at("evidence"), what, "Keep one of them.", plain=plain, advice=advice)

    def _bounds(self, question: Part) -> None:
        low, high = question.document.get("min"), question.document.get("max")
        if low is None and high is None:
            return
        if isinstance(low, int | Decimal) and isinstance(high, int | Decimal) and low > high:
            what = f"min ({low}) is greater than max ({high})."
            plain = f"The smallest number ({low}) is greater than the largest ({high})."
            self._add(question.at("min"), what, "Exchange the two.", plain=plain)
        decimals = question.document.get("decimals", 0)
        for name, bound in (("min", low), ("max", high)):
            if isinstance(bound, Decimal) and isinstance(decimals, int) and bound != round(bound, decimals):
                rest = f"has more decimal places than the answer may have ({decimals})."
                self._add(
                    question.at(name),
                    f"{name} {rest}",
                    f"Round {name}, or give the question more “decimals”.",
                    plain=f"The {'smallest' if name == 'min' else 'largest'} number ({bound}) {rest}",
                    advice="Round it, or let the answer have more decimal places.",
                )

    def _themes(self, question: Part) -> None:
        for path, theme in question.texts("themes"):
            if theme not in self.themes:
                what = f"There is no theme {quoted(theme)}."
                plain = (
                    f"The theme {quoted(theme.replace('_', ' '))} of {question_words(question.document)} is "
                    "not in the library of themes."
                )
                advice = "Choose another theme, or none."
                self._add(path, what, suggest(theme, self.themes), plain=plain, advice=advice)

    def _sectors(self, asked: Asked) -> None:
        own, sections = sectors_of(asked.part), sectors_of(asked.section)
        if own and sections and not own & sections:
            what = f"The sectors of this question are never asked the section {quoted(asked.section.key)}."
            plain = (
                f"The sectors of {question_words(asked.part.document)} are never asked "
                f"{section_words(asked.section.document)}."
            )
            remedy = f"Choose among: {', '.join(sorted(sections))}."
            advice = f"Choose among: {sector_words(sections)}."
            self._add(asked.part.at("sectors"), what, remedy, plain=plain, advice=advice)
