"""The states of an edition: pure."""

from enum import StrEnum


class EditionState(StrEnum):
    """A draft changes; a published edition is frozen; a withdrawn one starts no new audit."""

    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        """What people read."""
        return self.value.capitalize()
