"""Reads of audits and cases that every later capability rests on, scoped to the person asking."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, and_, bindparam, exists, false, or_, select, true
from sqlalchemy.orm import joinedload, selectinload

from qa.accounts.models import Agency
from qa.accounts.permissions import CurrentPerson, Facts, Permission, Reach, can, reach
from qa.audits.lifecycle import REPORTED
from qa.audits.models import Audit, AuditAgency, AuditPerson, Case, CaseProfileValue, Return
from qa.db import db
from qa.frameworks.editions import EditionTree
from qa.problems import NotFound


def visible_audits(person: CurrentPerson, permission: Permission) -> ColumnElement[bool]:
    """The condition on Audit that leaves those within the permission's reach: `.where(visible_audits(...))`.

    The same rule as `can` with `audit_facts`: by area, by agencies taking part, confidential ones for the
    people named on them, and analysis and reports outside the QA team once reported.
    """
    within = _within(reach(person, permission))
    before = reach(person, permission, reported=False)
    if before != reach(person, permission):
        within = or_(and_(within, Audit.stage.in_(REPORTED)), _within(before))
    return and_(within, or_(Audit.confidential.is_(False), is_named(person)))


def is_named(person: CurrentPerson) -> ColumnElement[bool]:
    """The condition on Audit that the person is named on it."""
    return exists().where(AuditPerson.audit_id == Audit.id, AuditPerson.person_id == person.id)


def as_fact(audit: Audit, person: CurrentPerson, *, named: bool) -> frozenset[int] | None:
    """The people named, as far as a decision about this one person needs to know; None: not confidential."""
    if not audit.confidential:
        return None
    return frozenset({person.id}) if named else frozenset()


def _within(reached: Reach) -> ColumnElement[bool]:
    if reached.everywhere:
        return true()
    ways: list[ColumnElement[bool]] = []
    if reached.areas:
        ways.append(Audit.area_id.in_(reached.areas))
    agencies = reached.agencies | reached.own_agencies
    if agencies:
        ways.append(
            exists().where(AuditAgency.audit_id == Audit.id, AuditAgency.agency_id.in_(agencies)),
        )
    return or_(*ways) if ways else false()


def named_on(audit: Audit) -> frozenset[int] | None:
    """Numbers of the people named on a confidential audit; None, without a statement, for any other."""
    if not audit.confidential:
        return None
    query = select(AuditPerson.person_id).where(AuditPerson.audit_id == audit.id)
    return frozenset(db.session.scalars(query))


def audit_facts(audit: Audit, agency_ids: Collection[int] | None = None, **more: Any) -> Facts:
    """What `can` needs to know of an audit, or of something in it.

    agency_ids: the agencies it concerns (a return's, a panel's); the audit's own when left out, which then
    must be loaded. more: Facts' other members, such as allocated_to, submitted, panel_open.
    One statement for a confidential audit, unless `named` is among them; none for others.
    """
    if "named" not in more:
        more["named"] = named_on(audit)
    if agency_ids is None:
        agency_ids = [agency.id for agency in audit.agencies]
    return Facts(
        area_id=audit.area_id,
        agency_ids=frozenset(agency_ids),
        reported=audit.stage in REPORTED,
        **more,
    )


@cache
def _audit_query() -> Select[Audit, bool]:
    """Put together once, as nearly every page asks for it: that takes as long as asking.

    Not while starting: it makes SQLAlchemy configure every mapper there is.
    """
    return (
        select(
            Audit,
            exists().where(
                AuditPerson.audit_id == Audit.id,
                AuditPerson.person_id == bindparam("person_id", type_=Integer),
            ),
        )
        .where(Audit.id == bindparam("audit_id", type_=Integer))
        .options(
            joinedload(Audit.area),
            joinedload(Audit.edition),
            joinedload(Audit.lead),
            joinedload(Audit.agencies),
        )
    )


def get_audit(person: CurrentPerson, audit_id: int, permission: Permission = Permission.AUDITS_READ) -> Audit:
    """An audit with its area, edition, lead and agencies loaded, in one statement.

    Raises NotFound when there is none, or none within the permission's reach.
    """
    asked = {"audit_id": audit_id, "person_id": person.id}
    row = db.session.execute(_audit_query(), asked).unique().one_or_none()
    if row is None:
        raise NotFound
    audit, named = row
    if not can(person, permission, audit_facts(audit, named=as_fact(audit, person, named=named))):
        raise NotFound
    return audit


def get_case(
    person: CurrentPerson, audit_id: int, case_id: int, permission: Permission = Permission.CASES_READ
) -> Case:
    """A case of that audit, in two statements, with its audit (and its area, edition and agencies), its own
    agency (self-assessment), and its returns with agency and auditor, in the order they were allocated.

    Raises NotFound when there is none, or none within the permission's reach; for a panel's permission
    that looks at the agencies with a return on the case, and at whether its panel has been opened.
    """
    query = case_query(audit_id, case_id).join(Audit, Audit.id == Case.audit_id).add_columns(is_named(person))
    row = db.session.execute(query).unique().one_or_none()
    if row is None:
        raise NotFound
    case: Case = row[0]
    named: bool = row[1]
    if not can(person, permission, case_facts(case, named=as_fact(case.audit, person, named=named))):
        raise NotFound
    return case


def case_query(audit_id: int, case_id: int) -> Select[Case]:
    """The statement of `get_case`, unscoped: for whoever decides by `case_facts` themselves."""
    audit = joinedload(Case.audit)
    return (
        select(Case)
        .where(Case.id == case_id, Case.audit_id == audit_id)
        .options(
            audit.joinedload(Audit.area),
            audit.joinedload(Audit.edition),
            audit.joinedload(Audit.agencies),
            joinedload(Case.agency),
            selectinload(Case.returns).joinedload(Return.agency),
            selectinload(Case.returns).joinedload(Return.auditor),
        )
    )


def case_facts(case: Case, **more: Any) -> Facts:
    """What `can` needs to know of a case whose audit and returns are loaded; more: as for `audit_facts`."""
    return audit_facts(
        case.audit,
        [row.agency_id for row in case.returns],
        panel_open=case.panel_opened_at is not None,
        **more,
    )


def agencies_of(audit_id: int) -> Sequence[Agency]:
    """The agencies taking part, by name."""
    query = (
        select(Agency)
        .join(AuditAgency, AuditAgency.agency_id == Agency.id)
        .where(AuditAgency.audit_id == audit_id)
        .order_by(Agency.name, Agency.id)
    )
    return db.session.scalars(query).all()


def case_profile(case_id: int, tree: EditionTree) -> dict[str, str]:
    """A case's profile: field key to option key, to yes, no or not_known, or to a number in digits.

    Fields without a value are left out. One statement.
    """
    return _profiles(tree, CaseProfileValue.case_id == case_id).get(case_id, {})


def case_profiles(case_ids: Iterable[int], tree: EditionTree) -> dict[int, dict[str, str]]:
    """The profiles of several cases (a page of them) by case number; one with no value at all is left out."""
    return _profiles(tree, CaseProfileValue.case_id.in_(list(case_ids)))


def audit_profiles(
    audit_id: int, tree: EditionTree, fields: Collection[str] | None = None
) -> dict[int, dict[str, str]]:
    """The profiles of every case of an audit by case number, in one statement; fields: only those keys."""
    of_audit: ColumnElement[bool] = CaseProfileValue.case_id.in_(
        select(Case.id).where(Case.audit_id == audit_id)
    )
    if fields is not None:
        wanted = [tree.ids.fields[key] for key in fields]
        of_audit = and_(of_audit, CaseProfileValue.field_id.in_(wanted))
    return _profiles(tree, of_audit)


def _profiles(tree: EditionTree, condition: ColumnElement[bool]) -> dict[int, dict[str, str]]:
    fields = {number: key for key, number in tree.ids.fields.items()}
    options = {number: key for (_, key), number in tree.ids.profile_options.items()}
    profiles: defaultdict[int, dict[str, str]] = defaultdict(dict)
    query = select(
        CaseProfileValue.case_id,
        CaseProfileValue.field_id,
        CaseProfileValue.option_id,
        CaseProfileValue.number,
        CaseProfileValue.code,
    ).where(condition)
    for case_id, field_id, option_id, number, code in db.session.execute(query):
        text = _text(options, option_id, number, code)
        if text and field_id in fields:
            profiles[case_id][fields[field_id]] = text
    return dict(profiles)


def _text(options: Mapping[int, str], option_id: int | None, number: Decimal | None, code: str | None) -> str:
    if option_id is not None:
        return options.get(option_id, "")
    if number is not None:
        # The column keeps two places: 3.00 is 3 again.
        return format(number.to_integral_value() if number == number.to_integral_value() else number, "f")
    return code or ""
