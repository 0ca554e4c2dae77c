"""Who may do what: one function decides, and the same rules give the reach that filters lists."""

from enum import Enum, StrEnum
from typing import NamedTuple


class Role(StrEnum):
    """What a person is in the partnership."""

    ADMINISTRATOR = "administrator"
    QA_LEAD = "qa_lead"
    AUDITOR = "auditor"
    AGENCY_LEAD = "agency_lead"
    PARTNERSHIP_MEMBER = "partnership_member"

    @property
    def label(self) -> str:
        """What people read."""
        return {"qa_lead": "QA lead"}.get(self.value, self.value.replace("_", " ").capitalize())


class Permission(StrEnum):
    """Names of what can be done, capability first."""

    SESSION_USE = "session:use"
    HOME_SEE = "home:see"
    AREAS_MANAGE = "areas:manage"
    AGENCIES_MANAGE = "agencies:manage"
    PEOPLE_MANAGE = "people:manage"
    TRAIL_READ = "trail:read"
    FRAMEWORKS_READ = "frameworks:read"
    FRAMEWORKS_MANAGE = "frameworks:manage"
    AUDITS_READ = "audits:read"
    AUDITS_MANAGE = "audits:manage"
    PROGRAMME_READ = "programme:read"
    PROGRAMME_MANAGE = "programme:manage"
    CASES_READ = "cases:read"
    RETURNS_READ = "returns:read"
    RETURNS_COMPLETE = "returns:complete"
    RETURNS_SEND_LINK = "returns:send_link"
    CONCERNS_RAISE = "concerns:raise"
    CONCERNS_HANDLE = "concerns:handle"
    FEEDBACK_READ = "feedback:read"
    FEEDBACK_WRITE = "feedback:write"
    PANEL_READ = "panel:read"
    AUDITS_MODERATE = "audits:moderate"
    NAMES_MANAGE = "names:manage"
    FINDINGS_READ = "findings:read"
    FINDINGS_CODE = "findings:code"
    RECOMMENDATIONS_READ = "recommendations:read"
    RECOMMENDATIONS_MANAGE = "recommendations:manage"
    ACTIONS_PROGRESS = "actions:progress"
    ACTIONS_VERIFY = "actions:verify"
    ANALYSIS_READ = "analysis:read"
    REPORTS_WRITE = "reports:write"
    REPORTS_READ = "reports:read"


class Scope(Enum):
    """How far a role's permission reaches."""

    EVERYWHERE = "everywhere"
    AREA = "area"  # what belongs to the grant's area; a grant without an area covers all of them
    AGENCY = "agency"  # what concerns the grant's agency
    OWN = "own"  # what the person was given, or nobody was, within the grant's agency


ADMINISTERS = {
    Permission.AREAS_MANAGE,
    Permission.AGENCIES_MANAGE,
    Permission.PEOPLE_MANAGE,
    Permission.TRAIL_READ,
    Permission.FRAMEWORKS_READ,
}

RULES: dict[Role, dict[Permission, Scope]] = {
    # An administrator runs the installation and sees nothing of any child.
    Role.ADMINISTRATOR: dict.fromkeys(ADMINISTERS, Scope.EVERYWHERE),
    Role.QA_LEAD: {
        Permission.FRAMEWORKS_READ: Scope.EVERYWHERE,
        Permission.FRAMEWORKS_MANAGE: Scope.EVERYWHERE,
        Permission.AUDITS_READ: Scope.AREA,
        Permission.AUDITS_MANAGE: Scope.AREA,
        Permission.PROGRAMME_READ: Scope.AREA,
        Permission.PROGRAMME_MANAGE: Scope.AREA,
        Permission.CASES_READ: Scope.AREA,
        Permission.CONCERNS_HANDLE: Scope.AREA,
        Permission.RETURNS_READ: Scope.AREA,
        Permission.RETURNS_SEND_LINK: Scope.AREA,
        Permission.FEEDBACK_READ: Scope.AREA,
        Permission.FEEDBACK_WRITE: Scope.AREA,
        Permission.PANEL_READ: Scope.AREA,
        Permission.AUDITS_MODERATE: Scope.AREA,
        # Names of children: of no business to those who run the installation.
        Permission.NAMES_MANAGE: Scope.AREA,
        Permission.FINDINGS_READ: Scope.AREA,
        Permission.FINDINGS_CODE: Scope.AREA,
        Permission.RECOMMENDATIONS_READ: Scope.AREA,
        Permission.RECOMMENDATIONS_MANAGE: Scope.AREA,
        Permission.ACTIONS_VERIFY: Scope.AREA,
        Permission.ANALYSIS_READ: Scope.AREA,
        Permission.REPORTS_WRITE: Scope.AREA,
        Permission.REPORTS_READ: Scope.AREA,
    },
    Role.AUDITOR: {
        Permission.FRAMEWORKS_READ: Scope.EVERYWHERE,
        Permission.AUDITS_READ: Scope.AGENCY,
        Permission.RETURNS_READ: Scope.OWN,
        Permission.RETURNS_COMPLETE: Scope.OWN,
        Permission.CONCERNS_RAISE: Scope.OWN,
        Permission.FEEDBACK_READ: Scope.AGENCY,
        Permission.FEEDBACK_WRITE: Scope.AGENCY,
        Permission.PANEL_READ: Scope.AGENCY,
        Permission.RECOMMENDATIONS_READ: Scope.AGENCY,
    },
    Role.AGENCY_LEAD: {
        Permission.FRAMEWORKS_READ: Scope.EVERYWHERE,
        Permission.AUDITS_READ: Scope.AGENCY,
        Permission.PROGRAMME_READ: Scope.AGENCY,
        Permission.RETURNS_READ: Scope.AGENCY,
        Permission.RETURNS_SEND_LINK: Scope.AGENCY,
        Permission.CONCERNS_RAISE: Scope.AGENCY,
        Permission.FEEDBACK_READ: Scope.AGENCY,
        Permission.PANEL_READ: Scope.AGENCY,
        Permission.RECOMMENDATIONS_READ: Scope.AGENCY,
        Permission.ACTIONS_PROGRESS: Scope.AGENCY,
        Permission.REPORTS_READ: Scope.AGENCY,
    },
    Role.PARTNERSHIP_MEMBER: {
        Permission.PROGRAMME_READ: Scope.AREA,
        Permission.RECOMMENDATIONS_READ: Scope.AREA,
        Permission.ANALYSIS_READ: Scope.AREA,
        Permission.REPORTS_READ: Scope.AREA,
    },
}

# What a guest may do, with the one return that they were sent a link to.
GUEST = frozenset({Permission.RETURNS_READ, Permission.RETURNS_COMPLETE, Permission.CONCERNS_RAISE})

# Blind grading: nobody but the agency reads a return before it is submitted.
BEFORE_SUBMISSION = {Role.AUDITOR, Role.AGENCY_LEAD}


class Grant(NamedTuple):
    """A role held for an area or an agency. area_id None: every area. agency_id: where they work."""

    role: Role
    area_id: int | None = None
    agency_id: int | None = None


class CurrentPerson(NamedTuple):
    """Who is asking, with every role they hold.

    guest_of: the number of the one return that somebody without an account was sent a link to.
    """

    id: int
    name: str
    email: str
    grants: tuple[Grant, ...] = ()
    guest_of: int | None = None

    @property
    def is_guest(self) -> bool:
        """Whether this is somebody without an account, who came by a link."""
        return self.guest_of is not None

    @property
    def agency_ids(self) -> frozenset[int]:
        """The agencies this person works for, whatever the role."""
        return frozenset(grant.agency_id for grant in self.grants if grant.agency_id is not None)

    def has_role(self, role: Role) -> bool:
        """Whether any grant holds the role."""
        return any(grant.role is role for grant in self.grants)


class Facts(NamedTuple):
    """What a decision rests on; what does not matter for the record is left at its default.

    area_id: the audit's or recommendation's area. agency_ids: the agencies it concerns (the return's or
    action's agency, an audit's participants). allocated_to: the auditor it was given to. submitted: for
    a return. panel_open: for a panel. reported: for analysis and reports shown outside the QA team.
    named: for a confidential audit, the people named on it; None when it is not confidential.
    return_id: the return's number, which decides for a guest.
    """

    area_id: int | None = None
    agency_ids: frozenset[int] = frozenset()
    allocated_to: int | None = None
    submitted: bool = True
    panel_open: bool = True
    reported: bool = True
    named: frozenset[int] | None = None
    return_id: int | None = None


class Reach(NamedTuple):
    """How far a permission reaches for one person: the filter of every list.

    A record is within reach when `everywhere`, or its area is in `areas`, or one of its agencies is in
    `agencies`; within `own_agencies` only if allocated to the person or to nobody. One that concerns an
    agency in `barred` never is. Confidential audits are filtered beside it, by the people named on them.
    """

    everywhere: bool = False
    areas: frozenset[int] = frozenset()
    agencies: frozenset[int] = frozenset()
    own_agencies: frozenset[int] = frozenset()
    barred: frozenset[int] = frozenset()

    @property
    def nowhere(self) -> bool:
        """Nothing at all is within reach."""
        return not (self.everywhere or self.areas or self.agencies or self.own_agencies)

    def includes(self, person_id: int, facts: "Facts") -> bool:
        """Whether a record is within this reach of that person: what a list's SQL condition must say."""
        if facts.agency_ids & self.barred:
            return False
        own = facts.allocated_to in {None, person_id} and bool(facts.agency_ids & self.own_agencies)
        return self.everywhere or facts.area_id in self.areas or bool(facts.agency_ids & self.agencies) or own


def holds(person: CurrentPerson | None, permission: Permission) -> bool:
    """Whether the person has the permission for anything at all: the check at a route's door."""
    if person is None:
        return False
    if permission is Permission.SESSION_USE:
        return True
    if person.is_guest:
        return permission in GUEST
    if permission is Permission.HOME_SEE:
        return True
    return any(permission in RULES[grant.role] for grant in person.grants)


def reach(
    person: CurrentPerson,
    permission: Permission,
    *,
    submitted: bool = True,
    panel_open: bool = True,
    reported: bool = True,
) -> Reach:
    """How far the permission reaches for this person.

    It depends on where a record stands just as `can` does, so a list that holds records of both kinds
    joins two reaches: `or_(and_(Return.submitted, within(reach(...))), within(reach(..., submitted=False)))`.
    """
    if person.is_guest:
        return Reach()  # they have no lists: their one return is opened by its number
    if permission in {Permission.HOME_SEE, Permission.SESSION_USE}:
        return Reach(everywhere=True)
    stands = Facts(submitted=submitted, panel_open=panel_open, reported=reported)
    everywhere, areas, agencies, own = False, set[int](), set[int](), set[int]()
    for grant in person.grants:
        scope = RULES[grant.role].get(permission) if _stage_allows(grant.role, permission, stands) else None
        if scope is Scope.EVERYWHERE or (scope is Scope.AREA and grant.area_id is None):
            everywhere = True
        elif scope is Scope.AREA and grant.area_id is not None:
            areas.add(grant.area_id)
        elif scope is Scope.AGENCY and grant.agency_id is not None:
            agencies.add(grant.agency_id)
        elif scope is Scope.OWN and grant.agency_id is not None:
            own.add(grant.agency_id)
    barred = _barred(person, permission)
    return Reach(everywhere, frozenset(areas), frozenset(agencies), frozenset(own), barred)


def _barred(person: CurrentPerson, permission: Permission) -> frozenset[int]:
    """Nobody verifies their own agency's action."""
    return person.agency_ids if permission is Permission.ACTIONS_VERIFY else frozenset()


def can(person: CurrentPerson, permission: Permission, facts: Facts) -> bool:
    """Whether this person may do this to a record with these facts: the one decision of the product."""
    if permission is Permission.SESSION_USE:
        return True
    if person.is_guest:
        return _guest_can(person, permission, facts)
    if permission is Permission.HOME_SEE:
        return True
    if facts.named is not None and person.id not in facts.named:
        return False
    if facts.agency_ids & _barred(person, permission):
        return False
    return any(_grant_allows(person, grant, permission, facts) for grant in person.grants)


def _guest_can(person: CurrentPerson, permission: Permission, facts: Facts) -> bool:
    """A guest may what an auditor may, with the return of their link, for as long as it is given to them.

    On a confidential audit, too: whoever sent them the link is named on it, and decided so.
    """
    return permission in GUEST and facts.return_id == person.guest_of and facts.allocated_to == person.id


def _grant_allows(person: CurrentPerson, grant: Grant, permission: Permission, facts: Facts) -> bool:
    scope = RULES[grant.role].get(permission)
    if scope is None or not _stage_allows(grant.role, permission, facts):
        return False
    if scope is Scope.EVERYWHERE:
        return True
    if scope is Scope.AREA:
        return grant.area_id is None or grant.area_id == facts.area_id
    if grant.agency_id not in facts.agency_ids:
        return False
    return scope is Scope.AGENCY or facts.allocated_to in {None, person.id}


def _stage_allows(role: Role, permission: Permission, facts: Facts) -> bool:
    if permission is Permission.RETURNS_READ and not facts.submitted:
        return role in BEFORE_SUBMISSION
    if permission is Permission.PANEL_READ and not facts.panel_open:
        return role is Role.QA_LEAD
    if permission in {Permission.ANALYSIS_READ, Permission.REPORTS_READ} and not facts.reported:
        return role is Role.QA_LEAD
    return True
