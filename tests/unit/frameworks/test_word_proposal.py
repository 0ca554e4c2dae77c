"""What a person confirms of a Word document, and the draft that comes of it."""

from collections.abc import Mapping
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from qa.frameworks.checking import load_themes
from qa.frameworks.content import FrameworkContent
from qa.frameworks.document import to_document
from qa.frameworks.drafts.checks import check_draft
from qa.frameworks.drafts.elements import Document, Kind, elements
from qa.frameworks.vocabulary import QuestionType
from qa.frameworks.word.answers import Answer
from qa.frameworks.word.documents import draft_document, file_scale, same_questions
from qa.frameworks.word.guessing import Guess, QuestionGuess, SectionGuess
from qa.frameworks.word.proposal import (
    Proposal,
    answer_choices,
    default_scale,
    from_form,
    from_guess,
    problems,
    with_earlier,
)

DETAILS = {
    "name": "Neglect",
    "summary": "How neglect is met.",
    "kind": "case_audit",
    "method": "multi_agency",
}
RAG = Answer(QuestionType.GRADE, "rag")
OWN = Answer(QuestionType.GRADE, "file", ("Always", "Often", "Never"))


def found(*texts: str, answer: Answer = RAG, title: str = "Planning") -> SectionGuess:
    return SectionGuess(title, "", tuple(QuestionGuess(text, "", answer) for text in texts))


def proposal(*sections: SectionGuess) -> Proposal:
    return from_guess(Guess("Neglect", sections, ()))


def fields(made: Proposal, **changed: str | None) -> dict[str, str]:
    """What the page would send; None for a field that is not sent, such as a box that is not ticked."""
    sent: dict[str, str | None] = {}
    for section in made.sections:
        sent |= {f"{section.name}-take": "1", f"{section.name}-title": section.title}
        sent[f"{section.name}-guidance"] = section.guidance
        for question in section.questions:
            name = question.name
            sent |= {f"{name}-take": "1", f"{name}-text": question.text, f"{name}-answer": question.answer}
            sent |= {f"{name}-guidance": question.guidance, f"{name}-options": question.options}
            sent |= {f"{name}-sure": "1"} if question.sure else {}
            sent |= {f"{name}-kept": "1"} if question.kept else {}
    sent |= {f"scale-{place}": "\n".join(labels) for place, labels in enumerate(made.scales)}
    sent |= {name.replace("_", "-"): value for name, value in changed.items()}
    return {name: value for name, value in sent.items() if value is not None}


def by_key(document: Document, kind: Kind = Kind.QUESTION) -> Mapping[str, Any]:
    return {one.key: one.value for one in elements(document) if one.kind is kind}


def test_the_form_holds_all_of_the_proposal() -> None:
    made = proposal(found("One", "Two", answer=OWN), found("Three", title="Review"))

    assert from_form(fields(made)) == made


def test_what_is_not_ticked_stays_out() -> None:
    made = from_form(
        fields(proposal(found("One", "Two"), found("Three", title="Review")), s_0_0_take=None, s_1_take=None)
    )

    assert [[question.text for question in section.questions] for section in made.taken] == [["Two"]]
    assert made.questions == 3


def test_a_corrected_proposal_becomes_a_draft_that_checks() -> None:
    made = from_form(
        fields(
            proposal(found("Was it done", "Who was asked", "When"), found("Never", title="Away")),
            s_0_title="Planning and review",
            s_0_0_text="Was it done in time?",
            s_0_0_guidance="Look at the dates.",
            s_0_1_answer="several_choices",
            s_0_1_options="Health\nPolice\n\nHealth",
            s_0_2_answer="date",
            s_1_take=None,
        )
    )
    document = draft_document(made, DETAILS, judgement="ready-ofsted", closing=True)
    checked = check_draft({"key": "neglect", **document}, load_themes().keys)

    assert not checked.problems
    content = checked.content
    assert content is not None
    (section,) = content.sections
    assert section.title == "Planning and review"
    asked = [(question.text, question.type.value, question.scale) for question in section.questions]
    assert asked[:3] == [
        ("Was it done in time?", "grade", "rag"),
        ("Who was asked", "several_choices", None),
        ("When", "date", None),
    ]
    assert [option.label for option in section.questions[1].options] == ["Health", "Police"]
    assert section.questions[0].guidance == "Look at the dates."
    assert section.grade_question is not None
    assert section.grade_question.scale == content.judgement_scale == "ofsted"
    assert section.impact_question is not None
    assert content.scale("rag").grade("amber").descriptor


def test_without_closing_questions_the_checks_say_what_is_missing() -> None:
    document = draft_document(proposal(found("One")), DETAILS, judgement="ready-rag", closing=False)
    checked = check_draft({"key": "neglect", **document}, load_themes().keys)

    assert [question["text"] for question in by_key(document).values()] == ["One"]
    assert checked.problems


def test_the_document_s_own_scale_comes_in_once_best_first() -> None:
    document = draft_document(
        proposal(found("One", "Two", answer=OWN)), DETAILS, judgement="file-0", closing=False
    )
    (scale,) = document["scales"]

    assert [grade["label"] for grade in scale["grades"]] == ["Always", "Often", "Never"]
    assert [grade["score"] for grade in scale["grades"]] == [3, 2, 1]
    assert {question["scale"] for question in by_key(document).values()} == {scale["key"]}
    assert document["judgement_scale"] == scale["key"]


def test_a_scale_that_was_put_right_is_the_one_that_comes_in() -> None:
    made = from_form(fields(proposal(found("One", answer=OWN)), scale_0="Often\nAlways\nNow and then\nNever"))

    assert made.scales == (("Often", "Always", "Now and then", "Never"),)


def test_what_must_be_put_right_is_named_beside_its_field() -> None:
    made = proposal(found("One", "Two"))
    wrong = from_form(fields(made, s_0_title="", s_0_0_text="", s_0_1_answer="grade-ready-nonsense"))

    assert problems(wrong, answer_choices(wrong, None)) == {
        "s-0-title": "Enter a title for this section",
        "s-0-0-text": "Enter the question, or leave it out",
        "s-0-1-answer": "Choose how the question is answered",
    }
    nothing = from_form(fields(made, s_0_take=None))
    assert "Tick at least one section" in problems(nothing, answer_choices(nothing, None))[""]
    long = from_form(fields(made, s_0_0_text="x" * 501))
    assert "500 characters or fewer" in problems(long, answer_choices(long, None))["s-0-0-text"]
    assert not problems(made, answer_choices(made, None))


def test_the_panel_s_scale_is_the_one_most_questions_have() -> None:
    assert default_scale(proposal(found("One", "Two"), found("x", answer=OWN, title="b"))) == "ready-rag"
    assert default_scale(proposal(found("x", answer=Answer(QuestionType.DATE)))) == "ready-ofsted"


def test_the_next_edition_keeps_the_keys_of_what_is_asked_in_the_same_words(small: FrameworkContent) -> None:
    earlier = to_document(small)
    made = with_earlier(
        proposal(
            found("was consent sought", "Was anybody told?", title="Front Door and threshold"),
            found("Who referred?", answer=Answer(QuestionType.SHORT_TEXT), title="New part"),
        ),
        earlier,
    )
    document = draft_document(made, {}, closing=True, earlier=earlier)
    before, after = by_key(earlier), by_key(document)

    assert [question.kept for section in made.sections for question in section.questions] == [
        True,
        False,
        True,
    ]
    assert after["consent"] == {**before["consent"], "text": "was consent sought"}
    assert after["referrer"]["options"] == before["referrer"]["options"]
    assert [section["key"] for section in document["sections"]] == ["front_door", "new_part"]
    assert after["front_door_grade"] == before["front_door_grade"]
    assert after["front_door_impact"] == before["front_door_impact"]
    assert document["profile"] == earlier["profile"]
    assert document["name"] == earlier["name"]
    assert same_questions(document, earlier) == 2
    assert document["sections"][0]["guidance"] == earlier["sections"][0]["guidance"]


def test_a_question_that_is_answered_otherwise_keeps_its_key_and_loses_what_no_longer_fits(
    small: FrameworkContent,
) -> None:
    earlier = to_document(small)
    made = with_earlier(proposal(found("Was the threshold decision right?", title="Other")), earlier)
    document = draft_document(
        from_form(fields(made, s_0_0_answer="number")), {}, closing=False, earlier=earlier
    )

    assert by_key(document)["threshold"] == {
        "key": "threshold",
        "text": "Was the threshold decision right?",
        "type": "number",
        "guidance": "Look at the decision record.",
        "themes": ["thresholds"],
    }


def test_a_new_question_never_takes_the_key_of_one_that_is_no_longer_asked(small: FrameworkContent) -> None:
    earlier = to_document(small)
    made = with_earlier(proposal(found("Consent", title="Other")), earlier)
    document = draft_document(made, {}, closing=False, earlier=earlier)

    assert set(by_key(document)) == {"consent_2"}


def test_an_earlier_scale_with_the_same_grades_is_used_instead_of_another(small: FrameworkContent) -> None:
    earlier = to_document(small)
    ofsted = Answer(QuestionType.GRADE, "ofsted")
    made = with_earlier(proposal(found("Something new?", answer=ofsted)), earlier)
    document = draft_document(made, {}, closing=False, earlier=earlier)

    assert [scale["key"] for scale in document["scales"]] == ["ofsted"]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text(min_size=1, max_size=90), min_size=2, max_size=10, unique=True))
def test_any_labels_make_a_scale_with_keys_of_its_own(labels: list[str]) -> None:
    grades = file_scale(labels)["grades"]

    assert len({grade["key"] for grade in grades}) == len(labels)
    assert [grade["score"] for grade in grades] == list(range(len(labels), 0, -1))


@settings(max_examples=150, deadline=None)
@given(
    st.dictionaries(
        st.from_regex(
            r"(s-[0-2](-[0-2])?-(take|title|text|answer|options|guidance)|scale-[0-2])", fullmatch=True
        ),
        st.one_of(st.text(max_size=20), st.sampled_from(["grade-file-0", "grade-ready-rag", "yes_no"])),
    )
)
def test_whatever_is_sent_gives_a_draft_or_says_what_is_wrong(form: dict[str, str]) -> None:
    made = from_form(form)
    wrong = problems(made, answer_choices(made, None))
    if not wrong:
        document = draft_document(made, DETAILS, judgement="ready-rag", closing=True)
        check_draft({"key": "neglect", **document}, load_themes().keys)
        assert document["sections"]
    assert all(message for message in wrong.values())
