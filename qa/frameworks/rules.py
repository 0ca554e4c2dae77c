"""What a framework file must keep to beyond its shape: keys, scales, evidence, roles.

Conditions have a module of their own, `qa.frameworks.condition_rules`.
"""

from collections.abc import Collection, Iterable
from decimal import Decimal
from itertools import pairwise
from pathlib import PurePath

from qa.frameworks.content import NOT_APPLICABLE
from qa.frameworks.file_problems import ProblemList, quoted, suggest
from qa.frameworks.outline import Asked, Outline, Part, sectors_of
from qa.frameworks.vocabulary import EvidenceRule, FrameworkKind, ProfileFieldType, QuestionRole, QuestionType
from qa.frameworks.yaml_source import Path, Source


class Rules:
    """Looks at a whole file and notes every rule that it breaks."""

    def __init__(
        self, source: Source, outline: Outline, themes: Collection[str], problems: ProblemList
    ) -> None:
        self.source = source
        self.outline = outline
        self.themes = themes
        self.problems = problems

    def check(self) -> None:
        """Check every rule but those on conditions."""
        self._file_name()
        self._unique_keys()
        for scale in self.outline.root.parts("scales"):
            self._scale(scale)
        self._judgement_scale()
        self._pathway()
        for asked in self.outline.asked:
            self._graded(asked.part)
            self._evidence(asked.part)
            self._bounds(asked.part)
            self._themes(asked.part)
            self._sectors(asked)
        for section in self.outline.sections:
            self._roles(section)

    def _add(self, path: Path, message: str, remedy: str, advice: str = "") -> None:
        self.problems.add(self.source.line_of(path), message, remedy, path, advice)

    def _file_name(self) -> None:
        stem, key = PurePath(self.problems.file).stem, self.outline.root.key
        if key and key != stem:
            what = f"The key {quoted(key)} is not the file's name ({quoted(stem)})."
            self._add(("key",), what, f"Write “key: {stem}”, or name the file {key}.yaml.")

    def _unique_keys(self) -> None:
        root = self.outline.root
        self._unique("scale", root.parts("scales"), "key")
        self._unique("profile field", root.parts("profile"), "key")
        self._unique("section", self.outline.sections, "key")
        self._unique("question", [asked.part for asked in self.outline.asked], "key")
        for scale in root.parts("scales"):
            self._choices("grade", scale.parts("grades"))
        for part in [*root.parts("profile"), *(asked.part for asked in self.outline.asked)]:
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
                self._add(part.at(name), what, f"Give this {noun} a {name} of its own.")
            first.setdefault(value, self.source.spot(part.at(name)))

    def _scale(self, scale: Part) -> None:
        grades = scale.parts("grades")
        for grade in grades:
            if grade.key == NOT_APPLICABLE:
                what = f"The key {quoted(NOT_APPLICABLE)} is kept for the answer “Not applicable”."
                remedy = "Remove this grade and write “not_applicable: true” in the scale."
                self._add(grade.at("key"), what, remedy)
        for better, worse in pairwise(grades):
            high, low = better.document.get("score"), worse.document.get("score")
            if isinstance(high, int) and isinstance(low, int) and high <= low:
                what = f"{quoted(worse.key)} comes after {quoted(better.key)} but its score is not lower."
                remedy = "Put the grades best first, each with a lower score than the one before it."
                self._add(worse.at("score"), what, remedy)
            if (
                better.document.get("meets_standard") is False
                and worse.document.get("meets_standard") is True
            ):
                what = f"{quoted(worse.key)} meets the standard and the better {quoted(better.key)} does not."
                remedy = "Correct meets_standard, or the order of the grades."
                self._add(worse.at("meets_standard"), what, remedy)

    def _judgement_scale(self) -> None:
        self._scale_known(self.outline.root, "judgement_scale")

    def _scale_known(self, part: Part, name: str) -> bool:
        key = part.text(name)
        if not key or key in self.outline.scales:
            return bool(key)
        self._add(part.at(name), f"There is no scale {quoted(key)}.", suggest(key, self.outline.scales))
        return False

    def _pathway(self) -> None:
        pathways = [
            part for part in self.outline.root.parts("profile") if part.document.get("pathway") is True
        ]
        for extra in pathways[1:]:
            what = f"The profile field {quoted(pathways[0].key)} is the pathway already."
            self._add(extra.at("pathway"), what, "Keep “pathway: true” on one profile field.")
        for part in pathways:
            if part.text("type") not in {ProfileFieldType.SINGLE_CHOICE, ""}:
                self._add(
                    part.at("type"), "A pathway must be a single choice.", "Write “type: single_choice”."
                )

    def _graded(self, question: Part) -> None:
        if question.text("type") != QuestionType.GRADE or not self._scale_known(question, "scale"):
            return
        descriptors = question.document.get("descriptors")
        if not isinstance(descriptors, dict) or not descriptors:
            return
        grades = self.outline.scales[question.text("scale")].keys("grades")
        missing = [grade for grade in grades if grade not in descriptors]
        if missing:
            what = f"The descriptors leave out {', '.join(quoted(grade) for grade in missing)}."
            self._add(question.at("descriptors"), what, "Describe every grade of the scale, or none.")
        for grade in descriptors:
            if grade not in grades:
                what = f"The scale {quoted(question.text('scale'))} has no grade {quoted(grade)}."
                self._add((*question.at("descriptors"), grade), what, suggest(grade, grades))

    def _evidence(self, question: Part) -> None:
        answers = self.outline.answers(question)
        wanted = question.texts("evidence_required_for")
        if answers:
            for path, answer in wanted:
                if answer not in answers:
                    self._add(
                        path, f"{quoted(answer)} is no answer to this question.", suggest(answer, answers)
                    )
        if wanted and question.text("evidence") in {EvidenceRule.NONE, EvidenceRule.REQUIRED}:
            what = "“evidence” and “evidence_required_for” say different things."
            self._add(question.at("evidence"), what, "Keep one of them.")

    def _bounds(self, question: Part) -> None:
        low, high = question.document.get("min"), question.document.get("max")
        if isinstance(low, int | Decimal) and isinstance(high, int | Decimal) and low > high:
            self._add(question.at("min"), f"min ({low}) is greater than max ({high}).", "Exchange the two.")
        decimals = question.document.get("decimals", 0)
        for name, bound in (("min", low), ("max", high)):
            if isinstance(bound, Decimal) and isinstance(decimals, int) and bound != round(bound, decimals):
                what = f"{name} has more decimal places than the answer may have ({decimals})."
                self._add(question.at(name), what, f"Round {name}, or give the question more “decimals”.")

    def _themes(self, question: Part) -> None:
        for path, theme in question.texts("themes"):
            if theme not in self.themes:
                self._add(path, f"There is no theme {quoted(theme)}.", suggest(theme, self.themes))

    def _sectors(self, asked: Asked) -> None:
        own, sections = sectors_of(asked.part), sectors_of(asked.section)
        if own and sections and not own & sections:
            what = f"The sectors of this question are never asked the section {quoted(asked.section.key)}."
            self._add(asked.part.at("sectors"), what, f"Choose among: {', '.join(sorted(sections))}.")

    def _roles(self, section: Part) -> None:
        questions = section.parts("questions")
        for role in QuestionRole:
            holders = [question for question in questions if question.text("role") == role]
            for extra in holders[1:]:
                what = (
                    f"The section {quoted(section.key)} has a question with the role {quoted(role)} already."
                )
                self._add(extra.at("role"), what, "Keep the role on one question of the section.")
            for question in holders[:1]:
                self._role(section, question, role)
        if self.outline.root.text("kind") == FrameworkKind.CASE_AUDIT and questions:
            self._closing_questions(section, questions)

    def _role(self, section: Part, question: Part, role: QuestionRole) -> None:
        kind = QuestionType.GRADE if role is QuestionRole.SECTION_GRADE else QuestionType.LONG_TEXT
        if question.text("type") not in {kind, ""}:
            what = f"A question with the role {quoted(role)} must be of the type {quoted(kind)}."
            self._add(question.at("type"), what, f"Write “type: {kind}”, or remove the role.")
        for name in ("sectors", "only_if"):
            if name in question.document:
                what = (
                    f"A question with the role {quoted(role)} is asked of everyone who answers its section."
                )
                self._add(question.at(name), what, f"Remove “{name}” here, or give it to the section.")
        if role is QuestionRole.SECTION_GRADE:
            self._section_grade(section, question)

    def _section_grade(self, section: Part, question: Part) -> None:
        grades = [entry for entry in section.parts("questions") if entry.text("type") == QuestionType.GRADE]
        if grades and question is not grades[-1] and question.path != grades[-1].path:
            what = "The section's grade must be its last question of the type “grade”."
            self._add(question.at("role"), what, "Move it after the others.")
        if question.text("evidence") != EvidenceRule.REQUIRED:
            what = "The section's grade needs evidence."
            self._add(question.at("evidence"), what, "Write “evidence: required”.")
        judgement = self.outline.root.text("judgement_scale")
        if question.text("scale") and judgement and question.text("scale") != judgement:
            what = "The section's grade must be on the scale the panel judges on."
            self._add(question.at("scale"), what, f"Write “scale: {judgement}”.")

    def _closing_questions(self, section: Part, questions: list[Part]) -> None:
        closing = {question.text("role") for question in questions[-2:]}
        for role, what, kind in (
            (QuestionRole.SECTION_GRADE, "grade", "type: grade, role: section_grade, evidence: required"),
            (QuestionRole.IMPACT, "impact on the child", "type: long_text, role: impact"),
        ):
            if role in closing:
                continue
            name = quoted(section.key or section.text("title"))
            if any(question.text("role") == role for question in questions):
                message = f"The question about the {what} is not among the last two of the section {name}."
                self._add(section.path, message, "Move it to the end of the section.")
            else:
                message = f"The section {name} has no question about its {what}."
                self._add(section.path, message, f"End the section with a question of {kind}.")
