"""The fields of the form in which roles are given, and grants as those fields and back: pure."""

from collections.abc import Iterable, Mapping, Sequence

from qa.accounts.permissions import Grant, Role

ALL_AREAS = "all"
ALL_AREAS_LABEL = "All areas, also those added later"

# Where the form asks for the areas or the agencies of a role.
AREAS_OF = {Role.QA_LEAD: "qa_lead_areas", Role.PARTNERSHIP_MEMBER: "member_areas"}
AGENCIES_OF = {Role.AUDITOR: "auditor_agencies", Role.AGENCY_LEAD: "agency_lead_agencies"}
WORKS_FOR = {Role.QA_LEAD: "qa_lead_agency"}
NEEDED = {
    "qa_lead_areas": "Choose the areas for which the person is QA lead",
    "member_areas": "Choose the areas for which the person is a partnership member",
    "auditor_agencies": "Choose the agency for which the person audits",
    "agency_lead_agencies": "Choose the agency of which the person is lead",
}


def grants_of(roles: Iterable[str], chosen: Mapping[str, Sequence[str]]) -> tuple[Grant, ...]:
    """The grants that a filled-in form means. chosen: field name to the values ticked in it."""
    grants: list[Grant] = []
    for role in map(Role, roles):
        if role in AREAS_OF:
            areas = chosen.get(AREAS_OF[role], ())
            works_for = [int(number) for number in chosen.get(WORKS_FOR.get(role, ""), ()) if number]
            agency_id = works_for[0] if works_for else None
            area_ids = [None] if ALL_AREAS in areas else [int(number) for number in areas]
            grants += [Grant(role, area_id, agency_id) for area_id in area_ids]
        elif role in AGENCIES_OF:
            grants += [Grant(role, None, int(number)) for number in chosen.get(AGENCIES_OF[role], ())]
        else:
            grants.append(Grant(role))
    return tuple(grants)


def fields_of(grants: Iterable[Grant]) -> dict[str, list[str]]:
    """The values of the form's fields for these grants."""
    values: dict[str, list[str]] = {"roles": []}
    for grant in grants:
        _add(values, "roles", grant.role.value)
        if grant.role in AREAS_OF:
            _add(values, AREAS_OF[grant.role], str(grant.area_id) if grant.area_id is not None else ALL_AREAS)
        if grant.agency_id is not None and grant.role in AGENCIES_OF:
            _add(values, AGENCIES_OF[grant.role], str(grant.agency_id))
        if grant.agency_id is not None and grant.role in WORKS_FOR:
            values[WORKS_FOR[grant.role]] = [str(grant.agency_id)]
    return values


def role_texts(
    grants: Iterable[Grant], areas: Mapping[int, str], agencies: Mapping[int, str]
) -> dict[str, str]:
    """The form's fields in words, for the page that shows two versions."""
    values = fields_of(grants)
    texts = {"roles": ", ".join(Role(value).label for value in values["roles"])}
    for name in AREAS_OF.values():
        texts[name] = ", ".join(
            ALL_AREAS_LABEL if value == ALL_AREAS else areas[int(value)] for value in values.get(name, ())
        )
    for name in (*AGENCIES_OF.values(), *WORKS_FOR.values()):
        texts[name] = ", ".join(agencies[int(value)] for value in values.get(name, ()))
    return texts


def _add(values: dict[str, list[str]], name: str, value: str) -> None:
    kept = values.setdefault(name, [])
    if value not in kept:
        kept.append(value)
