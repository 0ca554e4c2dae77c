"""Reading a long population list, and drawing from one, as long work.

What takes long only reads, and is done before the unit of work; one step then writes all. So whoever cancels,
or kills the server, finds either everything or nothing of it.
"""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy.orm import Session

from qa.accounts.permissions import CurrentPerson
from qa.audits.csv_rows import UnreadableFile
from qa.audits.sampling.allocation import Allocation
from qa.audits.sampling.commands.draw import PlannedDraw, plan_draw, require_seen, write_draw
from qa.audits.sampling.commands.lists import Identifying, keep_list, locked_sample, look_through, open_audit
from qa.audits.sampling.designing import Design, problems
from qa.audits.sampling.guarding import Refusal
from qa.audits.sampling.queries import counted, listed_sample
from qa.audits.sampling.reading import PopulationFile, read_population
from qa.audits.sampling.storing import pack_file
from qa.db import db, today, writing
from qa.jobs.commands import begin
from qa.jobs.files import given
from qa.jobs.lifecycle import Failing, InHand, JobFileContent, Link, Progress
from qa.jobs.queries import at_work, job
from qa.jobs.running import Work
from qa.problems import NotFound, Refused, Stale, refused

LIST_KIND, DRAW_KIND = "population_list", "sample_draw"

AT_ONCE = 5_000
"""Rows up to which a list is read and drawn from within the request: that takes about a second."""

LARGE, AT_ONCE_OF_LARGE = 1024 * 1024, 500
"""A file of more bytes is read at once up to fewer rows, as each of them is long."""

IDENTIFYING = "The list could identify somebody, and nothing of it was kept. See what to take out"
LIST_CHANGED = "The list was changed meanwhile, so nothing was drawn. Look at it, then draw again"
STRATA_CHANGED = (
    "The strata are others now, since cases were added to the audit or taken out of it. Say again what the "
    "columns are, then draw"
)


class _Looked(NamedTuple):
    """A list that identifies nobody, packed. rows: how many it has."""

    rows: int
    content: bytes


def rows_at_once(content: bytes) -> int:
    """How many rows of a file are read within the request."""
    return AT_ONCE_OF_LARGE if len(content) > LARGE else AT_ONCE


def begin_list(
    person: CurrentPerson, audit_id: int, content: bytes, start: PopulationFile, most_mb: int
) -> int:
    """Ask for a file to be read of which more follows than its start; gives the job's number.

    The start is looked through first: most lists that could identify somebody are refused before anything
    is kept. The file's name is not kept. Raises as `commands.bring_in`, and Refused while another list is
    read, or a sample drawn.
    """
    look_through(person, audit_id, start)
    with writing() as session:
        audit = open_audit(session, person, audit_id)
        _refuse_second(audit.area_id, audit_id)
        return begin(
            session,
            person,
            LIST_KIND,
            f"Population list for {audit.reference}",
            area_id=audit.area_id,
            audit_id=audit_id,
            arguments={"most_mb": most_mb},
            total=1,
            file=JobFileContent("population-list", "application/octet-stream", content),
        )


def begin_draw(
    person: CurrentPerson, audit_id: int, sample_id: int, version: int, design: Design, shown: str
) -> int:
    """Ask for a sample to be drawn; gives the job's number. Raises as `commands.draw_sample`, and Refused
    while a list is read, or a sample drawn.
    """
    numbers = counted(listed_sample(person, audit_id, sample_id).sample)
    if wrong := problems(design, numbers, today()):
        raise Refused(wrong)
    require_seen(design, numbers, shown)
    with writing() as session:
        audit = open_audit(session, person, audit_id)
        locked_sample(session, audit, sample_id, version)
        _refuse_second(audit.area_id, audit_id)
        cases = "1 case" if design.size == 1 else f"{design.size:,} cases"
        until = design.keep_until.isoformat() if design.keep_until else None
        return begin(
            session,
            person,
            DRAW_KIND,
            f"Draw of {cases} for {audit.reference}",
            area_id=audit.area_id,
            audit_id=audit_id,
            arguments={
                "sample_id": sample_id,
                "version": version,
                "design": design._replace(keep_until=None)._asdict(),
                "keep_until": until,
                "shown": shown,
            },
            total=design.size,
        )


def under_way(area_id: int, audit_id: int) -> int | None:
    """The number of the job that reads a list of the audit or draws from one; the caller checks."""
    found = (at_work(kind, area_id=area_id, audit_id=audit_id) for kind in (LIST_KIND, DRAW_KIND))
    return next((number for number in found if number is not None), None)


def _refuse_second(area_id: int, audit_id: int) -> None:
    if under_way(area_id, audit_id) is not None:
        raise refused("A list is being read or drawn from already: see the page of the sample")


def found_by(person: CurrentPerson, audit_id: int, job_id: int) -> Sequence[Refusal]:
    """What must be taken out of a list that a job refused. Raises NotFound."""
    page = job(person, job_id)
    if page.kind != LIST_KIND or page.audit_id != audit_id:
        raise NotFound
    return [Refusal(**{**one, "rows": tuple(one["rows"])}) for one in page.result.get("found", ())]


def _begun(said: str) -> Progress:
    """The first step, so that the page can say what is being done."""
    return Progress(0, note=said, result={"begun": True}, finished=False)


def _look(work: InHand) -> _Looked | None:
    if not work.result.get("begun"):
        return None
    try:
        file = read_population(given(db.session(), work.id).content, work.arguments["most_mb"])
        look_through(work.person, work.audit_id or 0, file)
    except UnreadableFile as reason:
        raise refused(str(reason)) from reason
    except Identifying as identifying:
        raise Failing(IDENTIFYING, {"found": [one._asdict() for one in identifying.found]}) from identifying
    return _Looked(len(file.rows), pack_file(file))


def _keep(session: Session, work: InHand) -> Progress:
    looked: _Looked | None = work.prepared
    if looked is None:
        return _begun("Reading the list and looking through it")
    keep_list(session, work.person, work.audit_id or 0, looked.rows, looked.content)
    said = f"The list of {looked.rows:,} rows is read, and identifies nobody. Say next what its columns are."
    return Progress(1, result={"said": said}, finished=True)


def _list_leads_to(work: InHand) -> Link:
    audit_id = work.audit_id or 0
    if work.result.get("found"):
        return Link("See what to take out", "sampling.bring_in", {"audit_id": audit_id, "job": work.id})
    return _draw_leads_to(work)


def _plan(work: InHand) -> PlannedDraw | None:
    if not work.result.get("begun"):
        return None
    asked = work.arguments
    until = date.fromisoformat(asked["keep_until"]) if asked["keep_until"] else None
    design = Design(**{**asked["design"], "keep_until": until})
    design = design._replace(allocation=Allocation(design.allocation))
    try:
        return plan_draw(work.person, work.audit_id or 0, asked["sample_id"], design, asked["shown"])
    except Refused as refusal:
        raise refused(STRATA_CHANGED if "shown" in refusal.errors else str(refusal)) from refusal


def _write(session: Session, work: InHand) -> Progress:
    plan: PlannedDraw | None = work.prepared
    if plan is None:
        return _begun("Putting the list in the order of the draw")
    which = work.arguments["sample_id"], work.arguments["version"]
    try:
        made = write_draw(session, work.person, work.audit_id or 0, which, plan)
    except Stale as stale:
        raise refused(LIST_CHANGED) from stale
    said = "1 case is drawn." if made == 1 else f"{made:,} cases are drawn."
    return Progress(made, result={"said": said}, finished=True)


def _draw_leads_to(work: InHand) -> Link:
    return Link("Go to the sample", "sampling.show", {"audit_id": work.audit_id or 0})


WORKS = {
    LIST_KIND: Work(
        _keep,
        "Nothing of the list is kept: the file that was sent is deleted.",
        prepare=_look,
        leads_to=_list_leads_to,
    ),
    DRAW_KIND: Work(
        _write,
        "No case is drawn, and the list stays as it was. All cases are written together at the end.",
        prepare=_plan,
        leads_to=_draw_leads_to,
    ),
}
