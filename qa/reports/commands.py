"""What a person does to reports: write its words, issue it."""

import hashlib

from sqlalchemy import func, select

from qa.accounts.permissions import CurrentPerson, Permission, can
from qa.audits.lifecycle import Stage
from qa.audits.models import Audit
from qa.audits.queries import audit_facts, get_audit
from qa.db import now, writing
from qa.problems import NotFound, Stale, refused
from qa.publishing.pdf import render_pdf
from qa.publishing.web import render_html
from qa.reports.models import IssuedReport, ReportDraft
from qa.reports.thematic import KIND, thematic_report
from qa.trail.recording import record

WORDS = ("executive_summary", "method_note", "protective_marking")


def write_draft(person: CurrentPerson, audit_id: int, version: int, words: dict[str, str]) -> None:
    """Keep the words of an audit's report. version: 0 when there were none yet.

    Raises NotFound out of reach, Stale when somebody else wrote meanwhile.
    """
    audit = get_audit(person, audit_id, Permission.REPORTS_WRITE)
    area_id = audit.area_id
    with writing() as session:
        draft = session.scalar(select(ReportDraft).where(ReportDraft.audit_id == audit_id).with_for_update())
        if draft is None:
            draft = ReportDraft(audit_id=audit_id, **dict.fromkeys(WORDS, ""))
            session.add(draft)
        elif draft.version != version:
            raise Stale({name: getattr(draft, name) for name in WORDS}, draft.version)
        changed = [name for name in WORDS if getattr(draft, name) != words[name]]
        for name in changed:
            setattr(draft, name, words[name])
        draft.updated_at = now()
        record(session, person.id, "reports.drafted", "audit", audit_id, fields=changed, area_id=area_id)


def issue(person: CurrentPerson, audit_id: int) -> int:
    """Issue the thematic report as it stands: its PDF and web page are kept and never change.

    Gives the row's number. Raises NotFound out of reach, Refused before the panel stage.
    """
    report = thematic_report(person, audit_id, issued=True)
    if report.audit.stage in {Stage.PLANNING, Stage.FIELDWORK}:
        raise refused("A report is issued once the audit has been to the panel")
    document = report.document
    # Laying out takes seconds: it is done before the write lock is taken.
    pdf, page = render_pdf(document), str(render_html(document))
    with writing() as session:
        audit = session.scalar(select(Audit).where(Audit.id == audit_id).with_for_update())
        if audit is None or not can(person, Permission.REPORTS_WRITE, audit_facts(audit, ())):
            raise NotFound("no such audit")
        last = session.scalar(
            select(func.max(IssuedReport.number)).where(
                IssuedReport.audit_id == audit_id, IssuedReport.kind == KIND
            )
        )
        number = (last or 0) + 1
        if document.version != f"Version {number}":
            raise Stale({}, number)
        row = IssuedReport(
            audit_id=audit_id,
            area_id=audit.area_id,
            kind=KIND,
            number=number,
            title=document.title,
            issued_at=now(),
            issued_by_id=person.id,
            size=len(pdf),
            sha256=hashlib.sha256(pdf).hexdigest(),
            content=pdf,
            page=page,
        )
        session.add(row)
        session.flush()
        record(session, person.id, "reports.issued", "report", row.id, area_id=audit.area_id)
        return row.id
