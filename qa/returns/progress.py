"""How far a return has come, section by section, and what is still missing: pure."""

from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import NamedTuple

from qa.accounts.sectors import Sector
from qa.frameworks.answers import AnswerError
from qa.frameworks.conditions import Visible, visible
from qa.frameworks.content import FrameworkContent, Section
from qa.frameworks.types import type_of
from qa.returns.drafts import NO_ANSWER, StoredAnswer, values_of


class SectionState(StrEnum):
    """How far a section has come. OPTIONAL: nothing in it has to be answered, and nothing is."""

    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    COMPLETE = "complete"
    OPTIONAL = "optional"

    @property
    def label(self) -> str:
        """What people read."""
        return self.value.replace("_", " ").capitalize()

    @property
    def done(self) -> bool:
        """Whether it keeps nothing from being submitted."""
        return self in {SectionState.COMPLETE, SectionState.OPTIONAL}


class SectionProgress(NamedTuple):
    """One section that is asked. missing: what keeps it from being complete, in the order of the page."""

    section: Section
    state: SectionState
    missing: tuple[AnswerError, ...]


def progress_of(
    content: FrameworkContent,
    sector: Sector,
    profile: Mapping[str, str],
    answers: Mapping[str, StoredAnswer],
    with_findings: Collection[str] = (),
) -> list[SectionProgress]:
    """Every section that is asked, in order. with_findings: keys of the sections that have findings."""
    seen = visible(content, sector, profile, values_of(answers))
    return [
        _section(content, section, seen, answers, section.key in with_findings)
        for section in content.sections
        if section.key in seen.sections
    ]


def counts(sections: Collection[SectionProgress]) -> tuple[int, int]:
    """How many sections are done, and how many there are."""
    return sum(section.state.done for section in sections), len(sections)


def _section(
    content: FrameworkContent,
    section: Section,
    seen: Visible,
    answers: Mapping[str, StoredAnswer],
    started: bool,
) -> SectionProgress:
    missing: list[AnswerError] = []
    for question in section.questions:
        if question.key not in seen.questions:
            continue
        answer = answers.get(question.key, NO_ANSWER)
        started = started or answer.value is not None or bool(answer.evidence)
        missing += type_of(question).check_complete(question, content, answer.value, answer.evidence)
    return SectionProgress(section, _state(started, bool(missing)), tuple(missing))


def _state(started: bool, missing: bool) -> SectionState:
    if missing:
        return SectionState.IN_PROGRESS if started else SectionState.NOT_STARTED
    return SectionState.COMPLETE if started else SectionState.OPTIONAL
