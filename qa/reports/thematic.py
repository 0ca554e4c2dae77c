"""The thematic report of an audit as a ReportDocument: what was asked, found, and asked for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from qa.accounts.permissions import CurrentPerson, Permission
from qa.analysis.figures import AuditFigures
from qa.analysis.presenting import agency_charts, agreed_chart, returns_chart, section_charts, themes_chart
from qa.analysis.queries import audit_figures
from qa.audits.models import Audit
from qa.db import today
from qa.frameworks.editions import EditionTree
from qa.publishing.document import (
    Block,
    BulletList,
    Callout,
    Fact,
    FindingItem,
    FindingKind,
    FindingList,
    Heading,
    KeyFacts,
    PageBreak,
    Paragraph,
    ReportDocument,
)
from qa.recommendations.queries import recommendations_of
from qa.recommendations.records import ReportedRecommendation
from qa.reports import wording
from qa.reports.models import ReportDraft
from qa.reports.queries import (
    SectionFindings,
    draft_of,
    findings_by_section,
    last_number,
    profile_counts,
)
from qa.reports.recommendations import recommendation_blocks
from qa.reports.terms import terms_blocks
from qa.returns.models import FindingKind as Kind

KIND = "thematic"
ILLUSTRATIVE = (
    "Demonstration: grades are illustrative, made from a fixed seed, and say nothing of any agency."
)


@dataclass(frozen=True, slots=True)
class ThematicReport:
    """The document, with what the pages around it need."""

    audit: Audit
    figures: AuditFigures
    draft: ReportDraft | None
    document: ReportDocument


@dataclass(frozen=True, slots=True)
class _Parts:
    """Everything the report is made of, read once."""

    audit: Audit
    tree: EditionTree
    figures: AuditFigures
    draft: ReportDraft | None
    findings: Mapping[tuple[str | None, Kind], SectionFindings]
    sample: Mapping[str, Mapping[str, int]]
    recommendations: Sequence[ReportedRecommendation]


def thematic_report(
    person: CurrentPerson, audit_id: int, *, issued: bool = False, on: date | None = None
) -> ThematicReport:
    """The thematic report of an audit as it stands, in a fixed number of statements.

    issued: whether this is the version being issued, with the next number; otherwise a draft of it.
    Raises NotFound when the audit is out of reach for writing reports.
    """
    audit, tree, figures = audit_figures(person, audit_id, Permission.REPORTS_WRITE)
    parts = _Parts(
        audit,
        tree,
        figures,
        draft_of(audit_id),
        findings_by_section(audit_id, tree),
        profile_counts(audit_id, tree),
        recommendations_of(person, audit_id),
    )
    number = last_number(audit_id, KIND) + 1
    document = ReportDocument(
        title=audit.title,
        subtitle="Self-assessment" if tree.self_assessment else "Multi-agency thematic audit",
        organisation=f"{audit.area.name} Safeguarding Children Partnership",
        reference=audit.reference,
        protective_marking=parts.draft.protective_marking if parts.draft else "OFFICIAL-SENSITIVE",
        date=on or today(),
        version=f"Version {number}",
        status="Issued" if issued else "Draft",
        period=wording.period(audit.period_start, audit.period_end),
        illustrative_note=ILLUSTRATIVE if audit.illustrative else None,
        blocks=tuple(_blocks(parts)),
    )
    return ThematicReport(audit, figures, parts.draft, document)


def _blocks(parts: _Parts) -> list[Block]:
    return [
        *_summary(parts),
        *_method(parts),
        *_grades(parts),
        *_practice(parts),
        *_themes(parts),
        *recommendation_blocks(parts.recommendations),
        *terms_blocks(parts.tree.content),
    ]


def _summary(parts: _Parts) -> list[Block]:
    written = parts.draft.executive_summary if parts.draft else ""
    blocks: list[Block] = [Heading(1, "Executive summary")]
    blocks += [Paragraph(text) for text in wording.paragraphs(written)]
    if not written:
        blocks.append(Paragraph(wording.unwritten_summary(parts.audit, parts.tree, parts.figures), lead=True))
    blocks.append(KeyFacts(_key_facts(parts)))
    return blocks


def _key_facts(parts: _Parts) -> tuple[Fact, ...]:
    figures, tree = parts.figures, parts.tree
    facts = [
        Fact("Agencies" if tree.self_assessment else "Cases", f"{figures.cases:,}"),
        Fact("Returns in", f"{figures.complete:,} of {figures.returns:,}"),
        Fact("Agreed at or above the standard", wording.agreed_share(tree, figures)),
        Fact(
            "Findings",
            f"{wording.count(figures.strengths, 'strength')}, "
            f"{wording.areas_for_improvement(figures.areas_for_improvement)}",
        ),
        Fact("Recommendations", wording.recommendation_states(parts.recommendations)),
    ]
    return tuple(facts)


def _method(parts: _Parts) -> list[Block]:
    audit, tree, figures = parts.audit, parts.tree, parts.figures
    blocks: list[Block] = [PageBreak(), Heading(1, "Method and sample")]
    blocks.append(Paragraph(wording.method(tree, figures)))
    blocks += [Paragraph(text) for text in wording.paragraphs(parts.draft.method_note if parts.draft else "")]
    if audit.terms_of_reference:
        blocks.append(Heading(2, "Terms of reference"))
        blocks += [Paragraph(text) for text in wording.paragraphs(audit.terms_of_reference)]
    lines = wording.lines(audit.key_lines_of_enquiry)
    if lines:
        blocks += [Heading(2, "Key lines of enquiry"), BulletList(lines)]
    blocks += [Heading(2, "Immediate concerns"), Paragraph(wording.concerns(figures))]
    if parts.sample:
        blocks.append(Heading(2, "The sample"))
        blocks += [
            wording.sample_table(tree.content.profile_field(key), counts, figures.cases)
            for key, counts in parts.sample.items()
        ]
    blocks += [Heading(2, "Returns"), returns_chart(figures)]
    return blocks


def _grades(parts: _Parts) -> list[Block]:
    blocks: list[Block] = [PageBreak(), Heading(1, "Grades")]
    if parts.audit.illustrative:
        blocks.append(Callout(ILLUSTRATIVE, "Illustrative grades"))
    blocks.append(Paragraph(wording.grades_rule(parts.tree)))
    content = parts.tree.content
    blocks += [Heading(2, "Agreed by the panel"), agreed_chart(content, parts.figures)]
    blocks += [Heading(2, "By section, as agencies gave them"), *section_charts(content, parts.figures)]
    blocks += [Heading(2, "By agency"), *agency_charts(content, parts.figures)]
    return blocks


def _practice(parts: _Parts) -> list[Block]:
    blocks: list[Block] = [PageBreak(), Heading(1, "Practice, section by section")]
    whole = parts.figures.cases
    for section in parts.tree.content.sections:
        blocks.append(Heading(2, section.title))
        agreed = wording.agreed_in_section(parts.tree, parts.figures, section.key)
        if agreed:
            blocks.append(Paragraph(agreed))
        blocks += _finding_lists(parts.findings, section.key, whole)
    if any(key is None for key, _ in parts.findings):
        blocks += [Heading(2, "Across the whole case"), *_finding_lists(parts.findings, None, whole)]
    return blocks


def _finding_lists(
    findings: Mapping[tuple[str | None, Kind], SectionFindings], section: str | None, cases: int
) -> list[Block]:
    blocks: list[Block] = []
    for kind, shown_as in (
        (Kind.STRENGTH, FindingKind.STRENGTH),
        (Kind.AREA_FOR_IMPROVEMENT, FindingKind.IMPROVEMENT),
    ):
        found = findings.get((section, kind))
        if found is None:
            blocks.append(FindingList(shown_as, ()))
            continue
        blocks.append(FindingList(shown_as, tuple(FindingItem(text, number) for text, number in found.shown)))
        blocks.append(Paragraph(wording.finding_counts(found, kind, cases)))
    return blocks


def _themes(parts: _Parts) -> list[Block]:
    return [
        PageBreak(),
        Heading(1, "Themes"),
        Paragraph(
            "Findings are coded to themes, so that what recurs across sections and agencies can be seen."
        ),
        themes_chart(parts.figures),
    ]
