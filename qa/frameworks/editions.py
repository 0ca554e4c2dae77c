"""An edition as the rest of the product uses it: content, and the number of the row behind each key. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from qa.frameworks.content import FrameworkContent, Grade, Scale
from qa.frameworks.states import EditionState
from qa.frameworks.vocabulary import FrameworkKind


class RowIds(NamedTuple):
    """Numbers of rows by key. grades: by (scale key, grade key); options: by (question key, option key);
    profile_options: by (field key, option key).
    """

    sections: Mapping[str, int]
    questions: Mapping[str, int]
    scales: Mapping[str, int]
    grades: Mapping[tuple[str, str], int]
    options: Mapping[tuple[str, str], int]
    fields: Mapping[str, int]
    profile_options: Mapping[tuple[str, str], int]


@dataclass(frozen=True, slots=True)
class EditionTree:
    """One edition whole. Published editions never change, so a tree may be kept in memory."""

    id: int
    framework_id: int
    number: int
    state: EditionState
    content: FrameworkContent
    ids: RowIds
    question_keys: Mapping[int, str] = field(init=False, repr=False)
    section_keys: Mapping[int, str] = field(init=False, repr=False)
    grade_keys: Mapping[int, tuple[str, str]] = field(init=False, repr=False)
    option_keys: Mapping[int, tuple[str, str]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        for name, ids in (
            ("question_keys", self.ids.questions),
            ("section_keys", self.ids.sections),
            ("grade_keys", self.ids.grades),
            ("option_keys", self.ids.options),
        ):
            object.__setattr__(self, name, {number: key for key, number in ids.items()})

    @property
    def judgement_scale(self) -> Scale:
        """The scale that the panel grades on."""
        return self.content.scale(self.content.judgement_scale)

    @property
    def self_assessment(self) -> bool:
        """Whether the cases are the agencies themselves."""
        return self.content.kind is FrameworkKind.SELF_ASSESSMENT

    def grade(self, grade_id: int) -> Grade:
        """The grade behind a row's number. Raises KeyError when it is not of this edition."""
        scale, key = self.grade_keys[grade_id]
        return self.content.scale(scale).grade(key)
