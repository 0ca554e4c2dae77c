"""`flask --app app report ...`: the same report as the page gives, into a file."""

import sys
from pathlib import Path

import click
from flask.cli import with_appcontext

from qa.accounts.permissions import CurrentPerson, Grant, Role
from qa.publishing.pdf import render_pdf
from qa.publishing.web import render_page
from qa.reports.queries import audit_called
from qa.reports.records import KIND
from qa.reports.thematic import thematic_report
from qa.trail.recording import record_reading

# Whoever can run commands on the server holds the database anyway; the trail says it was read there.
OPERATOR = CurrentPerson(0, "Command line", "", (Grant(Role.QA_LEAD),))


@click.command("report")
@click.argument("reference")
@click.option("--kind", type=click.Choice([KIND]), default=KIND, help="The kind of report.")
@click.option("--format", "form", type=click.Choice(["pdf", "html"]), default="pdf", help="The kind of file.")
@click.option("--output", type=click.Path(path_type=Path), required=True, help="Where to write it.")
@with_appcontext
def report(reference: str, kind: str, form: str, output: Path) -> None:
    """Write the report of the audit REFERENCE into a file."""
    found = audit_called(reference)
    if found is None:
        sys.exit(f"There is no audit {reference}.")
    audit_id, area_id, confidential = found
    if confidential:
        sys.exit(f"{reference} is confidential: only the people named on it read it, signed in.")
    document = thematic_report(OPERATOR, audit_id).document
    content = render_pdf(document) if form == "pdf" else render_page(document).encode()
    record_reading(None, "report_draft", audit_id, area_id=area_id, part=f"{kind} {form} command line")
    try:
        output.write_bytes(content)
    except OSError as problem:
        sys.exit(f"{output} could not be written: {problem.strerror or problem}.")
    click.echo(f"{output} is written.")
