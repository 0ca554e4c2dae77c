"""The two questions that end every section of a case audit: its grade, and the difference made. Pure."""

from qa.frameworks.drafts.editing import added, changed, moved, with_details
from qa.frameworks.drafts.elements import Document, Kind, element, questions_of, sections_of
from qa.frameworks.vocabulary import EvidenceRule, FrameworkKind, QuestionRole, QuestionType
from qa.problems import NotFound


def needs_closing(document: Document) -> bool:
    """Whether sections of this framework end with their grade and the impact on the child."""
    return document.get("kind") == FrameworkKind.CASE_AUDIT


def lacks_closing(document: Document, section: Document) -> bool:
    """Whether a section that should end with its closing questions does not."""
    ends = [question.get("role") for question in questions_of(section)[-2:]]
    return needs_closing(document) and set(ends) != set(QuestionRole)


def with_closing(document: Document, section: str) -> Document:
    """With the section ending in both closing questions: those it has are moved, the others are added.

    Raises NotFound when the section is gone.
    """
    found = element(document, Kind.SECTION, section)
    if found is None:
        raise NotFound(f"no section {section}")
    title = str(found.value.get("title", ""))
    for role in (QuestionRole.SECTION_GRADE, QuestionRole.IMPACT):
        whole = next(entry for entry in sections_of(document) if entry["key"] == section)
        held = next((entry for entry in questions_of(whole) if entry.get("role") == role), None)
        if held is None:
            document, key = added(document, Kind.QUESTION, closing_question(document, title, role), section)
        else:
            key = str(held["key"])
        document = moved(document, Kind.QUESTION, key, len(questions_of(whole)) + 1)
    return document


def judged_on(document: Document, scale: str | None) -> Document:
    """With that scale as the one the panel grades on, and the sections' grades on it too.

    A section's grade that was on another scale than the panel's, or that has descriptors of its own, is left
    as it is: the checks say what to do about it.
    """
    before = document.get("judgement_scale")
    after = with_details(document, {"judgement_scale": scale})
    if scale == before or not scale:
        return after
    for section in sections_of(document):
        for question in questions_of(section):
            ours = question.get("scale") in {before, None} and not question.get("descriptors")
            if question.get("role") == QuestionRole.SECTION_GRADE and ours:
                after = changed(after, Kind.QUESTION, question["key"], {**question, "scale": scale})
    return after


def closing_question(document: Document, title: str, role: QuestionRole) -> Document:
    """The wording and settings that the rules ask of the question with that role."""
    if role is QuestionRole.SECTION_GRADE:
        return {
            "text": f"Overall, how good was practice in “{title}”?"[:500],
            "type": QuestionType.GRADE.value,
            "scale": document.get("judgement_scale"),
            "guidance": "Weigh your answers above and say in the evidence what decided the grade.",
            "evidence": EvidenceRule.REQUIRED.value,
            "role": role.value,
        }
    return {
        "text": f"What difference did practice in “{title}” make to the child?"[:500],
        "type": QuestionType.LONG_TEXT.value,
        "guidance": "Say what changed, or did not change, in the child's daily life, and how you know.",
        "role": role.value,
    }
