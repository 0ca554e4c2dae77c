"""What a QA lead does to get returns in: writes to those who have them, and puts a due date off."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Table, insert, select, update
from sqlalchemy.orm import Session

from qa.accounts.permissions import CurrentPerson
from qa.audits.commands.locking import locked_audit
from qa.audits.lifecycle import NOT_IN, Stage
from qa.audits.models import Audit, Return
from qa.chasing.letters import Recipient, body
from qa.chasing.models import Chase, Extension
from qa.chasing.queries import Which, meant, to_chase
from qa.db import Base, now, today, writing
from qa.identifiers.asking import NO_CHOICES, Choices
from qa.identifiers.guarding import check
from qa.jobs.commands import begin
from qa.jobs.lifecycle import InHand, Link, Progress
from qa.jobs.running import Work
from qa.mail.outbox import queue
from qa.problems import NotFound, Refused, Stale, refused
from qa.trail.recording import record

KIND = "chase_returns"
AT_ONCE = 20
"""How many people are written to in the request itself; more is long work, so many people a step."""

_returns: Table = Base.metadata.tables[Return.__tablename__]


class Letter(NamedTuple):
    """What the sender wrote. address: of My work, which ends each message."""

    subject: str
    text: str
    address: str


class Sent(NamedTuple):
    """What came of it: how many people were written to; or the number of the job that writes to them."""

    people: int = 0
    job_id: int | None = None


def chase(
    person: CurrentPerson, audit_id: int, which: Which, letter: Letter, choices: Choices = NO_CHOICES
) -> Sent:
    """Write to whoever has the returns meant that are not in; it is kept who was written to when.

    The same e-mail to everybody, each with their own returns below it. Raises NotFound, NotAllowed, and
    Refused when fieldwork is not open, there is nobody to write to, or the text holds identifiers.
    """
    with writing() as session:
        audit = _in_fieldwork(session, person, audit_id)
        texts = {"subject": letter.subject, "text": letter.text}
        check(session, person, audit.area_id, "chase", audit.id, texts, choices)
        found = to_chase(session, audit, which)
        if not found.recipients:
            raise refused("There is nobody to write to: nothing was sent")
        if len(found.recipients) <= AT_ONCE:
            _write(session, person, audit, found.recipients, letter)
            return Sent(len(found.recipients))
        people = sorted({recipient.id for recipient in found.recipients})
        began = now().isoformat()
        arguments = {"which": list(which), "letter": list(letter), "people": people, "began": began}
        job_id = begin(
            session,
            person,
            KIND,
            "Writing to those with late returns",
            area_id=audit.area_id,
            audit_id=audit.id,
            arguments=arguments,
            total=len(people),
        )
        return Sent(job_id=job_id)


def _step(session: Session, job: InHand) -> Progress:
    """Write to the next few people. Whoever has sent their returns in meanwhile is left out."""
    audit = _in_fieldwork(session, job.person, job.audit_id or 0)
    which, letter = Which(*job.arguments["which"]), Letter(*job.arguments["letter"])
    batch = set(job.arguments["people"][job.done : job.done + AT_ONCE])
    # A return that nobody has goes to every lead of its agency, though an earlier step wrote to the first.
    began = datetime.fromisoformat(job.arguments["began"])
    found = [one for one in to_chase(session, audit, which, began).recipients if one.id in batch]
    if found:
        _write(session, job.person, audit, found, letter)
    sent = int(job.result.get("people", 0)) + len({one.id for one in found})
    done = job.done + len(batch)
    said = f"{sent:,} people were written to." if sent != 1 else "1 person was written to."
    return Progress(done, note=f"{done:,} of {job.total:,} people", result={"people": sent, "said": said})


def _leads_to(job: InHand) -> Link:
    return Link("See who was chased", "chasing.chased", {"audit_id": job.audit_id})


WORK = Work(
    step=_step,
    if_stopped="Messages that were sent stay sent, and it is kept to whom.",
    leads_to=_leads_to,
    forgets=True,
)


def _in_fieldwork(session: Session, person: CurrentPerson, audit_id: int) -> Audit:
    audit = locked_audit(session, person, audit_id)
    if audit.stage is not Stage.FIELDWORK:
        raise refused("Returns can be chased while the audit is in fieldwork")
    return audit


def _write(
    session: Session, person: CurrentPerson, audit: Audit, recipients: Sequence[Recipient], letter: Letter
) -> None:
    moment, day = now(), today()
    rows = []
    for recipient in recipients:
        queue(session, recipient.email, letter.subject, body(recipient, letter.text, letter.address, day))
        rows += [
            {
                "audit_id": audit.id,
                "return_id": one.id,
                "person_id": recipient.id,
                "sent_at": moment,
                "sent_by_id": person.id,
            }
            for one in recipient.returns
        ]
    session.execute(insert(Chase), rows)
    fields = [f"people:{len({one.id for one in recipients})}"]
    record(session, person.id, "chasing.chased", "audit", audit.id, fields=fields, area_id=audit.area_id)


def extend_one(
    person: CurrentPerson,
    audit_id: int,
    return_id: int,
    due_on: date,
    reason: str,
    version: int,
    choices: Choices = NO_CHOICES,
) -> None:
    """Put one return's due date off. version: the return's, as the page showed it.

    Raises NotFound, NotAllowed, Stale, Questioned about the reason, and Refused for an earlier day, a return
    that is in, another stage.
    """
    with writing() as session:
        audit = _in_fieldwork(session, person, audit_id)
        row = session.execute(
            select(_returns.c.version, _returns.c.due_on, _returns.c.state)
            .where(_returns.c.id == return_id, _returns.c.audit_id == audit.id)
            .with_for_update()
        ).one_or_none()
        if row is None:
            raise NotFound
        if row.version != version:
            raise Stale({"due_on": row.due_on.isoformat(), "reason": ""}, row.version)
        if row.state.complete:
            raise refused("This return is in, so there is nothing to extend")
        if due_on <= row.due_on:
            raise refused("The new date must be later than the present one", "due_on")
        _extend(session, person, audit, [(return_id, row.due_on)], due_on, reason, choices)


def extend_late(
    person: CurrentPerson,
    audit_id: int,
    agency_id: int | None,
    due_on: date,
    reason: str,
    choices: Choices = NO_CHOICES,
) -> int:
    """Put off every late return (of one agency); gives how many. Raises as `extend_one`."""
    with writing() as session:
        audit = _in_fieldwork(session, person, audit_id)
        query = (
            select(_returns.c.id, _returns.c.due_on)
            .where(
                _returns.c.audit_id == audit.id,
                _returns.c.state.in_(NOT_IN),
                meant(Which(agency_id=agency_id)),
            )
            .order_by(_returns.c.id)
            .with_for_update()
        )
        rows = [(number, before) for number, before in session.execute(query)]
        if not rows:
            raise refused("No return is late by now: nothing was changed")
        if due_on < today():
            raise refused("The new date must be today or later", "due_on")
        _extend(session, person, audit, rows, due_on, reason, choices)
        return len(rows)


def _extend(
    session: Session,
    person: CurrentPerson,
    audit: Audit,
    rows: Sequence[tuple[int, date]],
    due_on: date,
    reason: str,
    choices: Choices,
) -> None:
    if not reason.strip():
        raise Refused({"reason": "Say why the date is put off"})
    moment = now()
    for start in range(0, len(rows), 500):
        numbers = [number for number, _ in rows[start : start + 500]]
        session.execute(
            update(_returns)
            .where(_returns.c.id.in_(numbers))
            .values(due_on=due_on, version=_returns.c.version + 1)
        )
    session.execute(
        insert(Extension),
        [
            {
                "return_id": number,
                "from_on": before,
                "to_on": due_on,
                "reason": reason.strip(),
                "extended_at": moment,
                "extended_by_id": person.id,
            }
            for number, before in rows
        ],
    )
    texts, area_id = {"reason": reason}, audit.area_id
    check(session, person, area_id, "audit", audit.id, texts, choices, about_child=False)
    fields = ["due_on", f"returns:{len(rows)}"]
    record(session, person.id, "chasing.extended", "audit", audit.id, fields=fields, area_id=audit.area_id)
