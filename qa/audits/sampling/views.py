"""Pages of samples: the list, its columns, the draw, what was drawn, a case replaced."""

from collections.abc import Mapping, Sequence
from secrets import token_hex

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from qa.accounts.access import current_person, requires
from qa.accounts.permissions import Permission
from qa.audits.case_files import RowProblem
from qa.audits.csv_rows import UnreadableFile
from qa.audits.forms.plan import ButtonForm
from qa.audits.lifecycle import OPEN_TO_CASES
from qa.audits.queries import get_audit
from qa.audits.sampling import commands
from qa.audits.sampling.allocation import Allocation
from qa.audits.sampling.columns import Guess, guesses, looked_at
from qa.audits.sampling.designing import (
    MOST_CASES,
    NOT_DIVIDED,
    USUAL_RESERVE,
    USUAL_SIZE,
    Counted,
    Outlook,
    fingerprint,
    outlook,
    problems,
)
from qa.audits.sampling.forms import (
    ColumnChoice,
    ColumnsForm,
    DrawForm,
    ListForm,
    ReplaceForm,
    choices,
    plan_of,
    sent_uses,
    uses_offered,
)
from qa.audits.sampling.guarding import Refusal
from qa.audits.sampling.queries import (
    WAITS_DAYS,
    ListPage,
    counted,
    list_as_it_came,
    listed_sample,
    replacing,
    sample_page,
)
from qa.audits.sampling.reading import MOST_MB, PopulationFile, read_population
from qa.audits.sampling.vocabulary import Reason
from qa.audits.sampling.wording import WEIGHTED, margin_sentence, method_sentences, points, warning_sentence
from qa.config import Settings
from qa.db import today
from qa.frameworks.content import ProfileField
from qa.frameworks.reading import edition_tree
from qa.identifiers.asking import choices_in
from qa.problems import NotFound, Refused, Stale, refused
from qa.web.errors import conflict_page
from qa.web.forms import clean

blueprint = Blueprint("sampling", __name__, template_folder="templates")
blueprint.add_app_template_filter(method_sentences, "method_sentences")
blueprint.add_app_template_filter(points, "points")

SHOWN_PROBLEMS = 200
IDENTIFYING = "The list could identify somebody. Nothing of it was kept: see what to take out"
IDENTIFYING_REFERENCES = "References could identify somebody, so the list was deleted: see what to put right"


@blueprint.get("/audits/<int:audit_id>/sample")
@requires(Permission.AUDITS_MANAGE)
def show(audit_id: int) -> str:
    """The samples of an audit: a list that waits, what was drawn and how, cases replaced."""
    commands.delete_overdue()
    page = sample_page(current_person(), audit_id)
    return render_template(
        "sampling/show.html",
        page=page,
        audit=page.audit,
        self_assessment=edition_tree(page.audit.edition_id).self_assessment,
        may_draw=page.audit.stage in OPEN_TO_CASES,
        waits_days=WAITS_DAYS,
    )


def _most_mb() -> int:
    settings: Settings = current_app.extensions["settings"]
    return min(MOST_MB, settings.upload_limit_mb)


@blueprint.route("/audits/<int:audit_id>/sample/list", methods=["GET", "POST"])
@requires(Permission.AUDITS_MANAGE)
def bring_in(audit_id: int) -> str | Response:
    """Choose a population list; one that could identify anybody is refused, and nothing of it is kept."""
    person, form = current_person(), ListForm()
    audit = get_audit(person, audit_id, Permission.AUDITS_MANAGE)
    tree = edition_tree(audit.edition_id)
    if tree.self_assessment:
        raise NotFound
    found: Sequence[Refusal] = ()
    if form.validate_on_submit():
        try:
            file = _read(form)
            sample_id = commands.bring_in(person, audit_id, file)
            return redirect(url_for("sampling.columns", audit_id=audit_id, sample_id=sample_id))
        except commands.Identifying as identifying:
            found = identifying.found
            form.refuse(refused(IDENTIFYING, "file"))
        except Refused as refusal:
            form.refuse(refusal)
    return render_template(
        "sampling/list.html",
        audit=audit,
        form=form,
        found=found,
        fields=tree.content.profile,
        most_mb=_most_mb(),
        may_draw=audit.stage in OPEN_TO_CASES,
    )


def _read(form: ListForm) -> PopulationFile:
    """The list that was sent. Raises Refused when it cannot be read as one."""
    most = _most_mb()
    content: bytes = form.file.data.stream.read(most * 1024 * 1024 + 1)
    try:
        return read_population(content, most)
    except UnreadableFile as reason:
        raise refused(str(reason), "file") from reason


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
        problems=rows[:SHOWN_PROBLEMS],
        unshown=max(0, len(rows) - SHOWN_PROBLEMS),
        fields=edition_tree(audit.edition_id).content.profile,
        most_mb=_most_mb(),
        may_draw=True,
        action=url_for("sampling.bring_in", audit_id=audit_id),
    )


@blueprint.route("/audits/<int:audit_id>/sample/<int:sample_id>/draw", methods=["GET", "POST"])
@requires(Permission.AUDITS_MANAGE)
def draw(audit_id: int, sample_id: int) -> str | Response:
    """Choose how many cases and from which strata, see what that comes to, and draw."""
    person, form = current_person(), DrawForm()
    waiting = listed_sample(person, audit_id, sample_id)
    numbers = counted(waiting.sample)
    if not numbers.population:
        return redirect(url_for("sampling.columns", audit_id=audit_id, sample_id=sample_id))
    form.offer(numbers)
    if request.method == "GET":
        _fill(form, waiting, numbers)
    elif form.validate_on_submit() and "draw" in request.form:
        try:
            shown = request.form.get("shown", "")
            made = commands.draw_sample(person, audit_id, sample_id, form.version_number, form.design, shown)
        except Stale as stale:
            return conflict_page(form, stale, url_for("sampling.show", audit_id=audit_id), "the list")
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash("1 case is drawn." if made == 1 else f"{made:,} cases are drawn.")
            return redirect(url_for("sampling.show", audit_id=audit_id))
    elif not form.errors and (wrong := problems(form.design, numbers, today())):
        form.refuse(Refused(wrong))
    return _draw_page(form, waiting, numbers)


def _fill(form: DrawForm, waiting: ListPage, numbers: Counted) -> None:
    form.size.data = str(min(USUAL_SIZE, numbers.population))
    form.column.data, form.allocation.data = str(NOT_DIVIDED), Allocation.PROPORTIONAL.value
    form.reserve.data, form.seed.data = str(USUAL_RESERVE), token_hex(4)
    form.version.data = str(waiting.sample.version)


def _draw_page(form: DrawForm, waiting: ListPage, numbers: Counted) -> str:
    seen, shown = _seen(form, numbers)
    return render_template(
        "sampling/draw.html",
        form=form,
        audit=waiting.audit,
        sample=waiting.sample,
        numbers=numbers,
        seen=seen,
        shown=shown,
        divided=bool(seen and form.design.column != NOT_DIVIDED),
        said=_said(seen, form) if seen else (),
        most=min(numbers.population, MOST_CASES),
    )


def _seen(form: DrawForm, numbers: Counted) -> tuple[Outlook | None, str]:
    """What the design comes to and its fingerprint; nothing while there is a mistake in what decides it."""
    if any(form[name].errors for name in ("size", "column", "allocation")):
        return None, ""
    try:
        return outlook(form.design, numbers), fingerprint(form.design, numbers)
    except (ValueError, TypeError):  # what is no number has its message beside it already
        return None, ""


def _said(seen: Outlook, form: DrawForm) -> tuple[str, ...]:
    sampled = sum(line.population for line in seen.lines if line.size)
    equal = form.design.allocation is Allocation.EQUAL and form.design.column != NOT_DIVIDED
    return (
        margin_sentence(seen.margin, sampled, seen.size, in_part=sampled < seen.population),
        WEIGHTED if equal else "",
        warning_sentence(seen.margin, seen.size),
    )


@blueprint.route("/audits/<int:audit_id>/sample/<int:sample_id>/<what>/delete", methods=["GET", "POST"])
@requires(Permission.AUDITS_MANAGE)
def delete(audit_id: int, sample_id: int, what: str) -> str | Response:
    """Ask whether to delete a list, a reserve or a whole draw; then do it."""
    if what not in DELETES:
        raise NotFound
    person, form = current_person(), ButtonForm()
    back = url_for("sampling.show", audit_id=audit_id)
    if form.validate_on_submit():
        try:
            DELETES[what](person, audit_id, sample_id, form.version_number)
        except Stale as stale:
            return conflict_page(form, stale, back, "the sample")
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash(DELETED[what])
            return redirect(back)
    page = sample_page(person, audit_id)
    waiting = page.waiting if page.waiting and page.waiting.id == sample_id and what == "list" else None
    sample = next((one for one in page.drawn if one.id == sample_id), None)
    found = waiting or sample
    if found is None:
        raise NotFound
    if request.method == "GET":
        form.version.data = str(found.version)
    return render_template(
        "sampling/delete.html", form=form, audit=page.audit, what=what, waiting=waiting, sample=sample
    )


DELETES = {
    "list": commands.delete_list,
    "reserve": commands.delete_reserve,
    "draw": commands.undo_draw,
}
DELETED = {
    "list": "The list is deleted.",
    "reserve": "The reserve is deleted.",
    "draw": "The draw is undone and its cases are removed.",
}


@blueprint.route("/audits/<int:audit_id>/cases/<int:case_id>/replace", methods=["GET", "POST"])
@requires(Permission.AUDITS_MANAGE)
def replace(audit_id: int, case_id: int) -> str | Response:
    """Replace a drawn case by the next in line of its stratum, saying why."""
    person, form = current_person(), ReplaceForm()
    if form.validate_on_submit():
        try:
            reason, note = Reason(form.reason.data), form.note.data or ""
            version, choices = form.version_number, choices_in(request.form)
            made = commands.replace_case(person, audit_id, case_id, version, reason, note, choices)
        except Stale as stale:
            back = url_for("sampling.replace", audit_id=audit_id, case_id=case_id)
            return conflict_page(form, stale, back, "the sample")
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash(f"Case {made.instead_of} is replaced by case {made.reference}.")
            return redirect(url_for("audits.case", audit_id=audit_id, case_id=made.case_id))
    audit = get_audit(person, audit_id, Permission.AUDITS_MANAGE)
    unit = replacing(person, audit_id, case_id)
    if request.method == "GET":
        form.version.data = str(unit.version)
    return render_template(
        "sampling/replace.html", form=form, audit=audit, unit=unit, may_replace=audit.stage in OPEN_TO_CASES
    )
