"""A case as far as one person may read it, whatever its stage: for its printed summary.

The blind rule is that of the pages: before the panel has opened the case, an agency reads its own returns and
nothing that others wrote or the panel said.
"""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Integer, bindparam, exists, select

from qa.accounts.models import Agency
from qa.accounts.permissions import CurrentPerson, Facts, Permission, can
from qa.audits.lifecycle import ReturnState, sent_by
from qa.audits.models import Audit, AuditPerson, Case, Return
from qa.audits.queries import audit_facts, case_facts, case_profile, case_query
from qa.audits.queries.reach import as_fact
from qa.db import db
from qa.feedback.queries import views_at_panel
from qa.feedback.records import Entry
from qa.frameworks.editions import EditionTree
from qa.frameworks.reading import edition_tree
from qa.moderation.board import Agreed, Board, Noted, Side, build
from qa.moderation.queries import answers_by_return, by_agency, judgements_by_section
from qa.problems import NotFound
from qa.returns.decoding import profile_labels
from qa.returns.models import Finding
from qa.returns.vocabulary import FindingKind

Named = frozenset[int] | None


class ReadReturn(NamedTuple):
    """A return that the person may read, or that they may know of. reason: why the agency is not involved."""

    agency: str
    state: ReturnState
    reason: str = ""


class CaseAsRead(NamedTuple):
    """A case with what one person may read of it. whole: with the other agencies' returns and the panel's
    words, where there are any; otherwise it holds the person's own agency's alone. earlier: there are
    answers of an earlier edition, which the board does not show. views: of the child, the family and
    practitioners, as everybody at the panel reads them.
    """

    audit: Audit
    case: Case
    name: str
    tree: EditionTree
    profile: tuple[tuple[str, str], ...]
    returns: tuple[ReadReturn, ...]
    board: Board
    whole: bool
    panel: bool
    earlier: bool
    views: tuple[Entry, ...] = ()


def case_as_read(person: CurrentPerson, audit_id: int, case_id: int) -> CaseAsRead:
    """The case with the returns, judgements and findings within the person's reach, in eight statements.

    Raises NotFound when there is none, or when the person may read no return on it and not the case either.
    """
    named_on_it = exists().where(
        AuditPerson.audit_id == Case.audit_id,
        AuditPerson.person_id == bindparam("asking", person.id, type_=Integer),
    )
    row = db.session.execute(case_query(audit_id, case_id).add_columns(named_on_it)).unique().one_or_none()
    if row is None:
        raise NotFound
    case: Case = row[0]
    named = as_fact(case.audit, person, named=bool(row[1]))
    panel = case.panel_opened_at is not None and can(
        person, Permission.PANEL_READ, case_facts(case, named=named)
    )
    readable = [one for one in by_agency(case) if _may_read(person, case, one, named, panel=panel)]
    leads = can(person, Permission.CASES_READ, audit_facts(case.audit, (), named=named))
    if not readable and not leads and not panel:
        raise NotFound
    tree = edition_tree(case.audit.edition_id)
    profile = case_profile(case.id, tree)
    # An auditor, who reads their own and what is nobody's, is not told that theirs is a second one.
    told = panel or leads or any(one.auditor_id not in {None, person.id} for one in readable)
    sides, earlier = _sides(readable, tree, told=told)
    judgements = judgements_by_section(case.id, tree)[0] if panel else dict[str | None, Agreed]()
    findings = _findings(case.id, tree, {one.id for one in readable}, panel=panel, told=told)
    whole = panel or leads
    known = by_agency(case) if whole else readable
    return CaseAsRead(
        case.audit,
        case,
        case.agency.name if case.agency else f"Case {case.reference}",
        tree,
        tuple(profile_labels(profile, tree)),
        tuple(_known(one, may_read=one in readable, told=told) for one in known),
        build(tree.content, profile, sides, findings, judgements),
        whole,
        panel,
        earlier,
        views_at_panel(case) if panel and not tree.self_assessment else (),
    )


def _may_read(person: CurrentPerson, case: Case, row: Return, named: Named, *, panel: bool) -> bool:
    """Whether the person may read a return: the rule of the page that shows it (`returns.get_readable`)."""
    facts = Facts(
        **{
            **audit_facts(case.audit, [row.agency_id], named=named)._asdict(),
            "allocated_to": row.auditor_id,
            "submitted": row.state.complete,
            "panel_open": case.panel_opened_at is not None,
            "return_id": row.id,
        }
    )
    return can(person, Permission.RETURNS_READ, facts) or (row.state.complete and panel)


def _known(row: Return, *, may_read: bool, told: bool) -> ReadReturn:
    absent = row.state is ReturnState.NOT_INVOLVED and may_read
    return ReadReturn(
        row.sent_by if told else row.agency.name, row.state, row.not_involved_reason if absent else ""
    )


def _sides(readable: Sequence[Return], tree: EditionTree, *, told: bool) -> tuple[list[Side], bool]:
    """The returns side by side, also one that is not in yet for its own agency; and whether an earlier
    edition has answers of theirs. told: which are second ones is said.
    """
    shown = [row for row in readable if row.state is not ReturnState.NOT_INVOLVED]
    answers, strays = answers_by_return([row.id for row in shown], tree)
    sides = [
        Side(
            row.id,
            row.agency_id,
            row.sent_by if told else row.agency.name,
            sent_by(row.agency.short_name, second=row.second and told),
            row.agency.sector,
            answers[row.id],
            row.second,
        )
        for row in shown
    ]
    return sides, bool(strays)


def _findings(case_id: int, tree: EditionTree, readable: set[int], *, panel: bool, told: bool) -> list[Noted]:
    """Findings of the returns that the person may read; the panel's own once it is open."""
    query = (
        select(Finding.id, Finding.kind, Finding.text, Finding.section_id, Finding.return_id)
        .add_columns(Agency.short_name, Return.second)
        .outerjoin(Agency, Agency.id == Finding.agency_id)
        .outerjoin(Return, Return.id == Finding.return_id)
        .where(Finding.case_id == case_id)
        .order_by(Finding.agency_id.is_(None), Agency.name, Finding.id)
    )
    return [
        Noted(
            row.id,
            row.kind is FindingKind.STRENGTH,
            row.kind.label,
            row.text,
            sent_by(row.short_name, second=bool(row.second and told)) if row.short_name else "",
            tree.section_keys.get(row.section_id or 0),
        )
        for row in db.session.execute(query)
        if (panel if row.return_id is None else row.return_id in readable)
    ]
