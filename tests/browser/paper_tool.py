"""A paper audit tool such as partnerships keep: sixty questions, three scales, branches, a case profile.

What a QA lead has in front of them when they build a framework, in a browser or in a workbook.
"""

from typing import NamedTuple

NAME = "Children missing from home or care"
SUMMARY = "How well agencies respond when a child goes missing, and whether the child is safer because of it."


class PaperQuestion(NamedTuple):
    """A row of the paper tool. scale: the name of a scale; "" for another type. when: (question, answer)."""

    text: str
    type: str = "grade"
    scale: str = "Met, partly met, not met"
    options: tuple[str, ...] = ()
    when: tuple[str, str] | None = None


class PaperSection(NamedTuple):
    """A page of the paper tool. sectors: who is asked; empty for everybody."""

    title: str
    questions: tuple[PaperQuestion, ...]
    sectors: tuple[str, ...] = ()


class PaperScale(NamedTuple):
    """A scale of the paper tool: (label, descriptor, meets the standard), best first."""

    name: str
    grades: tuple[tuple[str, str, bool], ...]


SCALES = (
    PaperScale(
        "Met, partly met, not met",
        (
            ("Met", "The record shows it, on time and in full.", True),
            ("Partly met", "Some of it is there, or it came late.", False),
            ("Not met", "The record does not show it.", False),
        ),
    ),
    PaperScale(
        "Red, amber, green",
        (
            ("Green", "Risk is understood and being reduced.", True),
            ("Amber", "Risk is understood but little has changed.", False),
            ("Red", "Risk is not understood or is growing.", False),
        ),
    ),
    PaperScale(
        "Quality of practice",
        (
            ("Strong", "Thorough, timely and shaped by this child.", True),
            ("Sound", "What was needed was done.", True),
            ("Weak", "Gaps that matter to the child.", False),
            ("Poor", "The child was let down.", False),
        ),
    ),
)
JUDGED_ON = "Quality of practice"

PROFILE = (
    ("Age band", ("Under 12", "12 to 15", "16 or 17")),
    ("Where the child was living", ("With family", "Foster care", "Children's home", "Supported housing")),
    ("Times missing in the last 12 months", ("1", "2 to 5", "6 or more")),
)

RAG = "Red, amber, green"
QUALITY = "Quality of practice"

SECTIONS = (
    PaperSection(
        "The report",
        (
            PaperQuestion("Was the child reported missing as soon as their absence was noticed?"),
            PaperQuestion("Did the report say what was out of character about the absence?"),
            PaperQuestion("Was a photograph offered with the report?", "yes_no", ""),
            PaperQuestion("Was the level of risk recorded?", "yes_no", ""),
            PaperQuestion(
                "Was the level of risk right for this child?",
                when=("Was the level of risk recorded?", "Yes"),
            ),
            PaperQuestion(
                "Who made the report?", "single_choice", "", ("Parent", "Carer", "School", "Other")
            ),
            PaperQuestion("On what date was the child reported missing?", "date", ""),
            PaperQuestion("How many hours passed before the report?", "number", ""),
        ),
    ),
    PaperSection(
        "Finding the child",
        (
            PaperQuestion("Were enquiries proportionate to the risk?"),
            PaperQuestion("Were friends and places the child is drawn to checked?"),
            PaperQuestion("Were partner agencies asked what they knew?"),
            PaperQuestion("Was the risk looked at again as hours passed?", scale=RAG),
            PaperQuestion("Was a senior officer told when the child stayed missing?"),
            PaperQuestion("Were the child's family kept informed?"),
            PaperQuestion("Was the search recorded so that another officer could take it over?"),
            PaperQuestion("Was the child found by an agency?", "yes_no", ""),
        ),
        ("Police",),
    ),
    PaperSection(
        "Coming back",
        (
            PaperQuestion("Was a prevention interview held when the child came back?", "yes_no", ""),
            PaperQuestion(
                "Was the child listened to in it?",
                when=("Was a prevention interview held when the child came back?", "Yes"),
            ),
            PaperQuestion("Was the child offered a return home interview?", "yes_no", ""),
            PaperQuestion(
                "Was the return home interview within 72 hours?",
                when=("Was the child offered a return home interview?", "Yes"),
            ),
            PaperQuestion("Was the interviewer independent of the child's carers?"),
            PaperQuestion("Was the child's health considered on return?"),
            PaperQuestion("Was what the child said shared with those who needed it?"),
            PaperQuestion("In the child's own words, why did they go?", "long_text", ""),
        ),
    ),
    PaperSection(
        "Understanding the risk",
        (
            PaperQuestion("Were push and pull factors explored?"),
            PaperQuestion("Was exploitation considered?", "yes_no", ""),
            PaperQuestion(
                "Was an exploitation assessment made?",
                when=("Was exploitation considered?", "Yes"),
            ),
            PaperQuestion("Were earlier episodes put together into a pattern?"),
            PaperQuestion("Were risks outside the home mapped with partners?", scale=RAG),
            PaperQuestion(
                "Which risks outside the home were found?",
                "several_choices",
                "",
                ("Sexual exploitation", "Criminal exploitation", "Serious violence", "None found"),
            ),
            PaperQuestion("Was the child's identity, culture and any disability considered?"),
            PaperQuestion("How safe was the child on the last day of the period?", scale=RAG),
        ),
    ),
    PaperSection(
        "Planning and protection",
        (
            PaperQuestion("Was a strategy discussion held when the threshold was met?"),
            PaperQuestion("Did the right agencies take part in it?"),
            PaperQuestion("Does the plan say what will make going missing less likely?"),
            PaperQuestion("Does the plan say what to do if it happens again?"),
            PaperQuestion("Were the child's wishes used in the plan?"),
            PaperQuestion("Were parents or carers part of the plan?"),
            PaperQuestion("Was the plan reviewed after each episode?"),
            PaperQuestion("Did planned work happen?", scale=QUALITY),
        ),
    ),
    PaperSection(
        "Oversight",
        (
            PaperQuestion("Did supervision look at the missing episodes?"),
            PaperQuestion("Did a manager record why decisions were made?"),
            PaperQuestion("Was disagreement between agencies escalated?"),
            PaperQuestion("Was the school told when it needed to be?"),
            PaperQuestion("Was the case discussed at the missing children panel?", "yes_no", ""),
            PaperQuestion("Were actions of the panel followed up?"),
            PaperQuestion("Was the placement's own response good enough?"),
            PaperQuestion("Name the policy that was followed", "short_text", ""),
        ),
    ),
)
"""Eight questions each; with the section's grade and the impact on the child every section has ten."""

NEXT_YEAR_REWORDED = (
    "Were friends and places the child is drawn to checked?",
    "Were friends, online contacts and places the child is drawn to checked?",
)
NEXT_YEAR_REMOVED = "Was a photograph offered with the report?"
NEXT_YEAR_ADDED = "Was the child's phone or social media used to help find them?"
NEXT_YEAR_RESCALED = "Did the right agencies take part in it?"
