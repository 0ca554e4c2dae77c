"""Bringing in a large file of cases as long work.

Every row is checked before anything is written, and then one step writes all cases: cases of half a file, on
which others could already allocate returns, could not be taken back without taking back their work too. So a
job that is cancelled, or whose server is killed, has either written every case or none. The rows are
checked once more in the job, since others may have added cases of the same references meanwhile.
"""

from sqlalchemy.orm import Session

from qa.accounts.permissions import CurrentPerson
from qa.audits.case_files import CaseFile, read_cases
from qa.audits.commands.many_cases import open_for_cases, write_cases
from qa.audits.csv_rows import UnreadableFile
from qa.audits.queries.cases import taken_references
from qa.db import db, writing
from qa.frameworks.reading import edition_tree
from qa.jobs.commands import begin
from qa.jobs.files import given
from qa.jobs.lifecycle import InHand, JobFileContent, Link, Progress
from qa.jobs.queries import at_work
from qa.jobs.running import Work
from qa.problems import refused

KIND = "case_import"

AT_ONCE = 1_000
"""Rows up to which a file is brought in within the request: that takes under a second."""

NAMED_PROBLEMS = 5


def begin_import(person: CurrentPerson, audit_id: int, content: bytes, rows: int) -> int:
    """Ask for a file to be brought in that was read without a problem; gives the job's number.

    content: the file; rows: how many cases it holds. Raises NotFound, NotAllowed or Refused as
    `commands.import_cases`, and Refused while another file is being brought into the audit.
    """
    with writing() as session:
        audit = open_for_cases(session, person, audit_id)
        if at_work(KIND, area_id=audit.area_id, audit_id=audit_id) is not None:
            raise refused("A file is being brought into this audit already. Wait until that is done", "file")
        return begin(
            session,
            person,
            KIND,
            f"Import of {rows:,} cases into {audit.reference}",
            area_id=audit.area_id,
            audit_id=audit_id,
            arguments={"edition_id": audit.edition_id},
            total=rows,
            file=JobFileContent("cases.csv", "text/csv", content),
        )


def _check(job: InHand) -> CaseFile:
    """Read the file again: outside the unit of work, as it takes longer than the writing."""
    fields = edition_tree(job.arguments["edition_id"]).content.profile
    try:
        return read_cases(given(db.session(), job.id).content, fields, taken_references(job.audit_id or 0))
    except UnreadableFile as reason:
        raise refused(str(reason)) from reason


def _step(session: Session, job: InHand) -> Progress:
    audit = open_for_cases(session, job.person, job.audit_id or 0)
    if audit.edition_id != job.arguments["edition_id"]:
        raise refused("The audit was moved to another edition meanwhile. Choose the file again")
    file: CaseFile = job.prepared
    if file.problems:
        raise refused(_in_words(file))
    if not job.result.get("checked"):
        return Progress(0, note="Every row is checked", result={"checked": True}, finished=False)
    added = write_cases(session, job.person, audit.id, file.rows)
    return Progress(added, total=added, result={"said": f"{added:,} cases are imported."}, finished=True)


def _in_words(file: CaseFile) -> str:
    named = file.problems[:NAMED_PROBLEMS]
    said = ". ".join(f"Line {problem.line}: {problem.reason}" for problem in named)
    more = len(file.problems) - len(named)
    return f"{said}.{f' And {more:,} more.' if more else ''} Put them right and choose the file again"


def _leads_to(job: InHand) -> Link:
    return Link("Go to the audit’s cases", "audits.cases", {"audit_id": job.audit_id or 0})


WORK = Work(
    _step,
    "All cases are written together at the end, so none of this file is in the audit.",
    prepare=_check,
    leads_to=_leads_to,
)
