"""Commands on people who are here: their details, roles, sessions, and whether they may sign in."""

from collections.abc import Collection, Iterable, Mapping

from sqlalchemy import or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, selectinload
from sqlalchemy.orm.attributes import flag_modified

from qa.accounts.granting import misfit
from qa.accounts.models import Agency, Area, Person, PersonRole
from qa.accounts.permissions import CurrentPerson, Facts, Grant, Permission, Role, can
from qa.accounts.role_fields import role_texts
from qa.accounts.signing_in import end_sign_ins, use_up_links
from qa.db import writing
from qa.problems import NotAllowed, NotFound, Refused, Stale, refused
from qa.trail.models import TrailEntry
from qa.trail.recording import record

LAST_ADMINISTRATOR = (
    "This is the last administrator who can sign in. Make somebody else an administrator first"
)


def check_may_manage(person: CurrentPerson | None) -> None:
    """Raises NotAllowed unless the person manages people; None is the command line, which may."""
    if person is not None and not can(person, Permission.PEOPLE_MANAGE, Facts()):
        raise NotAllowed("Only an administrator manages people.")


def check_grants(session: Session, grants: Collection[Grant], held: Collection[Grant] = ()) -> None:
    """Raises Refused unless each role fits its place, the places exist, and new agencies are active."""
    if not grants:
        raise refused("Choose at least one role", "roles")
    wrong = [problem for problem in map(misfit, grants) if problem]
    areas = {grant.area_id for grant in grants if grant.area_id is not None}
    agencies = {grant.agency_id for grant in grants if grant.agency_id is not None}
    kept = {grant.agency_id for grant in held}
    found_areas = set(session.scalars(select(Area.id).where(Area.id.in_(areas)))) if areas else set()
    usable = or_(Agency.active, Agency.id.in_(kept))
    found_agencies = (
        set(session.scalars(select(Agency.id).where(Agency.id.in_(agencies), usable))) if agencies else set()
    )
    if areas - found_areas:
        wrong.append("One of the areas is not here any more. Open the form again")
    if agencies - found_agencies:
        wrong.append("One of the agencies is not active any more. Open the form again")
    if wrong:
        raise Refused({"roles": wrong[0]})


def change_details(person: CurrentPerson, person_id: int, version: int, name: str, email: str) -> None:
    """Change a person's name and e-mail address. A new address ends the links sent to the old one.

    Raises NotFound, Stale, or Refused when somebody else has the address.
    """
    check_may_manage(person)
    try:
        with writing() as session:
            row = _locked(session, person_id)
            if row.version != version:
                raise _stale(session, row, {"name": row.name, "email": row.email})
            changed = [
                field for field, text in (("name", name), ("email", email)) if getattr(row, field) != text
            ]
            if not changed:
                return
            if row.guest and "email" in changed:
                # Their codes go to the address that their links went to.
                raise refused("This is a guest: send a link to the new address instead", "email")
            row.name, row.email = name, email
            if "email" in changed:
                use_up_links(session, row.id)
            record(session, person.id, "accounts.person_changed", "person", row.id, fields=changed)
    except IntegrityError:
        raise refused("Somebody else signs in with this e-mail address", "email") from None


def change_roles(
    person: CurrentPerson | None, person_id: int, version: int | None, grants: Collection[Grant]
) -> None:
    """Give a person exactly these roles.

    version None: whatever the version (command line). Raises NotFound, Stale, or Refused when a role does
    not fit its place or the last administrator would be gone.
    """
    check_may_manage(person)
    with writing() as session:
        administrators = _locked_administrators(session)
        row = _locked(session, person_id)
        held = [Grant(role.role, role.area_id, role.agency_id) for role in row.roles]
        if version is not None and row.version != version:
            raise _stale(session, row, _as_form(session, held))
        if row.guest:
            raise refused(f"{row.name} is a guest: give them an account first", "roles")
        check_grants(session, grants, held)
        if all(grant.role is not Role.ADMINISTRATOR for grant in grants):
            _check_not_last(administrators, row, person)
        if set(held) == set(grants):
            return
        row.roles = [role for role in row.roles if Grant(role.role, role.area_id, role.agency_id) in grants]
        row.roles += [
            PersonRole(role=grant.role, area_id=grant.area_id, agency_id=grant.agency_id)
            for grant in dict.fromkeys(grants)
            if grant not in held
        ]
        flag_modified(row, "name")  # the roles are rows of their own: the person's version must rise too
        number = person.id if person else None
        record(session, number, "accounts.roles_changed", "person", row.id, fields=["roles"])


def give_account(person: CurrentPerson, person_id: int) -> str:
    """Make a guest somebody with an account, not invited yet. Gives back their name.

    Their links and sessions as a guest end. Roles and an invitation are given afterwards, as to anybody.
    """
    check_may_manage(person)
    with writing() as session:
        row = _locked(session, person_id)
        if row.guest:
            row.guest = False
            end_sign_ins(session, row.id)
            record(session, person.id, "accounts.guest_given_account", "person", row.id, fields=["guest"])
        return row.name


def deactivate(person: CurrentPerson, person_id: int) -> str:
    """Let a person sign in no more: sessions and links end, roles and what they did are kept.

    Gives back their name. Raises NotFound, or Refused for oneself and for the last administrator.
    """
    check_may_manage(person)
    if person.id == person_id:
        raise refused("You cannot deactivate yourself. Ask another administrator to do it")
    with writing() as session:
        administrators = _locked_administrators(session)
        row = _locked(session, person_id)
        _check_not_last(administrators, row, person)
        if row.active:
            row.active = False
            use_up_links(session, row.id)
            end_sign_ins(session, row.id)
            record(session, person.id, "accounts.person_deactivated", "person", row.id, fields=["active"])
        return row.name


def reactivate(person: CurrentPerson, person_id: int) -> str:
    """Let a person sign in again, with the roles and password they had. Gives back their name."""
    check_may_manage(person)
    with writing() as session:
        row = _locked(session, person_id)
        if not row.active:
            row.active = True
            record(session, person.id, "accounts.person_reactivated", "person", row.id, fields=["active"])
        return row.name


def end_all_sign_ins(person: CurrentPerson, person_id: int) -> str:
    """Sign a person out everywhere. Gives back their name."""
    check_may_manage(person)
    with writing() as session:
        row = _locked(session, person_id)
        end_sign_ins(session, row.id)
        record(session, person.id, "accounts.sign_ins_ended", "person", row.id)
        return row.name


def _locked(session: Session, person_id: int) -> Person:
    row = session.scalar(
        select(Person).where(Person.id == person_id).options(selectinload(Person.roles)).with_for_update()
    )
    if row is None:
        raise NotFound
    return row


def _locked_administrators(session: Session) -> Mapping[int, bool]:
    """Active administrators, and whether each has a password. Locked before anybody else, always in the same
    order: two who would remove each other must stand in a row.
    """
    query = (
        select(Person.id, Person.password_hash)
        .join(PersonRole, PersonRole.person_id == Person.id)
        .where(PersonRole.role == Role.ADMINISTRATOR, Person.active)
        .order_by(Person.id)
        .with_for_update()
    )
    return {number: kept is not None for number, kept in session.execute(query)}


def _check_not_last(administrators: Mapping[int, bool], row: Person, person: CurrentPerson | None) -> None:
    """Raises Refused when nobody would be left who can administer: those only invited do not count."""
    acting = person.id if person else None
    left = [n for n, signs_in in administrators.items() if n != row.id and (signs_in or n == acting)]
    if row.id in administrators and not left:
        raise Refused({"roles": LAST_ADMINISTRATOR})


def _as_form(session: Session, held: Iterable[Grant]) -> dict[str, str]:
    areas = {area.id: area.name for area in session.execute(select(Area.id, Area.name))}
    agencies = {agency.id: agency.name for agency in session.execute(select(Agency.id, Agency.name))}
    return role_texts(held, areas, agencies)


def _stale(session: Session, row: Person, current: Mapping[str, str]) -> Stale:
    return Stale(current, row.version, who_changed(session, "person", row.id))


def who_changed(session: Session, kind: str, record_id: int) -> str | None:
    """The name of who last changed fields of a record, as the trail has it."""
    return session.scalar(
        select(Person.name)
        .join(TrailEntry, TrailEntry.person_id == Person.id)
        .where(TrailEntry.record == kind, TrailEntry.record_id == record_id, TrailEntry.fields != "")
        .order_by(TrailEntry.number.desc())
        .limit(1)
    )
