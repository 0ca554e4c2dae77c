"""Completing a return: submitting it, saying that the child is not known, taking that back, sending back."""

from collections.abc import Sequence

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from qa.accounts.permissions import CurrentPerson, Permission, can
from qa.audits.lifecycle import ReturnState
from qa.audits.models import Return
from qa.db import now, writing
from qa.frameworks.answers import AnswerError
from qa.frameworks.reading import edition_tree
from qa.identifiers.asking import NO_CHOICES, Choices
from qa.identifiers.guarding import Part, check_all
from qa.problems import NotAllowed, Problem, Stale, Suspect, refused
from qa.returns.decoding import profile_of
from qa.returns.drafts import digest
from qa.returns.identifying import asked_of
from qa.returns.models import Answer, Finding
from qa.returns.progress import SectionProgress, progress_of
from qa.returns.queries import contents, lock_return
from qa.returns.records import Contents, ReturnRecord
from qa.returns.saving import check_open
from qa.trail.recording import record as add_to_trail

REASON_LIMIT = 2_000


class Incomplete(Problem):
    """A return cannot be submitted yet. missing: (section key, what is missing), in order."""

    def __init__(self, missing: Sequence[tuple[str, AnswerError]]) -> None:
        super().__init__("answers or evidence are missing")
        self.missing = missing


class Unanswered(Problem):
    """A return cannot be submitted while its texts may identify somebody. asked: what has no answer yet."""

    def __init__(self, asked: Sequence[Suspect]) -> None:
        super().__init__("something in the texts could identify somebody")
        self.asked = asked


class Changed(Problem):
    """Answers changed after the page on which they were checked was opened."""


def seen_digest(held: Contents) -> str:
    """What a page of check answers shows, in twelve digits: it differs when anything was changed since."""
    answers = sorted((key, answer.version) for key, answer in held.answers.items())
    findings = [(finding.id, finding.version) for finding in held.findings]
    return digest(answers, findings)


def missing_from(sections: Sequence[SectionProgress]) -> list[tuple[str, AnswerError]]:
    """Everything that keeps a return from being submitted, with the key of its section."""
    return [(part.section.key, error) for part in sections for error in part.missing]


def submit(person: CurrentPerson, return_id: int, seen: str, *, declared: bool) -> None:
    """Submit a return and release its findings, unless it is a second one.

    seen: `seen_digest` of the page it was checked on.

    Raises Incomplete while required answers or evidence are missing, Unanswered while something in its texts
    could identify somebody, Changed when somebody changed it meanwhile, Refused when it is not declared to be
    right (field "declared") or no longer open.
    """
    with writing() as session:
        record = lock_return(session, person, return_id, Permission.RETURNS_COMPLETE)
        check_open(record)
        tree = edition_tree(record.edition_id)
        held = contents(return_id, tree, session=session)
        profile = profile_of(record.profile_text, tree)
        missing = missing_from(progress_of(tree.content, record.sector, profile, held.answers))
        if missing:
            raise Incomplete(missing)
        asked = asked_of(record, tree, held, session=session)
        if asked:
            raise Unanswered([one for _, one in asked])
        if seen != seen_digest(held):
            raise Changed("answers were changed")
        if not declared:
            raise refused("Tick the box to confirm before you submit", "declared")
        _complete(session, person, record, ReturnState.SUBMITTED)
        if not record.second:  # those of a second return are for the panel alone (decision 11)
            session.execute(update(Finding).where(Finding.return_id == return_id).values(released=True))
        _note(session, person, record, "returns.submitted", ["state"])


def mark_not_involved(
    person: CurrentPerson, return_id: int, reason: str, version: int, choices: Choices = NO_CHOICES
) -> None:
    """Complete a return because the agency does not know the child; answers already given are kept.

    Raises Refused without a reason or when it is not open, Questioned about the reason, Stale when somebody
    else changed it.
    """
    with writing() as session:
        record = lock_return(session, person, return_id, Permission.RETURNS_COMPLETE)
        check_open(record)
        if not reason:
            raise refused("Say why your agency was not involved", "reason")
        if record.version != version:
            raise Stale({"reason": record.not_involved_reason}, record.version)
        row = _complete(session, person, record, ReturnState.NOT_INVOLVED)
        row.not_involved_reason = reason
        _ask(session, person, record, "not_involved", reason, choices)
        _note(session, person, record, "returns.not_involved", ["state", "not_involved_reason"])


def take_back_not_involved(person: CurrentPerson, return_id: int) -> None:
    """Open a return again that said the child is not known, its answers as they were.

    Raises Refused when fieldwork has ended; does nothing when the return is open already.
    """
    with writing() as session:
        record = lock_return(session, person, return_id, Permission.RETURNS_COMPLETE)
        if record.state is not ReturnState.NOT_INVOLVED:
            return
        if not record.fieldwork:
            raise refused("The audit's fieldwork is not open, so this return cannot be changed")
        _open_again(session, record)
        _note(session, person, record, "returns.involved", ["state"])


def send_back(person: CurrentPerson, return_id: int, reason: str, choices: Choices = NO_CHOICES) -> None:
    """A QA lead opens a completed return again, so that its auditor can put something right.

    Its findings are withheld until it is submitted again. Raises Refused without a reason, when fieldwork
    has ended, or when the return is open already; NotAllowed for anybody else.
    """
    with writing() as session:
        record = lock_return(session, person, return_id, Permission.RETURNS_READ)
        if not may_send_back(person, record):
            raise NotAllowed("Only the audit's QA lead can send a return back, while fieldwork is open.")
        if not reason:
            raise refused("Say what has to be put right", "reason")
        row = _open_again(session, record)
        row.sent_back_reason = reason
        session.execute(update(Finding).where(Finding.return_id == return_id).values(released=False))
        _ask(session, person, record, "sent_back", reason, choices)
        _note(session, person, record, "returns.sent_back", ["state", "sent_back_reason"])


def _ask(
    session: Session,
    person: CurrentPerson,
    record: ReturnRecord,
    what: str,
    reason: str,
    choices: Choices,
) -> None:
    part = Part("return", record.id, {"reason": reason}, {"reason": f"{what}_reason"})
    check_all(session, person, record.area_id, [part], choices)


def may_send_back(person: CurrentPerson, record: ReturnRecord) -> bool:
    """Whether that person can open the completed return again now."""
    handles = can(person, Permission.AUDITS_MANAGE, record.facts(person))
    return handles and record.fieldwork and record.state.complete


def _complete(session: Session, person: CurrentPerson, record: ReturnRecord, state: ReturnState) -> Return:
    row = session.get_one(Return, record.id)
    row.state = state
    row.submitted_at = now()
    row.submitted_by_id = person.id
    row.sent_back_reason = ""
    return row


def _open_again(session: Session, record: ReturnRecord) -> Return:
    row = session.get_one(Return, record.id)
    answered = session.scalar(select(func.count()).where(Answer.return_id == record.id))
    begun = bool(answered) or record.started_at is not None
    row.state = ReturnState.IN_PROGRESS if begun else ReturnState.NOT_STARTED
    row.submitted_at = None
    row.submitted_by_id = None
    return row


def _note(
    session: Session, person: CurrentPerson, record: ReturnRecord, event: str, fields: list[str]
) -> None:
    add_to_trail(session, person.id, event, "return", record.id, fields=fields, area_id=record.area_id)
