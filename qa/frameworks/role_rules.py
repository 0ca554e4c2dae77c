"""What the questions that do something special for their section must keep to: its grade, its impact."""

from qa.frameworks.file_problems import quoted
from qa.frameworks.naming import field_words, own_words, section_words, sentence, type_words
from qa.frameworks.noting import RuleBook
from qa.frameworks.outline import Part
from qa.frameworks.vocabulary import EvidenceRule, FrameworkKind, QuestionRole, QuestionType

ROLE_WORDS = {
    QuestionRole.SECTION_GRADE: "the section's grade",
    QuestionRole.IMPACT: "the impact on the child",
}
_CLOSING = (
    (
        QuestionRole.SECTION_GRADE,
        "grade",
        "type: grade, role: section_grade, evidence: required",
        "End the section with a question of the type “Grade” that grades it, with evidence required.",
    ),
    (
        QuestionRole.IMPACT,
        "impact on the child",
        "type: long_text, role: impact",
        "End the section with a question of the type “Long text” about the impact on the child.",
    ),
)


class RoleRules(RuleBook):
    """Looks at every section's questions with a role."""

    def check(self) -> None:
        """Check that each role is held once, by the right question, at the right place."""
        for section in self.outline.sections:
            self._roles(section)

    def _roles(self, section: Part) -> None:
        questions = section.parts("questions")
        for role in QuestionRole:
            holders = [question for question in questions if question.text("role") == role]
            for extra in holders[1:]:
                what = (
                    f"The section {quoted(section.key)} has a question with the role {quoted(role)} already."
                )
                plain = (
                    f"{sentence(section_words(section.document))} has another question for "
                    f"{ROLE_WORDS[role]} already: {own_words(holders[0].document, 'text')}."
                )
                remedy = "Keep the role on one question of the section."
                advice = "Let one question of the section do this."
                self._add(extra.at("role"), what, remedy, plain=plain, advice=advice)
            for question in holders[:1]:
                self._role(section, question, role)
        if self.outline.root.text("kind") == FrameworkKind.CASE_AUDIT and questions:
            self._closing_questions(section, questions)

    def _role(self, section: Part, question: Part, role: QuestionRole) -> None:
        kind = QuestionType.GRADE if role is QuestionRole.SECTION_GRADE else QuestionType.LONG_TEXT
        if question.text("type") not in {kind, ""}:
            self._add(
                question.at("type"),
                f"A question with the role {quoted(role)} must be of the type {quoted(kind)}.",
                f"Write “type: {kind}”, or remove the role.",
                plain=f"A question for {ROLE_WORDS[role]} must be of the type “{type_words(kind)}”.",
                advice="Choose that type, or let another question do this.",
            )
        for name in ("sectors", "only_if"):
            if name in question.document:
                words = field_words(name)
                self._add(
                    question.at(name),
                    f"A question with the role {quoted(role)} is asked of everyone who answers its section.",
                    f"Remove “{name}” here, or give it to the section.",
                    plain=f"A question for {ROLE_WORDS[role]} is asked of everyone who answers its section.",
                    advice=f"Take the {words} out here, or give the {words} to the section.",
                )
        if role is QuestionRole.SECTION_GRADE:
            self._section_grade(section, question)

    def _section_grade(self, section: Part, question: Part) -> None:
        grades = [entry for entry in section.parts("questions") if entry.text("type") == QuestionType.GRADE]
        if grades and question is not grades[-1] and question.path != grades[-1].path:
            what = "The section's grade must be its last question of the type “grade”."
            plain = (
                "The section's grade must come after its other graded questions, and "
                f"{own_words(grades[-1].document, 'text')} comes later."
            )
            self._add(question.at("role"), what, "Move it after the others.", plain=plain)
        if question.text("evidence") != EvidenceRule.REQUIRED:
            what, remedy = "The section's grade needs evidence.", "Write “evidence: required”."
            self._add(question.at("evidence"), what, remedy, advice="Choose that evidence is required.")
        judgement = self.outline.root.text("judgement_scale")
        if question.text("scale") and judgement and question.text("scale") != judgement:
            what = "The section's grade must be on the scale the panel judges on."
            scale = self.outline.scales.get(judgement)
            words = f"the scale {own_words(scale.document, 'name')}" if scale else "the panel's scale"
            advice = f"Choose {words}."
            self._add(question.at("scale"), what, f"Write “scale: {judgement}”.", advice=advice)

    def _closing_questions(self, section: Part, questions: list[Part]) -> None:
        closing = {question.text("role") for question in questions[-2:]}
        for role, what, kind, advice in _CLOSING:
            if role in closing:
                continue
            name, words = quoted(section.key or section.text("title")), section_words(section.document)
            if any(question.text("role") == role for question in questions):
                message = f"The question about the {what} is not among the last two of the section {name}."
                plain = f"The question about the {what} is not among the last two of {words}."
                self._add(section.path, message, "Move it to the end of the section.", plain=plain)
            else:
                message = f"The section {name} has no question about its {what}."
                plain = f"{sentence(words)} has no question about its {what}."
                remedy = f"End the section with a question of {kind}."
                self._add(section.path, message, remedy, plain=plain, advice=advice)
