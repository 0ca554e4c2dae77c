"""The words of a sample: where it stands, what becomes of a case drawn, why one is replaced. Pure."""

from enum import StrEnum


class SampleState(StrEnum):
    """Where a sample stands: its list is there and waits for the draw, or it is drawn."""

    LISTED = "listed"
    DRAWN = "drawn"


class UnitState(StrEnum):
    """What became of a case of the list that the draw reached."""

    DRAWN = "drawn"
    RESERVE = "reserve"
    REPLACED = "replaced"


class Reason(StrEnum):
    """Why a case is replaced."""

    OUT_OF_SCOPE = "out_of_scope"
    NO_RECORD = "no_record"
    DUPLICATE = "duplicate"
    CONFLICT = "conflict"
    OTHER_REVIEW = "other_review"
    OTHER = "other"

    @property
    def label(self) -> str:
        """What people choose."""
        return {
            Reason.OUT_OF_SCOPE: "It does not belong to what the audit is about",
            Reason.NO_RECORD: "Its record cannot be found or opened",
            Reason.DUPLICATE: "It is the same child or family as another case",
            Reason.CONFLICT: "Those who would audit it worked with the family",
            Reason.OTHER_REVIEW: "It is before a court or under another review",
            Reason.OTHER: "Another reason",
        }[self]

    @property
    def because(self) -> str:
        """How a report goes on after a number of cases."""
        return {
            Reason.OUT_OF_SCOPE: "outside what the audit is about",
            Reason.NO_RECORD: "with a record that could not be found or opened",
            Reason.DUPLICATE: "of the same child or family as another case",
            Reason.CONFLICT: "with which those who would audit it had worked",
            Reason.OTHER_REVIEW: "before a court or under another review",
            Reason.OTHER: "for another reason",
        }[self]
