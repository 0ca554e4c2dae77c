"""Who sees which recommendations and actions, as conditions of statements.

QA leads and partnership members see every recommendation of their area whole. Agency leads and auditors see
a recommendation when one of its actions is their agency's: its own words and their agency's actions whole,
but of other agencies' actions only the agency, what is to be done and its state. A confidential audit's
recommendations are seen by the people named on it.
"""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, false, or_, select, true

from qa.accounts.permissions import CurrentPerson, Facts, Permission, reach
from qa.audits.models import Audit, AuditPerson
from qa.audits.queries import named_on
from qa.recommendations.models import Action, Recommendation


def visible(
    person: CurrentPerson, permission: Permission = Permission.RECOMMENDATIONS_READ
) -> ColumnElement[bool]:
    """The condition on Recommendation, joined with its Audit, that leaves those within reach."""
    return _within(person, permission) & open_to(person)


def visible_alone(person: CurrentPerson) -> ColumnElement[bool]:
    """`visible` as a condition on Recommendation alone: an index then tells which ones fulfil it."""
    audits = select(Audit.id).where(looked_through(person)).correlate(None)
    within = _within(person, Permission.RECOMMENDATIONS_READ)
    return within & Recommendation.audit_id.in_(audits)


def looked_through(person: CurrentPerson) -> ColumnElement[bool]:
    """The condition on Audit that it may have recommendations within reach: where areas are all that is
    reached, only theirs.
    """
    reached = reach(person, Permission.RECOMMENDATIONS_READ)
    if reached.everywhere or not sees_all_whole(person):
        return open_to(person)
    return and_(Audit.area_id.in_(reached.areas), open_to(person))


def _within(person: CurrentPerson, permission: Permission) -> ColumnElement[bool]:
    reached = reach(person, permission)
    agencies = reached.agencies | reached.own_agencies
    ways: list[ColumnElement[bool]] = []
    if reached.areas:
        ways.append(Recommendation.area_id.in_(reached.areas))
    if agencies:
        of_agency = exists().where(
            Action.recommendation_id == Recommendation.id, Action.agency_id.in_(agencies)
        )
        ways.append(of_agency.correlate(Recommendation))
    return true() if reached.everywhere else or_(false(), *ways)


def open_to(person: CurrentPerson) -> ColumnElement[bool]:
    """The condition on Audit that a confidential one names the person."""
    named = exists().where(AuditPerson.audit_id == Audit.id, AuditPerson.person_id == person.id)
    return or_(Audit.confidential.is_(False), named.correlate(Audit))


def openable(person: CurrentPerson, of: Any = Action) -> ColumnElement[bool]:
    """The condition on Action alone that it is within reach and the person may open it: `visible` and
    `whole` at once, by its audit, so that actions are counted without their recommendations.

    of: something else with an audit_id and an agency_id, whose actions it then is true of.
    """
    reached = reach(person, Permission.RECOMMENDATIONS_READ)
    if reached.everywhere:
        return in_audits(open_to(person), of=of)
    agencies = reached.agencies | reached.own_agencies
    ways: list[ColumnElement[bool]] = []
    if reached.areas:
        ways.append(in_audits(Audit.area_id.in_(reached.areas), open_to(person), of=of))
    if agencies:
        ways.append(and_(of.agency_id.in_(agencies), in_audits(open_to(person), of=of)))
    return or_(false(), *ways)


def in_audits(*conditions: ColumnElement[bool], of: Any = Action) -> ColumnElement[bool]:
    """The condition on Action, or on something else with an audit_id, that its audit fulfils them."""
    within: ColumnElement[bool] = of.audit_id.in_(select(Audit.id).where(*conditions).correlate(None))
    return within


def whole(
    person: CurrentPerson, permission: Permission = Permission.RECOMMENDATIONS_READ
) -> ColumnElement[bool]:
    """The condition on Action, joined with its Recommendation, that the person may open the action."""
    reached = reach(person, permission)
    if reached.everywhere:
        return true()
    agencies = reached.agencies | reached.own_agencies
    ways: list[ColumnElement[bool]] = []
    if reached.areas:
        ways.append(Recommendation.area_id.in_(reached.areas))
    if agencies:
        ways.append(Action.agency_id.in_(agencies))
    return or_(false(), *ways)


def whole_of_visible(person: CurrentPerson) -> ColumnElement[bool]:
    """`whole` for a statement that leaves nothing but `visible` recommendations."""
    return true() if sees_all_whole(person) else whole(person)


def sees_all_whole(person: CurrentPerson) -> bool:
    """Whether every action of what the person sees is whole to them: without an agency they see the
    recommendations of their areas alone, and all of them whole.
    """
    reached = reach(person, Permission.RECOMMENDATIONS_READ)
    return not (reached.agencies or reached.own_agencies)


def facts_of(audit: Audit, agency_ids: Collection[int]) -> Facts:
    """What `can` needs to know of a recommendation (agencies of its actions) or of one action.

    One statement for a confidential audit, none for others.
    """
    return Facts(area_id=audit.area_id, agency_ids=frozenset(agency_ids), named=named_on(audit))


def seen_recommendations(person: CurrentPerson) -> "ColumnElement[int]":
    """Numbers of the recommendations within reach, as a subquery for `in_`."""
    query = select(Recommendation.id).join(Audit, Audit.id == Recommendation.audit_id)
    return query.where(visible(person)).scalar_subquery()
