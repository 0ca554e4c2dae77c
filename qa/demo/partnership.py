"""Writes the demonstration's areas, agencies, people, frameworks and themes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from qa.accounts.models import Agency, AgencyArea, Area, Person, PersonRole
from qa.accounts.passwords import hashed
from qa.accounts.permissions import Role
from qa.accounts.sectors import Sector
from qa.demo import words
from qa.findings.library import add_shipped_themes
from qa.findings.models import Theme
from qa.frameworks.commands import add_edition
from qa.frameworks.editions import EditionTree
from qa.frameworks.reading import edition_tree
from qa.frameworks.shipped import shipped

PASSWORD = "harbour-lantern-otter"  # noqa: S105 printed at every start: it guards invented records


@dataclass(frozen=True, slots=True)
class Partnership:
    """The rows, by the keys of the data: areas by slug, people by e-mail name, editions by framework key.

    auditors, leads: of each agency, by its key. qa_leads: of each area, by its slug.
    """

    areas: Mapping[str, Area]
    agencies: Mapping[str, Agency]
    people: Mapping[str, Person]
    auditors: Mapping[str, list[Person]]
    leads: Mapping[str, Person]
    qa_leads: Mapping[str, Person]
    editions: Mapping[str, EditionTree]
    themes: Mapping[str, int]

    def agency_key(self, agency_id: int) -> str:
        """The data's key of an agency's row."""
        return next(key for key, agency in self.agencies.items() if agency.id == agency_id)


def add_partnership(session: Session, moment: datetime) -> Partnership:
    """Write everything that stands before the first audit."""
    written = words.partnership()
    add_shipped_themes(session)
    areas = {slug: Area(slug=slug, name=name) for slug, name in written.areas.items()}
    agencies = {
        entry.key: Agency(name=entry.name, short_name=entry.short_name, sector=Sector(entry.sector))
        for entry in written.agencies
    }
    session.add_all([*areas.values(), *agencies.values()])
    session.flush()
    session.add_all(
        AgencyArea(agency_id=agencies[entry.key].id, area_id=areas[slug].id)
        for entry in written.agencies
        for slug in entry.areas
    )
    people = _add_people(session, written.people, areas, agencies, moment)
    roles = [(person, role) for person in written.people for role in person.roles]
    auditors: dict[str, list[Person]] = {key: [] for key in agencies}
    for person, role in roles:
        if role.role == Role.AUDITOR and role.agency:
            auditors[role.agency].append(people[person.email])
    return Partnership(
        areas=areas,
        agencies=agencies,
        people=people,
        auditors=auditors,
        leads={
            role.agency: people[p.email] for p, role in roles if role.role == Role.AGENCY_LEAD and role.agency
        },
        qa_leads={role.area: people[p.email] for p, role in roles if role.role == Role.QA_LEAD and role.area},
        editions=_add_editions(session),
        themes=_themes(session),
    )


def _add_people(
    session: Session,
    written: tuple[words.WrittenPerson, ...],
    areas: Mapping[str, Area],
    agencies: Mapping[str, Agency],
    moment: datetime,
) -> dict[str, Person]:
    password = hashed(PASSWORD)  # once: the hash is slow on purpose
    people = {
        entry.email: Person(email=entry.email, name=entry.name, password_hash=password, created_at=moment)
        for entry in written
    }
    session.add_all(people.values())
    session.flush()
    session.add_all(
        PersonRole(
            person_id=people[entry.email].id,
            role=Role(role.role),
            area_id=areas[role.area].id if role.area else None,
            agency_id=agencies[role.agency].id if role.agency else None,
        )
        for entry in written
        for role in entry.roles
    )
    session.flush()
    return people


def _add_editions(session: Session) -> dict[str, EditionTree]:
    trees = {}
    for entry in shipped():
        edition = add_edition(session, None, entry.content, publish=True)
        trees[entry.content.key] = edition_tree(edition.id)
    return trees


def _themes(session: Session) -> dict[str, int]:
    return {theme.key: theme.id for theme in session.scalars(select(Theme))}
