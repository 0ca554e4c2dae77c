"""Pages that bring a population list in, and say what its columns are."""

from collections.abc import Mapping, Sequence

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from qa.accounts.access import current_person, requires
from qa.accounts.permissions import Permission
from qa.audits.case_files import RowProblem
from qa.audits.lifecycle import OPEN_TO_CASES
from qa.audits.queries import get_audit
from qa.audits.sampling import commands
from qa.audits.sampling.columns import Guess, guesses, looked_at
from qa.audits.sampling.forms import (
    ColumnChoice,
    ColumnsForm,
    ListForm,
    choices,
    plan_of,
    sent_uses,
    uses_offered,
)
from qa.audits.sampling.guarding import Refusal
from qa.audits.sampling.long_work import AT_ONCE, begin_list, found_by
from qa.audits.sampling.queries import (
    ListPage,
    list_as_it_came,
    listed_sample,
)
from qa.audits.sampling.reading import PopulationFile
from qa.audits.sampling.views.base import Sent, blueprint, most_mb, read_at_once
from qa.frameworks.content import ProfileField
from qa.frameworks.reading import edition_tree
from qa.problems import NotFound, Refused, Stale, refused
from qa.web.errors import conflict_page
from qa.web.forms import clean

SHOWN_PROBLEMS = 200
IDENTIFYING = "The list could identify somebody. Nothing of it was kept: see what to take out"
IDENTIFYING_REFERENCES = "References could identify somebody, so the list was deleted: see what to put right"


@blueprint.route("/audits/<int:audit_id>/sample/list", methods=["GET", "POST"])
@requires(Permission.AUDITS_MANAGE)
def bring_in(audit_id: int) -> str | Response:
    """Choose a population list; one that could identify anybody is refused, and nothing of it is kept.

    A long one is read by long work. ?job=: shows what such work found.
    """
    person, form = current_person(), ListForm()
    audit = get_audit(person, audit_id, Permission.AUDITS_MANAGE)
    tree = edition_tree(audit.edition_id)
    if tree.self_assessment:
        raise NotFound
    found: Sequence[Refusal] = ()
    sent: Sent | None = None
    if form.validate_on_submit():
        try:
            sent = read_at_once(form)
            if not sent.whole:
                job_id = begin_list(person, audit_id, sent.content, sent.file, most_mb())
                return redirect(url_for("jobs.show", job_id=job_id))
            sample_id = commands.bring_in(person, audit_id, sent.file)
            return redirect(url_for("sampling.columns", audit_id=audit_id, sample_id=sample_id))
        except commands.Identifying as identifying:
            found = identifying.found
            form.refuse(refused(IDENTIFYING, "file"))
        except Refused as refusal:
            form.refuse(refusal)
    elif request.method == "GET" and (number := request.args.get("job", type=int)):
        found = found_by(person, audit_id, number)
        if found:
            form.refuse(refused(IDENTIFYING, "file"))
    return render_template(
        "sampling/list.html",
        audit=audit,
        form=form,
        found=found,
        looked_into=0 if not sent or sent.whole else len(sent.file.rows),
        at_once=AT_ONCE,
        fields=tree.content.profile,
        most_mb=most_mb(),
        may_draw=audit.stage in OPEN_TO_CASES,
    )


@blueprint.route("/audits/<int:audit_id>/sample/<int:sample_id>/columns", methods=["GET", "POST"])
@requires(Permission.AUDITS_MANAGE)
def columns(audit_id: int, sample_id: int) -> str | Response:
    """Say what each column is for; what was guessed is shown."""
    person, form = current_person(), ColumnsForm()
    waiting = listed_sample(person, audit_id, sample_id)
    file = list_as_it_came(sample_id)
    fields = edition_tree(waiting.audit.edition_id).content.profile
    guessed, wrong, rows = guesses(file, fields), dict[str, str](), list[RowProblem]()
    sent = {name: clean(text) for name, text in request.form.items()}
    uses = sent_uses(sent, len(file.headings)) if sent else tuple(guess.use for guess in guessed)
    chosen = choices(file, fields, uses, guessed, sent)
    if form.validate_on_submit():
        plan, wrong = plan_of(chosen)
        try:
            if not wrong:
                commands.choose_columns(person, audit_id, sample_id, form.version_number, plan)
                return redirect(url_for("sampling.draw", audit_id=audit_id, sample_id=sample_id))
        except Stale as stale:
            return conflict_page(form, stale, url_for("sampling.show", audit_id=audit_id), "the list")
        except Refused as refusal:
            form.refuse(refusal)
        except commands.BadColumns as bad:
            if bad.deleted:
                return _deleted(audit_id, bad.rows)
            wrong = {chosen[number].name: text for number, text in bad.columns.items()}
            rows = list(bad.rows)
    else:
        form.version.data = str(waiting.sample.version)
    return _columns_page(form, waiting, file, fields, (guessed, chosen, wrong, rows))


def _columns_page(
    form: ColumnsForm,
    waiting: ListPage,
    file: PopulationFile,
    fields: Sequence[ProfileField],
    made: tuple[Sequence[Guess], Sequence[ColumnChoice], Mapping[str, str], Sequence[RowProblem]],
) -> str:
    _, chosen, wrong, rows = made
    return render_template(
        "sampling/columns.html",
        form=form,
        audit=waiting.audit,
        sample=waiting.sample,
        file=file,
        looked=looked_at(file),
        chosen=chosen,
        offered=uses_offered(fields),
        wrong=wrong,
        errors=[
            *((text, "") for text in form.form_errors),
            *((text, f"#{name}") for name, text in wrong.items()),
        ],
        problems=rows[:SHOWN_PROBLEMS],
        unshown=max(0, len(rows) - SHOWN_PROBLEMS),
    )


def _deleted(audit_id: int, rows: Sequence[RowProblem]) -> str:
    """The page that says that the list is gone, since its references could identify somebody."""
    form = ListForm(formdata=None)
    form.refuse(refused(IDENTIFYING_REFERENCES, "file"))
    audit = get_audit(current_person(), audit_id, Permission.AUDITS_MANAGE)
    return render_template(
        "sampling/list.html",
        audit=audit,
        form=form,
        found=(),
        looked_into=0,
        at_once=AT_ONCE,
        problems=rows[:SHOWN_PROBLEMS],
        unshown=max(0, len(rows) - SHOWN_PROBLEMS),
        fields=edition_tree(audit.edition_id).content.profile,
        most_mb=most_mb(),
        may_draw=True,
        action=url_for("sampling.bring_in", audit_id=audit_id),
    )
