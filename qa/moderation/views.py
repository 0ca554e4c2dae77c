"""Pages of the panel."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from qa.accounts.access import current_person, requires
from qa.accounts.permissions import Permission
from qa.identifiers.asking import choices_in
from qa.moderation import commands, finding_commands
from qa.moderation.agenda import Agenda, agenda, ready_to_open
from qa.moderation.blueprint import blueprint
from qa.moderation.divergence import in_words
from qa.moderation.forms import WHOLE_CASE, AgreedGradeForm, ButtonForm, PanelFindingForm
from qa.moderation.queries import PanelCase, moderated_edition, panel_case, panel_finding, panel_head
from qa.moderation.showing import Order, Show
from qa.problems import NotFound, Refused, Stale
from qa.returns.vocabulary import FindingKind
from qa.trail.recording import record_reading
from qa.web.errors import conflict_page
from qa.web.paging import page_number

blueprint.add_app_template_filter(in_words, "apart")

OVERALL = "overall"
APART = "apart"


def _show() -> Show:
    asked = request.args.get("show", "")
    return Show(asked) if asked in set(Show) else Show.ALL


def _order() -> Order:
    asked = request.args.get("order", "")
    return Order(asked) if asked in set(Order) else Order.DIVERGENCE


@blueprint.get("/audits/<int:audit_id>/panel", endpoint="agenda")
@requires(Permission.PANEL_READ)
def agenda_page(audit_id: int) -> str:
    """The audit's cases for the panel."""
    return _agenda(audit_id, ButtonForm())


def _agenda(audit_id: int, form: ButtonForm) -> str:
    found = agenda(current_person(), audit_id, _show(), _order(), page_number())
    return render_template(
        "moderation/agenda.html",
        agenda=found,
        audit=found.audit,
        show=_show(),
        order=_order(),
        shows=_offered(found),
        orders=[] if found.self_assessment else list(Order),
        form=form,
    )


def _offered(found: Agenda) -> list[Show]:
    """The filters that can make a difference to this person's agenda of this audit."""
    hidden = {Show.DIVERGENT} if found.self_assessment else set()
    if not found.moderates:
        hidden.add(Show.NOT_OPENED)
    return [show for show in Show if show not in hidden]


@blueprint.get("/audits/<int:audit_id>/panel/open")
@requires(Permission.AUDITS_MODERATE)
def opening(audit_id: int) -> str:
    """Ask whether to open every complete case at once, saying what that does."""
    found = ready_to_open(current_person(), audit_id)
    return render_template("moderation/opening.html", ready=found, audit=found.audit)


@blueprint.post("/audits/<int:audit_id>/panel")
@requires(Permission.AUDITS_MODERATE)
def open_complete(audit_id: int) -> str | Response:
    """Open every complete case at once."""
    form = ButtonForm()
    one = "self-assessment" if ready_to_open(current_person(), audit_id).self_assessment else "case"
    try:
        count = commands.open_complete_cases(current_person(), audit_id)
    except Refused as refusal:
        form.refuse(refusal)
        return _agenda(audit_id, form)
    words = f"1 {one} is" if count == 1 else f"{count:,} {one}s are"
    flash(f"{words} now open to the panel." if count else f"Every complete {one} was open already.")
    return redirect(url_for("moderation.agenda", audit_id=audit_id))


@blueprint.get("/audits/<int:audit_id>/panel/<int:case_id>")
@requires(Permission.PANEL_READ)
def case(audit_id: int, case_id: int) -> str:
    """A case side by side; for a QA lead the way to open it, while it is not."""
    return _case(audit_id, case_id)


def _case(
    audit_id: int, case_id: int, form: AgreedGradeForm | ButtonForm | None = None, part: str = ""
) -> str:
    person = current_person()
    found = panel_case(person, audit_id, case_id, only_apart=request.args.get("show") == APART)
    if found.board is None:
        return render_template("moderation/open.html", panel=found, form=form or ButtonForm())
    page = _board(found, form, part)
    # Last, since a unit of work makes the rows above forget what they hold.
    record_reading(person.id, "case", case_id, area_id=found.audit.area_id, part="panel")
    return page


def _kept() -> dict[str, Any]:
    """How the page was being looked at: kept from one visit to the next."""
    return {name: request.args[name] for name in ("show", "evidence") if name in request.args}


def _board(found: PanelCase, form: AgreedGradeForm | ButtonForm | None, part: str) -> str:
    return render_template(
        "moderation/case.html",
        panel=found,
        board=found.board,
        form=form,
        part=part,
        edits=found.moderates and found.at_work,
        only_apart=request.args.get("show") == APART,
        evidence_open=request.args.get("evidence") == "open",
        saved=request.args.get("saved", ""),
        kept=_kept(),
    )


@blueprint.post("/audits/<int:audit_id>/panel/<int:case_id>/open")
@requires(Permission.AUDITS_MODERATE)
def open_case(audit_id: int, case_id: int) -> str | Response:
    """Open one case to the panel."""
    try:
        commands.open_case(current_person(), audit_id, case_id)
    except Refused as refusal:
        form = ButtonForm()
        form.refuse(refusal)
        return _case(audit_id, case_id, form)
    flash("It is open to the panel. Agencies with a return on it can now read this page.")
    return redirect(url_for("moderation.case", audit_id=audit_id, case_id=case_id))


@blueprint.post("/audits/<int:audit_id>/panel/<int:case_id>/sections/<key>")
@requires(Permission.AUDITS_MODERATE)
def agree_section(audit_id: int, case_id: int, key: str) -> str | Response:
    """Save the agreed grade of a section."""
    return _agree(audit_id, case_id, key)


@blueprint.post("/audits/<int:audit_id>/panel/<int:case_id>/overall")
@requires(Permission.AUDITS_MODERATE)
def agree_overall(audit_id: int, case_id: int) -> str | Response:
    """Save the agreed grade of the whole case."""
    return _agree(audit_id, case_id, None)


def _agree(audit_id: int, case_id: int, section: str | None) -> str | Response:
    person, form, part = current_person(), AgreedGradeForm(), section or OVERALL
    tree = moderated_edition(person, audit_id)
    form.prepare(tree.judgement_scale, part)
    # A form of another edition is never refused for its choices: it goes on to the page of two versions.
    moved = form.is_submitted() and form.edition_number not in {0, tree.id}
    anchor = f"agreed-{part}"
    page: dict[str, Any] = {"audit_id": audit_id, "case_id": case_id, **_kept()}
    if form.validate_on_submit() or moved:
        typed = form.grade.data or "", form.reason.data or "", form.version_number, form.edition_number
        choices = choices_in(request.form)
        try:
            if section is None:
                commands.agree_overall(person, audit_id, case_id, *typed, choices)
            else:
                commands.agree_section(person, audit_id, case_id, section, *typed, choices)
        except Refused as refusal:
            form.refuse(refusal)
        except Stale as stale:
            what = "the overall agreed grade" if section is None else "this agreed grade"
            return conflict_page(
                form, stale, back=url_for("moderation.case", _anchor=anchor, **page), what=what
            )
        else:
            return redirect(url_for("moderation.case", _anchor=anchor, **page, saved=part))
    return _case(audit_id, case_id, form, part)


@blueprint.route("/audits/<int:audit_id>/panel/<int:case_id>/findings/new", methods=["GET", "POST"])
@requires(Permission.AUDITS_MODERATE)
def add_finding(audit_id: int, case_id: int) -> str | Response:
    """Add a finding of the panel's own. ?section= chooses the section beforehand."""
    panel, form = _finding_form(audit_id, case_id)
    if request.method == "GET":
        form.section.data = request.args.get("section", "")
    elif form.validate_on_submit():
        kind, section, text = _typed_finding(form)
        try:
            finding_commands.add_finding(
                current_person(), audit_id, case_id, kind, section, text, choices_in(request.form)
            )
        except Refused as refusal:
            form.refuse(refusal)
        else:
            return redirect(_back_to(audit_id, case_id, section))
    return render_template("moderation/finding.html", panel=panel, form=form, finding=None)


@blueprint.route(
    "/audits/<int:audit_id>/panel/<int:case_id>/findings/<int:finding_id>", methods=["GET", "POST"]
)
@requires(Permission.AUDITS_MODERATE)
def change_finding(audit_id: int, case_id: int, finding_id: int) -> str | Response:
    """Change a finding of the panel's own."""
    panel, form = _finding_form(audit_id, case_id)
    finding = panel_finding(current_person(), audit_id, case_id, finding_id)
    if request.method == "GET":
        form.kind.data, form.section.data = finding.kind.value, finding.section or ""
        form.text.data, form.version.data = finding.text, str(finding.version)
    elif form.validate_on_submit():
        kind, section, text = _typed_finding(form)
        version, back = form.version_number, _back_to(audit_id, case_id, section)
        try:
            finding_commands.change_finding(
                current_person(),
                audit_id,
                case_id,
                finding_id,
                kind,
                section,
                text,
                version,
                choices_in(request.form),
            )
        except Refused as refusal:
            form.refuse(refusal)
        except Stale as stale:
            return conflict_page(form, stale, back=back, what="this finding")
        else:
            return redirect(back)
    return render_template("moderation/finding.html", panel=panel, form=form, finding=finding)


@blueprint.post("/audits/<int:audit_id>/panel/<int:case_id>/findings/<int:finding_id>/removal")
@requires(Permission.AUDITS_MODERATE)
def remove_finding(audit_id: int, case_id: int, finding_id: int) -> str | Response:
    """Delete a finding of the panel's own."""
    panel, form = _finding_form(audit_id, case_id)
    finding = panel_finding(current_person(), audit_id, case_id, finding_id)
    try:
        finding_commands.remove_finding(current_person(), audit_id, case_id, finding_id, form.version_number)
    except Refused as refusal:
        form.kind.data, form.section.data, form.text.data = finding.kind, finding.section or "", finding.text
        form.refuse(refusal)
        return render_template("moderation/finding.html", panel=panel, form=form, finding=finding)
    return redirect(_back_to(audit_id, case_id, finding.section))


def _finding_form(audit_id: int, case_id: int) -> tuple[PanelCase, PanelFindingForm]:
    panel = panel_head(current_person(), audit_id, case_id)
    if not panel.moderates:
        raise NotFound
    form = PanelFindingForm()
    form.section.choices = [
        ("", "The whole self-assessment") if panel.tree.self_assessment else WHOLE_CASE,
        *((section.key, section.title) for section in panel.tree.content.sections),
    ]
    return panel, form


def _typed_finding(form: PanelFindingForm) -> tuple[FindingKind, str | None, str]:
    return FindingKind(form.kind.data), form.section.data or None, form.text.data or ""


def _back_to(audit_id: int, case_id: int, section: str | None) -> str:
    anchor = f"findings-{section or OVERALL}"
    return url_for("moderation.case", audit_id=audit_id, case_id=case_id, _anchor=anchor, saved=anchor)
