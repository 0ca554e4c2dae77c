"""How the cases of an audit were sampled, as blocks of its report: written from the record of the draw."""

from collections.abc import Sequence

from qa.analysis.wording import figure
from qa.audits.sampling.designing import Line
from qa.audits.sampling.records import Method
from qa.audits.sampling.wording import method_sentences, points
from qa.publishing.document import Block, Column, Heading, Paragraph, Table, TableRow

COLUMNS = (
    Column("Stratum", width=4),
    Column("Cases in the list", "right", width=1),
    Column("Share", "right", width=1),
    Column("Cases audited", "right", width=1),
    Column("Margin of error", "right", width=2),
)


def sampled_blocks(methods: Sequence[Method]) -> list[Block]:
    """A paragraph for each sample, and a table of the strata where it has any; nothing without a sample."""
    if not methods:
        return []
    blocks: list[Block] = [Heading(2, "How the cases were chosen")]
    for number, method in enumerate(methods, start=1):
        blocks.append(Paragraph(" ".join(method_sentences(method))))
        if method.stratified_by:
            which = f", sample {number}" if len(methods) > 1 else ""
            rows = tuple(_row(line) for line in method.strata)
            blocks.append(Table(f"Strata by {method.stratified_by}{which}", COLUMNS, rows))
    return blocks


def _row(line: Line) -> TableRow:
    return TableRow(
        (line.label, figure(line.population), f"{line.share}%", figure(line.size), _margin(line.margin))
    )


def _margin(margin: float | None) -> str:
    if margin is None:
        return "–"
    return f"± {points(margin)}" if margin else "none: all audited"
