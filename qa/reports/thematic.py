"""The thematic report of an audit as a ReportDocument: what was asked, found, and asked for."""

from collections.abc import Sequence
from typing import NamedTuple

from qa.accounts.permissions import CurrentPerson, Permission
from qa.analysis import voices
from qa.analysis.figures import AuditFigures
from qa.analysis.presenting import agency_blocks, agreed_blocks, returns_blocks, section_blocks, theme_blocks
from qa.analysis.queries import audit_figures
from qa.analysis.timescale_charts import timescale_blocks
from qa.analysis.timescale_counts import timescales_of
from qa.analysis.timescales import TimescaleFigures
from qa.analysis.wording import CASE, figure, unit_of
from qa.audits.lifecycle import Stage
from qa.audits.models import Audit
from qa.audits.sampling.records import Method
from qa.db import today
from qa.feedback.records import Quotes, ViewsFigures
from qa.frameworks.content import FrameworkContent
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
from qa.reports.queries import desk_of, findings_by_section, sample_and_views
from qa.reports.recommendations import recommendation_blocks
from qa.reports.records import Desk, Findings, Sample, Words
from qa.reports.sampled import sampled_blocks
from qa.reports.terms import terms_blocks
from qa.returns.vocabulary import FindingKind as Kind

ILLUSTRATIVE = (
    "Demonstration: grades are illustrative, made from a fixed seed, and say nothing of any agency."
)
SHOWN_AS = {Kind.STRENGTH: FindingKind.STRENGTH, Kind.AREA_FOR_IMPROVEMENT: FindingKind.IMPROVEMENT}


class ThematicReport(NamedTuple):
    """The document, with what the pages around it need."""

    audit_id: int
    area_id: int
    stage: Stage
    desk: Desk
    document: ReportDocument


class _Parts(NamedTuple):
    """Everything the report is made of, read once."""

    audit: Audit
    content: FrameworkContent
    edition: int
    figures: AuditFigures
    words: Words
    findings: Findings
    sample: Sample
    recommendations: Sequence[ReportedRecommendation]
    methods: Sequence[Method]
    timescales: Sequence[TimescaleFigures]
    views: tuple[ViewsFigures, Quotes]


def thematic_report(person: CurrentPerson, audit_id: int, *, issued: bool = False) -> ThematicReport:
    """The thematic report of an audit as it stands, in eight statements once the edition is in memory, nine
    where it has timescales.

    issued: whether this is the version being issued, with the next number; otherwise a draft of it.
    Raises NotFound when the audit is out of reach for writing reports.
    """
    audit, tree, figures = audit_figures(person, audit_id, Permission.REPORTS_WRITE)
    desk = desk_of(audit_id)
    sample, views = sample_and_views(audit_id, tree, figures.cases)
    parts = _Parts(
        audit,
        tree.content,
        tree.number,
        figures,
        desk.words,
        findings_by_section(audit_id, tree),
        sample,
        recommendations_of(person, audit_id),
        desk.methods,
        timescales_of(audit_id, tree),
        views,
    )
    document = ReportDocument(
        title=audit.title,
        subtitle=wording.subtitle(tree.content),
        organisation=f"{audit.area.name} Safeguarding Children Partnership",
        reference=audit.reference,
        protective_marking=desk.words.protective_marking,
        date=today(),
        version=f"Version {desk.last + 1}",
        status="Issued" if issued else "Draft",
        period=wording.period(audit.period_start, audit.period_end),
        illustrative_note=ILLUSTRATIVE if audit.illustrative else None,
        blocks=tuple(_blocks(parts)),
    )
    return ThematicReport(audit_id, audit.area_id, audit.stage, desk, document)


def _blocks(parts: _Parts) -> list[Block]:
    # Parts follow each other without a new page each: one that ends early would leave its last page empty.
    blocks = [
        *_summary(parts),
        *_method(parts),
        *_grades(parts),
        *_timescales(parts),
        *_practice(parts),
        *_voices(parts),
        *_themes(parts),
        *recommendation_blocks(parts.recommendations),
    ]
    return [*blocks, *terms_blocks(parts.content, blocks)]


def _summary(parts: _Parts) -> list[Block]:
    written = wording.paragraphs(parts.words.executive_summary)
    blocks: list[Block] = [Heading(1, "Executive summary"), *(Paragraph(text) for text in written)]
    if not written:
        audited = wording.period(parts.audit.period_start, parts.audit.period_end)
        text = wording.unwritten_summary(parts.content, parts.figures, audited)
        blocks.append(Paragraph(text, lead=True))
    return [*blocks, KeyFacts(_key_facts(parts)), PageBreak()]


def _key_facts(parts: _Parts) -> tuple[Fact, ...]:
    figures = parts.figures
    found = (
        wording.findings(Kind.STRENGTH, figures.strengths),
        wording.findings(Kind.AREA_FOR_IMPROVEMENT, figures.areas_for_improvement),
    )
    return (
        Fact(unit_of(parts.content).heading, figure(figures.cases)),
        Fact("Returns in", f"{figure(figures.complete)} of {figure(figures.returns)}"),
        Fact("Agreed at or above the standard", wording.agreed_share(parts.content, figures)),
        Fact("Findings", ", ".join(found)),
        Fact("Recommendations", wording.recommendation_states(parts.recommendations)),
    )


def _method(parts: _Parts) -> list[Block]:
    audit, content, figures = parts.audit, parts.content, parts.figures
    blocks: list[Block] = [Heading(1, "Method and sample")]
    blocks.append(Paragraph(wording.method(content, parts.edition, figures)))
    blocks += [Paragraph(text) for text in wording.paragraphs(parts.words.method_note)]
    blocks += sampled_blocks(parts.methods)
    if audit.terms_of_reference:
        blocks.append(Heading(2, "Terms of reference"))
        blocks += [Paragraph(text) for text in wording.paragraphs(audit.terms_of_reference)]
    lines = wording.lines(audit.key_lines_of_enquiry)
    if lines:
        blocks += [Heading(2, "Key lines of enquiry"), BulletList(lines)]
    if parts.words.counts_concerns:
        blocks += [Heading(2, "Immediate concerns"), Paragraph(wording.concerns(figures))]
    if parts.sample:
        blocks.append(Heading(2, "The sample"))
        blocks += [
            wording.sample_table(content.profile_field(key), counts, unit_of(content), figures.cases)
            for key, counts in parts.sample.items()
        ]
    return [*blocks, Heading(2, "Returns in and out"), *returns_blocks(figures)]


def _grades(parts: _Parts) -> list[Block]:
    blocks: list[Block] = [Heading(1, "Grades")]
    if parts.audit.illustrative:
        blocks.append(Callout(ILLUSTRATIVE, "Illustrative grades"))
    content, figures = parts.content, parts.figures
    blocks.append(Paragraph(wording.grades_rule(content)))
    blocks += [Heading(2, "Agreed by the panel"), *agreed_blocks(content, figures)]
    blocks += [Heading(2, "By section"), *section_blocks(content, figures)]
    return [*blocks, Heading(2, "By agency"), *agency_blocks(content, figures)]


def _timescales(parts: _Parts) -> list[Block]:
    if not parts.timescales:
        return []
    return [Heading(1, "Timescales"), *timescale_blocks(parts.timescales)]


def _practice(parts: _Parts) -> list[Block]:
    blocks: list[Block] = [Heading(1, "Practice, section by section")]
    for section in parts.content.sections:
        blocks.append(Heading(2, section.title))
        graded = wording.section_grades(parts.content, parts.figures, section)
        if graded:
            blocks.append(Paragraph(graded))
        blocks += _finding_lists(parts, section.key)
    if any(key is None for key, _ in parts.findings):
        blocks += [Heading(2, "Across all sections"), *_finding_lists(parts, None)]
    return blocks


def _finding_lists(parts: _Parts, section: str | None) -> list[Block]:
    unit = unit_of(parts.content)
    blocks: list[Block] = []
    for kind, shown_as in SHOWN_AS.items():
        found = parts.findings.get((section, kind))
        if found is None:
            blocks.append(FindingList(shown_as, ()))
            continue
        items = tuple(FindingItem(text, number, unit=(unit.one, unit.many)) for text, number in found.shown)
        blocks.append(FindingList(shown_as, items))
        if found.findings > 1:
            blocks.append(Paragraph(wording.finding_counts(found, kind, unit)))
    return blocks


def _voices(parts: _Parts) -> list[Block]:
    """What children, families and practitioners said; a self-assessment is of no child."""
    if unit_of(parts.content) is not CASE:
        return []
    return [Heading(1, voices.HEADING), *voices.voice_blocks(*parts.views)]


def _themes(parts: _Parts) -> list[Block]:
    return [
        Heading(1, "Themes"),
        Paragraph(
            "Findings are coded to themes, so that what recurs across sections and agencies can be seen."
        ),
        *theme_blocks(parts.content, parts.figures),
    ]
