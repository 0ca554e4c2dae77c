"""What the rules of a framework share: they look at the same parts and note what they find in one list."""

from collections.abc import Collection

from qa.frameworks.file_problems import ProblemList
from qa.frameworks.naming import answer_labels, field_of_profile, key_words, question_words
from qa.frameworks.outline import Asked, Outline, Part
from qa.frameworks.source import Path, Source


class RuleBook:
    """Base of the classes that look at a whole file and note every rule that it breaks."""

    def __init__(self, source: Source, outline: Outline, problems: ProblemList) -> None:
        self.source = source
        self.outline = outline
        self.problems = problems

    def _add(self, path: Path, message: str, remedy: str, *, plain: str = "", advice: str = "") -> None:
        self.problems.add(self.source.line_of(path), message, remedy, path, plain=plain, advice=advice)

    def _labels(self, part: Part) -> dict[str, str]:
        """The labels of the answers of a question or profile field by key."""
        scale = self.outline.scales.get(part.text("scale"))
        return answer_labels(part.document, scale.document if scale else None)

    def _labels_of(self, part: Part, answers: Collection[str]) -> list[str]:
        labels = self._labels(part)
        return [labels.get(answer, answer) for answer in answers]

    def _answer_words(self, answer: str) -> str:
        """An answer by the label of a grade of any scale, else by the words of its key."""
        found = (answer_labels({}, scale.document).get(answer) for scale in self.outline.scales.values())
        return next((label for label in found if label), key_words(answer))


def asked_words(asked: Asked) -> str:
    """The question by its text."""
    return question_words(asked.part.document)


def profile_words(part: Part) -> str:
    """The field of the case profile by its label."""
    return field_of_profile(part.document)
