"""The evidence in words beside an answer."""

from markupsafe import Markup

from qa.frameworks.answers import AnswerError, RawAnswer, evidence_name
from qa.frameworks.content import FrameworkContent, Question
from qa.frameworks.types import QUESTION_TYPES
from qa.frameworks.types.rendering import render
from qa.frameworks.types.texts import LONGEST, clean_text, too_long
from qa.frameworks.types.views import TextAreaView
from qa.frameworks.vocabulary import EvidenceRule


def parse_evidence(question: Question, text: str) -> str | None:
    """The evidence that was typed, cleaned; None for an empty box. Raises AnswerError when it is too long."""
    cleaned = clean_text(text)
    if len(cleaned) > LONGEST:
        message = too_long(cleaned, LONGEST)
        raise AnswerError(evidence_name(question.key), message, question=question.text)
    return cleaned or None


def evidence_view(
    question: Question, content: FrameworkContent, text: str, error: AnswerError | None = None
) -> TextAreaView | None:
    """The box for the evidence beside an answer; None when the question asks for no evidence."""
    if question.evidence is EvidenceRule.NONE:
        return None
    optional = question.evidence is EvidenceRule.OPTIONAL and not question.evidence_required_for
    return TextAreaView(
        macro="textarea",
        name=evidence_name(question.key),
        text="Evidence (optional)" if optional else "Evidence",
        hint=_evidence_hint(question, content),
        error=error.message if error else None,
        value=text,
        rows=3,
        hidden_text=f"for: {question.text}",
        emphasis=False,
    )


def _evidence_hint(question: Question, content: FrameworkContent) -> str | None:
    if not question.evidence_required_for:
        return None
    answer_type = QUESTION_TYPES[question.type]
    labels = (
        answer_type.display(question, content, answer_type.parse(question, content, RawAnswer((key,))))
        for key in question.evidence_required_for
    )
    return f"Needed if you answer: {'; '.join(labels)}."


def render_evidence(
    question: Question, content: FrameworkContent, text: str = "", error: AnswerError | None = None
) -> Markup:
    """The box's HTML; empty when the question asks for no evidence."""
    view = evidence_view(question, content, text, error)
    return render(view) if view is not None else Markup()
