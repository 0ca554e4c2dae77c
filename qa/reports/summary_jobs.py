"""Every case summary of an audit in one zip: long work, one case a step.

What was made is deleted when it is cancelled or fails: a zip with some of the cases would look like all.
"""

from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from qa.accounts.permissions import CurrentPerson, Permission
from qa.audits.models import Audit, Case
from qa.audits.queries import get_audit
from qa.db import db, writing
from qa.frameworks.reading import edition_tree
from qa.jobs.commands import begin
from qa.jobs.files import keep
from qa.jobs.lifecycle import InHand, JobFileContent, Link, Progress
from qa.jobs.queries import at_work
from qa.jobs.running import Work
from qa.problems import NotFound, refused
from qa.publishing.pdf import render_pdf
from qa.publishing.plain_text import slug
from qa.reports.case_summary import case_summary
from qa.trail.recording import record

KIND = "case_summaries"


class Asked(NamedTuple):
    """What the page that offers it says. at_work: the person's own job of this that is not over."""

    audit_id: int
    title: str
    cases: int
    self_assessment: bool
    at_work: int | None


class _Made(NamedTuple):
    """A summary laid out before its step. number: of the case; file: None when the case went meanwhile."""

    number: int
    case_id: int
    file: JobFileContent | None


def asked(person: CurrentPerson, audit_id: int) -> Asked:
    """How many summaries there would be. Raises NotFound when the person does not manage the audit."""
    audit = get_audit(person, audit_id, Permission.AUDITS_MANAGE)
    waiting = at_work(KIND, area_id=audit.area_id, audit_id=audit_id, asked_by_id=person.id)
    cases = _count(db.session(), audit_id)
    return Asked(audit_id, audit.title, cases, edition_tree(audit.edition_id).self_assessment, waiting)


def ask(person: CurrentPerson, audit_id: int) -> int:
    """Ask for every summary of an audit; gives the job's number, of the one at work if there is one.

    Raises NotFound when the person does not manage the audit, Refused when it has no case.
    """
    with writing() as session:
        # Two clicks at once make one job: the second waits for the first here.
        session.execute(select(Audit.id).where(Audit.id == audit_id).with_for_update())
        audit = get_audit(person, audit_id, Permission.AUDITS_MANAGE)
        waiting = at_work(KIND, area_id=audit.area_id, audit_id=audit_id, asked_by_id=person.id)
        if waiting is not None:
            return waiting
        cases = _count(session, audit_id)
        if not cases:
            raise refused("This audit has no case yet. Add one first.")
        return begin(
            session,
            person,
            KIND,
            f"Case summaries of {audit.reference}",
            area_id=audit.area_id,
            audit_id=audit_id,
            arguments={"reference": audit.reference},
            total=cases,
        )


def _count(session: Session, audit_id: int) -> int:
    return session.scalar(select(func.count()).select_from(Case).where(Case.audit_id == audit_id)) or 0


def _lay_out(job: InHand) -> _Made | None:
    """The next case's summary as a PDF; None when there is no next case."""
    audit_id = _audit_of(job)
    row = db.session.execute(
        select(Case.id, Case.number)
        .where(Case.audit_id == audit_id, Case.number > job.result.get("last", 0))
        .order_by(Case.number)
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    try:
        summary = case_summary(job.person, audit_id, row.id)
    except NotFound:
        # Removed since it was looked up; or the audit is out of reach now, which the step says.
        return _Made(row.number, row.id, None)
    content = render_pdf(summary.document)
    return _Made(row.number, row.id, JobFileContent(summary.file_name, "application/pdf", content))


def _step(session: Session, job: InHand) -> Progress:
    get_audit(job.person, _audit_of(job), Permission.AUDITS_MANAGE)
    made: _Made | None = job.prepared
    files = job.result.get("files", 0)
    if made is None:
        said = "1 case summary is ready." if files == 1 else f"{files:,} case summaries are ready."
        return Progress(job.done, total=job.done, result={"said": said, "files": files}, finished=True)
    if made.file is not None:
        files += 1
        keep(session, job.id, made.file)
        record(
            session, job.person.id, "case.read", "case", made.case_id, fields=["summary"], area_id=job.area_id
        )
    # Cases added meanwhile are summarised too; the end is where there is no next one.
    done = job.done + 1
    result = {"last": made.number, "files": files}
    return Progress(done, max(job.total, done), result=result, finished=False)


def _audit_of(job: InHand) -> int:
    if job.audit_id is None:
        raise refused("The audit is not there any more.")
    return job.audit_id


def _may_fetch(job: InHand) -> bool:
    try:
        get_audit(job.person, job.audit_id or 0, Permission.AUDITS_MANAGE)
    except NotFound:
        return False
    return True


def _leads_to(job: InHand) -> Link:
    return Link("Go to the audit’s cases", "audits.cases", {"audit_id": job.audit_id or 0})


WORK = Work(
    _step,
    "The summaries made so far are deleted.",
    prepare=_lay_out,
    leads_to=_leads_to,
    may_fetch=_may_fetch,
    archive=lambda job: f"{slug(str(job.arguments['reference']))}-case-summaries.zip",
)
