"""Who may write a framework: one shared by all areas, any QA lead; one kept to an area, that area's. Pure."""

from qa.accounts.permissions import CurrentPerson, Facts, Permission, Role, can


def manages(person: CurrentPerson, area_id: int | None) -> bool:
    """Whether the person may change frameworks of that area; None stands for those that all areas share."""
    if not can(person, Permission.FRAMEWORKS_MANAGE, Facts(area_id=area_id)):
        return False
    areas = {grant.area_id for grant in person.grants if grant.role is Role.QA_LEAD}
    return area_id is None or None in areas or area_id in areas
