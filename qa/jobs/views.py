"""Pages of long work: the list, one job with its progress, cancelling it, and what it has made."""

from collections.abc import Iterator, Sequence
from pathlib import PurePath

from flask import (
    Blueprint,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    stream_with_context,
    url_for,
)
from werkzeug.wrappers import Response

from qa.accounts.access import current_person, requires
from qa.accounts.permissions import CurrentPerson, Permission
from qa.config import Settings
from qa.jobs import commands, queries
from qa.jobs.forms import CancelForm
from qa.jobs.lifecycle import JobFileContent, JobState
from qa.jobs.packing import zip_pieces
from qa.jobs.queries import JobFileLine, JobPage
from qa.jobs.running import KINDS
from qa.problems import NotFound
from qa.trail.recording import record_reading
from qa.web.paging import page_number

blueprint = Blueprint("jobs", __name__, template_folder="templates")

OVER_ALREADY = {
    JobState.DONE: "It had finished before it could be cancelled.",
    JobState.FAILED: "It had failed before it could be cancelled.",
    JobState.CANCELLED: "It was cancelled already.",
}


@blueprint.get("/jobs")
@requires(Permission.HOME_SEE)
def index() -> str:
    """Long work within reach, newest first."""
    return render_template("jobs/index.html", page=queries.jobs(current_person(), page_number()))


@blueprint.get("/jobs/<int:job_id>")
@requires(Permission.HOME_SEE)
def show(job_id: int) -> str:
    """How far a job is; when it is over, what came of it. ?still: without loading itself again."""
    person = current_person()
    job = queries.job(person, job_id)
    work = KINDS.get(job.kind)
    leads_to = work.leads_to(job.in_hand(person)) if work and work.leads_to else None
    settings: Settings = current_app.extensions["settings"]
    return render_template(
        "jobs/show.html",
        job=job,
        form=CancelForm(formdata=None, data={"version": job.version}),
        if_stopped=work.if_stopped if work else "",
        link=url_for(leads_to.endpoint, **leads_to.arguments) if leads_to else "",
        link_text=leads_to.text if leads_to else "",
        size=sum(file.size for file in job.files),
        may_fetch=_may_fetch(job, person),
        kept_days=settings.job_files_days,
        still="still" in request.args,
    )


@blueprint.post("/jobs/<int:job_id>/cancel")
@requires(Permission.HOME_SEE)
def cancel(job_id: int) -> Response:
    """Ask a job to stop."""
    state = commands.cancel(current_person(), job_id)
    if state.over:
        flash(OVER_ALREADY[state], "refused")
    return redirect(url_for("jobs.show", job_id=job_id))


@blueprint.get("/jobs/<int:job_id>/file")
@requires(Permission.HOME_SEE)
def file(job_id: int) -> Response:
    """What a job has made, for whoever asked for it: its file, or its files in one zip."""
    person = current_person()
    job = queries.job(person, job_id)
    if job.state is not JobState.DONE or not job.files or not _may_fetch(job, person):
        raise NotFound
    record_reading(person.id, "job", job_id, area_id=job.area_id, part="files")
    if len(job.files) == 1:
        made = queries.file_content(job.files[0].id)
        return _attached(Response(made.content, mimetype=made.media_type), made.name)
    pieces = stream_with_context(zip_pieces(_contents(job.files)))
    return _attached(
        Response(pieces, mimetype="application/zip"), KINDS[job.kind].archive(job.in_hand(person))
    )


def _contents(files: Sequence[JobFileLine]) -> Iterator[JobFileContent]:
    """One after the other: together they may be larger than a server's memory."""
    for line in files:
        yield queries.file_content(line.id)


def _may_fetch(job: JobPage, person: CurrentPerson) -> bool:
    """Files hold what the person who asked may read, so they are for that person alone."""
    work = KINDS.get(job.kind)
    if work is None or not job.own:
        return False
    return work.may_fetch is None or work.may_fetch(job.in_hand(person))


def _attached(response: Response, name: str) -> Response:
    plain = PurePath(name).name
    safe = "".join(letter for letter in plain if letter.isascii() and (letter.isalnum() or letter in "-_."))
    response.headers["Content-Disposition"] = f'attachment; filename="{safe}"'
    return response
