"""An audit's figures as blocks that the analysis page and every report share. Pure.

Where there is nothing to count yet a sentence says so, in the place of empty bars.
"""

from collections.abc import Sequence

from qa.analysis.charts import (
    agency_charts,
    agreed_chart,
    compared_table,
    returns_chart,
    section_charts,
    themes_chart,
    themes_in_words,
)
from qa.analysis.figures import AuditFigures
from qa.analysis.wording import unit_of
from qa.frameworks.content import FrameworkContent
from qa.publishing.document import Block, Paragraph

NOTHING_SUBMITTED = "No agency has graded a section in a submitted return yet."


def returns_blocks(figures: AuditFigures) -> list[Block]:
    """Returns in and out by agency."""
    if not figures.returns:
        return [Paragraph("No return is allocated to an agency yet.")]
    return [returns_chart(figures)]


def agreed_blocks(content: FrameworkContent, figures: AuditFigures) -> list[Block]:
    """The panel's grades, and the agencies' own beside them."""
    if not any(grades.total() for grades in figures.agreed.values()):
        return [Paragraph("The panel has not agreed any grade yet.")]
    return [compared_table(content, figures), agreed_chart(content, figures)]


def section_blocks(content: FrameworkContent, figures: AuditFigures) -> list[Block]:
    """The agencies' own grades by section."""
    return [*section_charts(content, figures)] if figures.given else [Paragraph(NOTHING_SUBMITTED)]


def agency_blocks(content: FrameworkContent, figures: AuditFigures) -> list[Block]:
    """The agencies' own grades by agency."""
    return [*agency_charts(content, figures)] if figures.given else [Paragraph(NOTHING_SUBMITTED)]


def theme_blocks(content: FrameworkContent, figures: AuditFigures, links: Sequence[str] = ()) -> list[Block]:
    """Themes by the number of cases. links: an address for each theme, or none at all."""
    if not figures.themes:
        return [Paragraph(themes_in_words(unit_of(content), figures))]
    return [themes_chart(content, figures, links)]
