"""What people do with views: enter them, say why there are none, change and remove them."""

import secrets
from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from qa.accounts.permissions import CurrentPerson, Permission
from qa.audits.models import Case
from qa.audits.queries import get_case
from qa.db import now, today, writing
from qa.feedback.models import Feedback
from qa.feedback.queries import Place, place_of
from qa.feedback.records import Views
from qa.feedback.vocabulary import NO_VIEWS, PROMPTS, TEXTS, Manner, Sought, Voice
from qa.identifiers.asking import NO_CHOICES, Choices
from qa.identifiers.guarding import check
from qa.problems import NotAllowed, NotFound, Refused, Stale, refused
from qa.trail.recording import record

CLOSED = "Views are entered and changed during fieldwork and the panel stage"
GONE = "These views have been removed by somebody else. Nothing was saved"


def add_views(
    person: CurrentPerson,
    audit_id: int,
    case_id: int,
    voice: Voice,
    views: Views,
    choices: Choices = NO_CHOICES,
) -> int:
    """Enter what somebody said about the work on a case; gives the entry's number.

    The same views sent twice by the same person are entered once. choices: what the form says about what
    could identify somebody. Raises NotFound out of reach, NotAllowed for those who only read, Refused at
    other stages, without any answer, for a day that has not come, and for an interview without the role of
    who held it, Questioned about its words.
    """
    return _add(person, audit_id, case_id, voice, _checked(voice, views), choices)


def add_no_views(
    person: CurrentPerson,
    audit_id: int,
    case_id: int,
    voice: Voice,
    outcome: Sought,
    reason: str,
    choices: Choices = NO_CHOICES,
) -> int:
    """Record that views were declined, not possible or not sought, and why. Raises as `add_views`."""
    return _add(person, audit_id, case_id, voice, _checked_reason(outcome, reason), choices)


def change_views(
    person: CurrentPerson,
    audit_id: int,
    case_id: int,
    feedback_id: int,
    views: Views,
    version: int,
    choices: Choices = NO_CHOICES,
) -> None:
    """Change views that were given. Raises as `add_views`, and Stale when somebody changed them meanwhile."""
    _change(person, (audit_id, case_id, feedback_id), version, views, choices)


def change_reason(
    person: CurrentPerson,
    audit_id: int,
    case_id: int,
    feedback_id: int,
    absence: tuple[Sought, str],
    version: int,
    choices: Choices = NO_CHOICES,
) -> None:
    """Change why there are no views. absence: what happened, and why. Raises as `change_views`."""
    _change(person, (audit_id, case_id, feedback_id), version, _checked_reason(*absence), choices)


def remove(
    person: CurrentPerson,
    audit_id: int,
    case_id: int,
    feedback_id: int,
    reason: str,
    version: int,
    choices: Choices = NO_CHOICES,
) -> None:
    """Remove an entry: its words are deleted for good; that it was there, and why it went, stays.

    Raises NotFound, NotAllowed, Refused without a reason, Stale when somebody changed it meanwhile.
    """
    with writing() as session:
        place = _place(person, audit_id, case_id)
        row = _locked(session, place, feedback_id)
        if not place.may_remove(row.agency_id):
            raise NotAllowed("Only the QA lead and the agency that entered these views can remove them.")
        if not reason:
            raise refused("Say why it is removed", "reason")
        if row.version != version:
            raise Stale({"reason": "These views were changed meanwhile. Read them again first."}, row.version)
        for name in TEXTS:
            setattr(row, name, "")
        row.reason = row.interviewer = ""
        row.quotable = False
        row.removed_at, row.removed_by_id, row.removed_reason = now(), person.id, reason
        check(session, person, place.area_id, "feedback", row.id, {"reason": reason}, choices)
        _note(session, person, place, "feedback.removed", row, [])


def _add(
    person: CurrentPerson,
    audit_id: int,
    case_id: int,
    voice: Voice,
    values: Mapping[str, object],
    choices: Choices,
) -> int:
    with writing() as session:
        place = _place(person, audit_id, case_id)
        if not (place.leads or place.writes):
            raise NotAllowed("Views are entered by auditors of an agency with a return on the case.")
        if not place.open:
            raise refused(CLOSED)
        wanted = {
            **values,
            "case_id": case_id,
            "agency_id": place.enters_for,
            "voice": voice,
            "entered_by_id": person.id,
        }
        query = select(Feedback.id).filter_by(**wanted, removed_at=None).limit(1)
        sent_before = session.scalar(query)
        if sent_before is not None:
            return sent_before
        row = Feedback(**wanted, audit_id=audit_id, entered_at=now(), place=secrets.randbelow(2**31))
        session.add(row)
        session.flush()
        check(session, person, place.area_id, "feedback", row.id, _texts(values), choices)
        fields = [name for name, value in values.items() if value]
        _note(session, person, place, "feedback.entered", row, fields)
        return row.id


def _change(
    person: CurrentPerson,
    numbers: tuple[int, int, int],
    version: int,
    typed: Views | Mapping[str, object],
    choices: Choices,
) -> None:
    audit_id, case_id, feedback_id = numbers
    with writing() as session:
        place = _place(person, audit_id, case_id)
        row = _locked(session, place, feedback_id)
        if not place.open:
            raise refused(CLOSED)
        if not place.may_change(row.agency_id):
            raise NotAllowed("Only the QA lead and the agency that entered these views can change them.")
        # Whether it tells of views or of their absence is settled when it is entered.
        if isinstance(typed, Views) != (row.outcome is Sought.GIVEN):
            raise NotFound
        values = _checked(row.voice, typed) if isinstance(typed, Views) else typed
        if row.version != version:
            raise Stale(_as_text(row), row.version)
        changed = [name for name, value in values.items() if getattr(row, name) != value]
        if not changed:
            return
        for name in changed:
            setattr(row, name, values[name])
        row.changed_at = now()
        check(session, person, place.area_id, "feedback", row.id, _texts(values), choices)
        _note(session, person, place, "feedback.changed", row, changed)


def _texts(values: Mapping[str, object]) -> dict[str, str]:
    """What was typed in words, by field."""
    named = (*TEXTS, "reason", "interviewer")
    return {name: text for name, text in values.items() if name in named and isinstance(text, str)}


def _checked(voice: Voice, views: Views) -> dict[str, object]:
    """The columns of views that were given. Raises Refused."""
    answers = {prompt.name: views.answers.get(prompt.name, "") for prompt in PROMPTS[voice]}
    listened = views.listened if voice.of_the_family else None
    problems = {}
    if not any(answers.values()):
        problems[PROMPTS[voice][0].name] = "Give at least one answer in words"
    if views.given_on is None:
        problems["given_on"] = "Enter the day on which they said it"
    elif views.given_on > today():
        problems["given_on"] = "The day cannot lie in the future"
    if views.manner is None:
        problems["manner"] = "Choose how the words came to be written"
    elif views.manner is Manner.INTERVIEW and not views.interviewer:
        problems["interviewer"] = "Give the role of who spoke with them"
    if problems:
        raise Refused(problems)
    return {
        "outcome": Sought.GIVEN,
        "given_on": views.given_on,
        "manner": views.manner,
        "interviewer": views.interviewer if views.manner is Manner.INTERVIEW else "",
        "listened": listened,
        "quotable": views.quotable,
        **answers,
    }


def _checked_reason(outcome: Sought, reason: str) -> dict[str, object]:
    if outcome not in NO_VIEWS:
        raise refused("Choose why there are no views", "outcome")
    if not reason:
        raise refused("Say why there are no views", "reason")
    return {"outcome": outcome, "reason": reason}


def _as_text(row: Feedback) -> dict[str, str]:
    """What is kept now, for the page that shows two versions."""
    if row.outcome is not Sought.GIVEN:
        return {"outcome": row.outcome.label, "reason": row.reason}
    day = row.given_on
    kept = {
        "given_on": f"{day.day} {day:%B %Y}" if day else "",
        "manner": row.manner.label if row.manner else "",
        "interviewer": row.interviewer,
        **{prompt.name: getattr(row, prompt.name) for prompt in PROMPTS[row.voice]},
        "quotable": "Yes" if row.quotable else "No",
    }
    if row.voice.of_the_family:
        kept["listened"] = row.listened.label if row.listened else ""
    return kept


def _note(
    session: Session, person: CurrentPerson, place: Place, event: str, row: Feedback, fields: list[str]
) -> None:
    record(session, person.id, event, "feedback", row.id, fields=fields, area_id=place.area_id)


def _place(person: CurrentPerson, audit_id: int, case_id: int) -> Place:
    # `writing` has just begun, so that this reads the case as it stands.
    case: Case = get_case(person, audit_id, case_id, Permission.FEEDBACK_READ)
    return place_of(person, case)


def _locked(session: Session, place: Place, feedback_id: int) -> Feedback:
    row = session.scalar(
        select(Feedback)
        .where(Feedback.id == feedback_id, Feedback.case_id == place.case_id)
        .with_for_update()
    )
    own = row is not None and (place.leads or place.shared or row.agency_id in place.reads)
    if row is None or not own:
        raise NotFound
    if row.removed_at is not None:
        raise refused(GONE)
    return row
