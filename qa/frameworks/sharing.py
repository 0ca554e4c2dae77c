"""Who may write a framework: one shared by all areas, any QA lead; one kept to an area, that area's. Pure."""

from qa.accounts.permissions import CurrentPerson, Facts, Permission, Role, can
from qa.problems import NotAllowed, NotFound


def manages(person: CurrentPerson, area_id: int | None) -> bool:
    """Whether the person may change frameworks of that area; None stands for those that all areas share."""
    if not can(person, Permission.FRAMEWORKS_MANAGE, Facts(area_id=area_id)):
        return False
    areas = managed_areas(person)
    return areas is None or area_id is None or area_id in areas


def managed_areas(person: CurrentPerson) -> frozenset[int] | None:
    """The areas to which the person may keep a framework; None for every one."""
    areas = {grant.area_id for grant in person.grants if grant.role is Role.QA_LEAD}
    return None if None in areas else frozenset(area for area in areas if area is not None)


def check_manages(person: CurrentPerson, area_id: int | None) -> None:
    """Raises NotFound for a framework that another area keeps, NotAllowed for one that all share."""
    if manages(person, area_id):
        return
    if area_id is not None:
        raise NotFound("no such framework")
    raise NotAllowed("Only a QA lead changes a framework.")


def sees_every_area(person: CurrentPerson) -> bool:
    """Whether no framework is hidden from the person: administrators, and whoever leads in all areas."""
    return any(
        grant.role is Role.ADMINISTRATOR or (grant.role is Role.QA_LEAD and grant.area_id is None)
        for grant in person.grants
    )


def areas_of(person: CurrentPerson) -> frozenset[int]:
    """The areas whose own frameworks the person sees by a role for that area."""
    return frozenset(grant.area_id for grant in person.grants if grant.area_id is not None)


def agencies_of(person: CurrentPerson) -> frozenset[int]:
    """The agencies for which the person does audits: they see what is kept to the areas these work in.

    A QA lead's own agency counts for nothing: they lead in their area alone.
    """
    doing = {Role.AUDITOR, Role.AGENCY_LEAD}
    return frozenset(
        grant.agency_id for grant in person.grants if grant.agency_id is not None and grant.role in doing
    )
