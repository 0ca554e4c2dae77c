"""What a person does to reports: write its words, issue it."""

import hashlib

from sqlalchemy import select
from sqlalchemy.orm import Session

from qa.accounts.permissions import CurrentPerson, Permission, can
from qa.audits.lifecycle import Stage
from qa.audits.models import Audit
from qa.audits.queries import audit_facts
from qa.db import now, writing
from qa.identifiers.asking import NO_CHOICES, Choices
from qa.identifiers.guarding import check
from qa.problems import NotFound, Stale, refused
from qa.publishing.document import ReportDocument
from qa.publishing.pdf import render_pdf
from qa.publishing.web import render_html
from qa.reports.models import IssuedReport, ReportDraft
from qa.reports.queries import desk_of
from qa.reports.records import ISSUABLE, KIND, WORDS, Words
from qa.reports.thematic import thematic_report
from qa.trail.recording import record

TOO_EARLY = "A report is issued from the panel stage on. Until then there are no agreed grades to report."


def write_words(person: CurrentPerson, audit_id: int, words: Words, choices: Choices = NO_CHOICES) -> None:
    """Keep the words of an audit's report; words.version is the one they were written over.

    Raises NotFound out of reach, Stale when somebody else wrote meanwhile, Questioned about the words.
    """
    with writing() as session:
        # Locked, as two people may write the first words at once, when there is no draft to lock yet.
        area_id = _locked(session, person, audit_id).area_id
        draft = session.get(ReportDraft, audit_id)
        held = draft.version if draft else 0
        if held != words.version:
            raise Stale({name: _shown(getattr(draft, name)) if draft else "" for name in WORDS}, held)
        changed = [name for name in WORDS if not draft or getattr(draft, name) != getattr(words, name)]
        if not changed:
            return
        if draft is None:
            draft = ReportDraft(audit_id=audit_id)
            session.add(draft)
        for name in changed:
            setattr(draft, name, getattr(words, name))
        draft.updated_at = now()
        texts = {"executive_summary": words.executive_summary, "method_note": words.method_note}
        check(session, person, area_id, "report_draft", audit_id, texts, choices, about_child=False)
        record(
            session,
            person.id,
            "reports.drafted",
            "report_draft",
            audit_id,
            fields=changed,
            area_id=area_id,
        )


def _shown(value: str | bool) -> str:
    return value if isinstance(value, str) else "Yes" if value else "No"


def issue(person: CurrentPerson, audit_id: int, *, after: int) -> int:
    """Issue the thematic report as it stands: its PDF and web page are kept and never change.

    after: the number of the last version the person knew of, 0 when there was none. Gives the row's number.
    Raises NotFound out of reach, Refused before the panel stage and when another version was issued.
    """
    report = thematic_report(person, audit_id, issued=True)
    _check(report.stage, report.desk.last, after)
    # Laying out takes a while: it is done before the write lock is taken.
    kept = _rendered(report.document)
    with writing() as session:
        audit = _locked(session, person, audit_id)
        _check(audit.stage, desk_of(audit_id).last, after)
        kept.audit_id, kept.area_id, kept.number = audit_id, audit.area_id, after + 1
        kept.issued_at, kept.issued_by_id = now(), person.id
        session.add(kept)
        session.flush()
        record(session, person.id, "reports.issued", "report", kept.id, area_id=audit.area_id)
        return kept.id


def _locked(session: Session, person: CurrentPerson, audit_id: int) -> Audit:
    audit = session.scalar(select(Audit).where(Audit.id == audit_id).with_for_update())
    # The permission is of areas, so the audit's agencies need not be read.
    if audit is None or not can(person, Permission.REPORTS_WRITE, audit_facts(audit, ())):
        raise NotFound
    return audit


def _check(stage: Stage, last: int, after: int) -> None:
    if stage not in ISSUABLE:
        raise refused(TOO_EARLY)
    if last != after:
        raise refused(f"Version {last} was issued meanwhile. Read it before you issue another.")


def _rendered(document: ReportDocument) -> IssuedReport:
    pdf = render_pdf(document)
    return IssuedReport(
        kind=KIND,
        title=document.title,
        size=len(pdf),
        sha256=hashlib.sha256(pdf).hexdigest(),
        content=pdf,
        page=str(render_html(document)),
    )
