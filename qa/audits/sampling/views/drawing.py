"""The page on which a sample is planned and drawn."""

from secrets import token_hex

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from qa.accounts.access import current_person, requires
from qa.accounts.permissions import Permission
from qa.audits.sampling import commands
from qa.audits.sampling.allocation import Allocation
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
from qa.audits.sampling.forms import DrawForm
from qa.audits.sampling.long_work import AT_ONCE, begin_draw
from qa.audits.sampling.queries import (
    ListPage,
    counted,
    listed_sample,
)
from qa.audits.sampling.views.base import blueprint
from qa.audits.sampling.wording import WEIGHTED, margin_sentence, warning_sentence
from qa.db import today
from qa.problems import Refused, Stale
from qa.web.errors import conflict_page


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
            asked = (person, audit_id, sample_id, form.version_number, form.design, shown)
            if numbers.population > AT_ONCE:
                return redirect(url_for("jobs.show", job_id=begin_draw(*asked)))
            made = commands.draw_sample(*asked)
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
