"""The sectors that agencies belong to."""

from enum import StrEnum


class Sector(StrEnum):
    """A part of the safeguarding system; questions are asked by sector."""

    LOCAL_AUTHORITY = "local_authority"
    POLICE = "police"
    HEALTH = "health"
    EDUCATION = "education"
    PROBATION = "probation"
    VOLUNTARY = "voluntary"
    HOUSING = "housing"
    JUSTICE = "justice"
    OTHER = "other"

    @property
    def label(self) -> str:
        """What people read."""
        return LABELS[self]


LABELS = {
    Sector.LOCAL_AUTHORITY: "Local authority",
    Sector.POLICE: "Police",
    Sector.HEALTH: "Health",
    Sector.EDUCATION: "Education",
    Sector.PROBATION: "Probation",
    Sector.VOLUNTARY: "Voluntary and community",
    Sector.HOUSING: "Housing",
    Sector.JUSTICE: "Youth justice and courts",
    Sector.OTHER: "Other",
}
