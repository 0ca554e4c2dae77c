"""`flask --app app report ...`: the same report as the page gives, into a file."""

import sys
from pathlib import Path

import click
from sqlalchemy import select

from qa.accounts.permissions import CurrentPerson, Grant, Role
from qa.audits.models import Audit
from qa.db import db
from qa.publishing.pdf import render_pdf
from qa.publishing.web import render_page
from qa.reports.thematic import thematic_report
from qa.trail.recording import record_reading

# Whoever can run commands on the server holds the database anyway; the trail says it was read there.
OPERATOR = CurrentPerson(0, "Command line", "", (Grant(Role.QA_LEAD),))


@click.command("report")
@click.argument("reference")
@click.option("--kind", type=click.Choice(["thematic"]), default="thematic", help="The kind of report.")
@click.option("--format", "form", type=click.Choice(["pdf", "html"]), default="pdf", help="The kind of file.")
@click.option("--output", type=click.Path(path_type=Path), required=True, help="Where to write it.")
def report(reference: str, kind: str, form: str, output: Path) -> None:
    """Write the report of the audit REFERENCE into a file."""
    found = db.session.execute(
        select(Audit.id, Audit.area_id, Audit.confidential).where(Audit.reference == reference)
    ).one_or_none()
    if found is None:
        sys.exit(f"There is no audit {reference}.")
    if found.confidential:
        sys.exit(f"{reference} is confidential: only the people named on it read it, signed in.")
    document = thematic_report(OPERATOR, found.id).document
    record_reading(None, "report", found.id, area_id=found.area_id, part=f"{kind} {form} command line")
    if form == "pdf":
        output.write_bytes(render_pdf(document))
    else:
        output.write_text(render_page(document), "utf-8")
    click.echo(f"{output} is written.")
