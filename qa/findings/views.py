"""Pages of findings: the list of an audit, one finding, and the audit's themes."""

from collections.abc import Sequence
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from qa.accounts.access import current_person, requires
from qa.accounts.permissions import Permission
from qa.audits.queries import get_audit
from qa.findings import commands
from qa.findings.blueprint import blueprint
from qa.findings.filters import PANEL, WHOLE_CASE, Filters, Sort
from qa.findings.forms import CodingForm, RecodingForm
from qa.findings.hints import suggested_themes
from qa.findings.queries import FindingsPage, ThemeName, finding_page, findings_page, theme_counts, whole
from qa.frameworks.editions import EditionTree
from qa.problems import Refused
from qa.returns.vocabulary import FindingKind
from qa.trail.recording import record_reading
from qa.web.forms import clean
from qa.web.paging import page_number


def _filters() -> Filters:
    """What the address asks for; what makes no sense is left out."""
    asked = request.args
    kind, agency, theme = asked.get("kind", ""), asked.get("agency", ""), asked.get("theme", "")
    return Filters(
        kind=FindingKind(kind) if kind in set(FindingKind) else None,
        section=asked.get("section", "")[:60],
        agency=agency if agency == PANEL or _is_number(agency) else "",
        theme=int(theme) if _is_number(theme) else None,
        uncoded=asked.get("coded") == "no",
        text=clean(asked.get("q", ""))[:200],
    )


def _sort() -> Sort:
    asked = request.args.get("sort", "")
    return Sort(asked) if asked in set(Sort) else Sort.OLDEST


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10


def _numbers(texts: Sequence[str] | None) -> set[int]:
    return {int(text) for text in texts or () if _is_number(text)}


@blueprint.route("/audits/<int:audit_id>/findings", methods=["GET", "POST"])
@requires(Permission.FINDINGS_READ)
def index(audit_id: int) -> str | Response:
    """Every finding of an audit; coding those that are ticked."""
    person, form = current_person(), CodingForm()
    if request.method == "POST":
        finding_ids, theme_ids = _numbers(form.finding.data), _numbers(form.theme.data)
        removing = request.form.get("do") == "remove"
        command = commands.uncode_findings if removing else commands.code_findings
        try:
            count = command(person, audit_id, finding_ids, theme_ids)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            words = "1 finding" if count == 1 else f"{count:,} findings"
            flash(f"Themes removed from {words}." if removing else f"{words} coded.")
            return redirect(url_for("findings.index", audit_id=audit_id, **_kept()))
    filters = _filters()
    found = findings_page(person, audit_id, filters, _sort(), page_number())
    page = render_template(
        "findings/index.html",
        found=found,
        audit=found.audit,
        filters=filters,
        sort=_sort(),
        options=_options(found),
        form=form,
        ticked=_numbers(form.finding.data),
        chosen=_numbers(form.theme.data),
        suggested=_suggested(found.themes, found.tree, filters.section),
        section_title=dict(_sections(found.tree)).get(filters.section, ""),
        hints=_hints(found),
        kept=_kept(),
    )
    record_reading(person.id, "audit", audit_id, area_id=found.audit.area_id, part="findings")
    return page


def _options(found: FindingsPage) -> dict[str, list[tuple[str, str]]]:
    """What each filter offers: (value, words)."""
    agencies = [(str(agency.id), agency.name) for agency in found.audit.agencies]
    return {
        "kind": [("", "All"), *((kind.value, kind.plural) for kind in FindingKind)],
        "section": [("", "All"), *_sections(found.tree), (WHOLE_CASE, whole(found.tree))],
        "agency": [("", "All"), *agencies, (PANEL, "The panel")],
        "theme": [("", "All"), *((str(theme.id), theme.name) for theme in found.themes)],
        "coded": [("", "All"), ("no", "Without a theme")],
        "sort": [(sort.value, sort.label) for sort in Sort],
    }


def _sections(tree: EditionTree) -> list[tuple[str, str]]:
    return [(section.key, section.title) for section in tree.content.sections]


def _kept() -> dict[str, Any]:
    """The list's filters, to come back to."""
    names = ("kind", "section", "agency", "theme", "coded", "q", "sort", "page")
    return {name: request.args[name] for name in names if request.args.get(name)}


def _suggested(themes: Sequence[ThemeName], tree: EditionTree, section: str | None) -> list[ThemeName]:
    """The themes that a section's questions hint at, the likeliest first."""
    keys = suggested_themes(tree.content, section if section in tree.ids.sections else None)
    by_key = {theme.key: theme for theme in themes}
    return [by_key[key] for key in keys if key in by_key]


def _hints(found: FindingsPage) -> dict[str | None, str]:
    """Numbers of the suggested themes by section, for the page's script."""
    sections = {finding.section for finding in found.page.items}
    return {
        section: " ".join(str(theme.id) for theme in _suggested(found.themes, found.tree, section))
        for section in sections
    }


@blueprint.route("/audits/<int:audit_id>/findings/<int:finding_id>", methods=["GET", "POST"])
@requires(Permission.FINDINGS_READ)
def finding(audit_id: int, finding_id: int) -> str | Response:
    """One finding and its themes."""
    person, form = current_person(), RecodingForm()
    found = finding_page(person, audit_id, finding_id)
    if request.method == "POST":
        following = found.next_uncoded
        try:
            commands.recode_finding(
                person, audit_id, finding_id, _numbers(form.before.data), _numbers(form.theme.data)
            )
        except Refused as refusal:
            form.refuse(refusal)
            found = finding_page(person, audit_id, finding_id)
        else:
            if request.form.get("do") == "next" and following is not None:
                return redirect(url_for("findings.finding", audit_id=audit_id, finding_id=following))
            flash("The finding’s themes are saved.")
            return redirect(url_for("findings.index", audit_id=audit_id, _anchor=f"finding-{finding_id}"))
    page = render_template(
        "findings/finding.html",
        found=found,
        audit=found.audit,
        finding=found.finding,
        form=form,
        chosen=_numbers(form.theme.data) if form.errors else {theme.id for theme in found.finding.themes},
        suggested=_suggested(found.themes, found.tree, found.finding.section),
    )
    record_reading(person.id, "case", found.finding.case_id, area_id=found.audit.area_id, part="finding")
    return page


@blueprint.get("/audits/<int:audit_id>/findings/themes")
@requires(Permission.FINDINGS_READ)
def by_theme(audit_id: int) -> str:
    """An audit's themes with their counts."""
    person = current_person()
    audit = get_audit(person, audit_id, Permission.FINDINGS_READ)
    return render_template("findings/by_theme.html", audit=audit, counts=theme_counts(person, audit_id))
