"""Scores as tables and charts, and the rule they are worked out by, in words. Pure."""

from collections.abc import Callable, Sequence
from fractions import Fraction

from qa.analysis.charts import AT_STANDARD, GradeRow, caption, described, grades_chart
from qa.analysis.scores import AuditScores, SectionScore
from qa.analysis.wording import count, figure, per_cent
from qa.frameworks.content import FrameworkContent, Scale
from qa.frameworks.scoring import Score
from qa.publishing.document import Block, BulletList, Heading, Paragraph
from qa.publishing.figures import Cell, Chart, ChartKind, Column, Series, Table, TableRow

NOTHING_ANSWERED = (
    "No question with grades, or with yes, partly or no, is answered in a submitted return yet."
)
WEIGHTED = "Weighted score"
HOW = "How scores are worked out"
COUNTED = (
    "Counted: every grade, and every yes, partly or no, in submitted returns. The grades that agencies give "
    "to whole sections are among them; those agreed by the panel are not."
)
LEFT_OUT = (
    "In no denominator: “Not applicable”, questions without an answer, and questions that were not asked of "
    "an agency or on a case."
)
STANDARD = (
    "At or above the standard: the share of the counted answers whose grade meets the standard; of yes, "
    "partly and no, only yes does. Each answer counts once, whatever its weight."
)
WHOLE = (
    "The weighted score of the whole is the average of the sections’ scores. A section with a weight of 2 "
    "counts twice; how many answers a section has makes no difference."
)
DASH = "A dash stands where there is nothing to count."

Link = Callable[[str], str]
"""The address of a section's own scores, by its key."""


def score_blocks(content: FrameworkContent, scores: AuditScores, link: Link) -> list[Block]:
    """Every section and the whole: the table of scores, its picture, and the distribution on each scale."""
    if not scores.whole.answers:
        return [Paragraph(NOTHING_ANSWERED), *how_blocks(content)]
    blocks: list[Block] = [Heading(2, "Scores by section"), _sections_table(scores, link)]
    blocks += [_sections_chart(scores, link), Heading(2, "Answers by section")]
    scales = {id(scale): scale for section in scores.sections for scale in section.scales}
    for scale in scales.values():
        rows = [(one.section.title, one.grades(scale)) for one in scores.sections if one.on(scale)]
        blocks.append(_spread(f"Answers by section: {scale.name}", scale, rows, "Section"))
    return [*blocks, *how_blocks(content)]


def section_blocks(content: FrameworkContent, section: SectionScore) -> list[Block]:
    """One section, question by question, each with its wording."""
    if not section.score.answers:
        return [Paragraph(NOTHING_ANSWERED), *how_blocks(content)]
    blocks: list[Block] = [Heading(2, "Scores by question"), _questions_table(section)]
    blocks.append(Heading(2, "Answers by question"))
    for scale in section.scales:
        rows = [(one.question.text, one.grades) for one in section.on(scale)]
        blocks.append(_spread(f"Answers by question: {scale.name}", scale, rows, "Question"))
    return [*blocks, *how_blocks(content)]


def how_blocks(content: FrameworkContent) -> list[Block]:
    """The rule in plain words: what is in the denominator, and what weights do."""
    grades = content.scale(content.judgement_scale).grades
    weighted = (
        f"Weighted score: an average in which {grades[-1].label} is 0% and {grades[0].label} is 100%, and "
        "every grade between has its place by its score. Other scales go from 0% to 100% in the same way: "
        "no is 0%, partly 50%, yes 100%. A question with a weight of 2 counts twice."
    )
    return [Heading(2, HOW), BulletList((COUNTED, LEFT_OUT, STANDARD, weighted, WHOLE, DASH))]


def _sections_table(scores: AuditScores, link: Link) -> Table:
    rows = [
        _row(Cell(one.section.title, link(one.section.key)), figure(one.section.weight), one.score)
        for one in scores.sections
    ]
    rows.append(_row(Cell("The whole"), "", scores.whole)._replace(total=True))
    return Table("Every section and the whole", _columns("Section"), tuple(rows))


def _questions_table(section: SectionScore) -> Table:
    rows = [
        _row(Cell(one.question.text), figure(one.question.weight), one.score) for one in section.questions
    ]
    rows.append(_row(Cell("The section"), "", section.score)._replace(total=True))
    return Table("Every question and the section", _columns("Question"), tuple(rows))


def _columns(first: str) -> tuple[Column, ...]:
    others = ("Weight", "Answers counted", AT_STANDARD, WEIGHTED)
    return (Column(first), *(Column(heading, "right") for heading in others))


def _row(name: Cell, weight: str, score: Score) -> TableRow:
    return TableRow(
        (name, weight, figure(score.answers), per_cent(score.percentage), per_cent(score.weighted))
    )


def _sections_chart(scores: AuditScores, link: Link) -> Chart:
    """Both percentages of each section that has any, drawn to the nearest whole per cent."""
    counted = [one for one in scores.sections if one.score.answers]
    links = tuple(link(one.section.key) for one in counted)
    series = (
        Series(
            AT_STANDARD,
            "turquoise",
            tuple(_whole(Fraction(one.score.at_standard, one.score.answers)) for one in counted),
            short="At standard",
            links=links,
        ),
        Series(
            WEIGHTED,
            "blue",
            tuple(_whole(one.score.mean or Fraction(0)) for one in counted),
            short="Weighted",
            links=links,
        ),
    )
    rows = tuple(
        TableRow((one.section.title, per_cent(one.score.percentage), per_cent(one.score.weighted)))
        for one in counted
    )
    columns = (Column("Section"), Column(AT_STANDARD, "right"), Column(WEIGHTED, "right"))
    title = "At or above the standard and weighted score, per cent"
    whole = scores.whole
    description = (
        f"The whole: {per_cent(whole.percentage)} of {count(whole.answers, 'answer')} at or above the "
        f"standard, weighted score {per_cent(whole.weighted)}. Bars are drawn to the nearest whole per cent."
    )
    names = tuple(one.section.title for one in counted)
    return Chart(title, description, ChartKind.BARS, names, series, Table(caption(title), columns, rows))


def _whole(share: Fraction) -> int:
    """A share of 1 in whole per cent, halves up."""
    return int(share * 100 + Fraction(1, 2))


def _spread(title: str, scale: Scale, rows: Sequence[GradeRow], first: str) -> Chart:
    return grades_chart(title, described(scale, rows, "answer"), scale, rows, first_column=first)
