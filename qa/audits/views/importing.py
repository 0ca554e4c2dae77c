"""Bringing cases in from a CSV file."""

import re
from collections.abc import Sequence

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from qa.accounts.access import current_person, requires
from qa.accounts.permissions import Permission
from qa.audits import commands
from qa.audits.case_files import (
    REFERENCE,
    SIZE_LIMIT,
    CaseFile,
    RowProblem,
    example_row,
    read_cases,
    template,
)
from qa.audits.csv_rows import UnreadableFile
from qa.audits.forms.cases import ImportForm
from qa.audits.importing import AT_ONCE, begin_import
from qa.audits.lifecycle import OPEN_TO_CASES
from qa.audits.queries import get_audit
from qa.audits.queries.cases import taken_references
from qa.audits.views.base import blueprint
from qa.frameworks.content import ProfileField
from qa.frameworks.reading import edition_tree
from qa.problems import Refused, refused

SHOWN_PROBLEMS = 200


@blueprint.route("/audits/<int:audit_id>/cases/import", methods=["GET", "POST"])
@requires(Permission.AUDITS_MANAGE)
def import_cases(audit_id: int) -> str | Response:
    """Choose a file; a good one is brought in whole, a bad one is answered with every mistake in it.

    A large one is checked at once too, and brought in by long work.
    """
    person, form = current_person(), ImportForm()
    audit = get_audit(person, audit_id, Permission.AUDITS_MANAGE)
    tree = edition_tree(audit.edition_id)
    if tree.self_assessment:
        return redirect(url_for("audits.cases", audit_id=audit_id))
    problems: list[RowProblem] = []
    if form.validate_on_submit():
        try:
            file = _read(form, audit_id, tree.content.profile)
            if not file.problems:
                if len(file.rows) > AT_ONCE:
                    job_id = begin_import(person, audit_id, _sent(form), len(file.rows))
                    return redirect(url_for("jobs.show", job_id=job_id))
                added = commands.import_cases(person, audit_id, file.rows)
                flash("1 case is imported." if added == 1 else f"{added:,} cases are imported.")
                return redirect(url_for("audits.cases", audit_id=audit_id))
            problems = file.problems
            bad = len({problem.line for problem in problems})
            rows = "1 row needs" if bad == 1 else f"{bad:,} rows need"
            raise refused(f"{rows} putting right. Nothing was imported: see the list below", "file")
        except Refused as refusal:
            form.refuse(refusal)
    fields = tree.content.profile
    return render_template(
        "audits/import.html",
        audit=audit,
        form=form,
        fields=fields,
        reference=REFERENCE,
        example=example_row(fields),
        problems=problems[:SHOWN_PROBLEMS],
        unshown=max(0, len(problems) - SHOWN_PROBLEMS),
        may_add=audit.stage in OPEN_TO_CASES,
    )


def _sent(form: ImportForm) -> bytes:
    """The file, or as much of it as shows that it is too large."""
    form.file.data.stream.seek(0)
    content: bytes = form.file.data.stream.read(SIZE_LIMIT + 1)
    return content


def _read(form: ImportForm, audit_id: int, fields: Sequence[ProfileField]) -> CaseFile:
    """The cases of the file sent. Raises Refused when it cannot be read as cases at all."""
    try:
        return read_cases(_sent(form), fields, taken_references(audit_id))
    except UnreadableFile as reason:
        raise refused(str(reason), "file") from reason


@blueprint.get("/audits/<int:audit_id>/cases/template.csv")
@requires(Permission.AUDITS_MANAGE)
def case_template(audit_id: int) -> Response:
    """An empty CSV file with the headings of this audit's framework."""
    audit = get_audit(current_person(), audit_id, Permission.AUDITS_MANAGE)
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", audit.reference)
    return Response(
        template(edition_tree(audit.edition_id).content.profile),
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="cases-{name}.csv"'},
    )
