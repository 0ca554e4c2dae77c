"""The sentences that a report writes by itself from its figures. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from qa.analysis.figures import AuditFigures, Grades
from qa.audits.lifecycle import ReturnState
from qa.frameworks.content import ProfileField
from qa.frameworks.editions import EditionTree
from qa.frameworks.scoring import distribution, percentage
from qa.publishing.document import Column, Table, TableRow

if TYPE_CHECKING:
    from qa.audits.models import Audit
    from qa.recommendations.records import ReportedRecommendation
    from qa.reports.queries import SectionFindings
    from qa.returns.models import FindingKind


def day(value: date) -> str:
    """27 March 2026."""
    return f"{value.day} {value:%B %Y}"


def period(start: date, end: date) -> str:
    """The period in words."""
    return f"{day(start)} to {day(end)}"


def count(number: int, one: str, many: str = "") -> str:
    """1 case, 2 cases."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def paragraphs(text: str) -> list[str]:
    """Typed text divided where a line is empty."""
    return [block.strip() for block in text.split("\n\n") if block.strip()]


def lines(text: str) -> tuple[str, ...]:
    """Typed text line by line."""
    return tuple(line.strip() for line in text.split("\n") if line.strip())


def agreed_share(tree: EditionTree, figures: AuditFigures) -> str:
    """How many cases the panel judged at or above the standard."""
    spread = distribution(tree.judgement_scale, figures.agreed.get(None, Grades()))
    if not spread.total:
        return "Not yet agreed"
    return f"{spread.at_standard:,} of {spread.total:,} ({spread.percentage}%)"


def agreed_in_section(tree: EditionTree, figures: AuditFigures, key: str) -> str:
    """One sentence on the panel's grades of a section; empty when there is none."""
    spread = distribution(tree.judgement_scale, figures.agreed.get(key, Grades()))
    if not spread.total:
        return ""
    most = max(spread.grades, key=lambda entry: entry.count)
    return (
        f"The panel agreed a grade for this section in {count(spread.total, 'case')}: "
        f"{spread.at_standard} ({spread.percentage}%) at or above the standard, "
        f"most often {most.grade.label} ({most.count})."
    )


def unwritten_summary(audit: "Audit", tree: EditionTree, figures: AuditFigures) -> str:
    """What stands in the place of a summary that nobody has written yet."""
    what = "agency" if tree.self_assessment else "case"
    many = "agencies" if tree.self_assessment else "cases"
    text = (
        f"This audit looked at {count(figures.cases, what, many)} over the period "
        f"{period(audit.period_start, audit.period_end)}. "
        f"{figures.complete} of {figures.returns} returns are in."
    )
    if figures.judged:
        text += f" The panel judged {agreed_share(tree, figures)} to be at or above the standard."
    if figures.themes:
        first = figures.themes[0]
        text += f" The theme seen in most cases is {first.name.lower()} ({count(first.cases, 'case')})."
    return text


def method(tree: EditionTree, figures: AuditFigures) -> str:
    """How the audit was done, from its own record."""
    names = [agency.name for agency in figures.agencies]
    size = count(len(tree.content.sections), "section")
    questions = count(len(tree.content.questions), "question")
    sentences = [
        f"{_who_was_audited(tree, figures)} with the framework {tree.content.name}, edition {tree.number}.",
        f"It asks {questions} in {size}.",
    ]
    if not tree.self_assessment and names:
        sentences.append(
            f"{count(len(names), 'agency', 'agencies')} took part: {_listed(names)}. "
            "Each graded its own records without seeing the others’ grades."
        )
    absent = figures.in_state(ReturnState.NOT_INVOLVED)
    if absent:
        sentences.append(f"In {count(absent, 'return')} the agency was not involved with the child.")
    if figures.opened:
        what = (
            count(figures.opened, "agency", "agencies")
            if tree.self_assessment
            else count(figures.opened, "case")
        )
        sentences.append(f"{what} went to a panel, which agreed grades with reasons.")
    return " ".join(sentences)


def _who_was_audited(tree: EditionTree, figures: AuditFigures) -> str:
    if tree.self_assessment:
        whom = "itself" if figures.cases == 1 else "themselves"
        return f"{count(figures.cases, 'agency', 'agencies')} assessed {whom}"
    return f"{count(figures.cases, 'case')} {'was' if figures.cases == 1 else 'were'} audited"


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def grades_rule(tree: EditionTree) -> str:
    """The rule behind every percentage."""
    meeting = [grade.label for grade in tree.judgement_scale.grades if grade.meets_standard]
    return (
        f"At or above the standard means {_listed(meeting)}. Answers of “not applicable”, and questions "
        "that were not asked, are left out of every percentage. The agencies’ own grades stand as they were "
        "given; what the panel agreed is shown beside them and never replaces them."
    )


def concerns(figures: AuditFigures) -> str:
    """How many immediate concerns were raised; never what they were."""
    if not figures.concerns:
        return "No auditor raised an immediate concern about a child’s safety."
    return (
        f"{count(figures.concerns, 'immediate concern').capitalize()} about a child’s safety "
        f"{'was' if figures.concerns == 1 else 'were'} raised during the audit and passed on at once."
    )


def areas_for_improvement(number: int) -> str:
    """1 area for improvement, 2 areas for improvement."""
    return count(number, "area for improvement", "areas for improvement")


def finding_counts(found: "SectionFindings", kind: "FindingKind", cases: int) -> str:
    """How many findings there are, in how many cases, and how many are not listed."""
    strength = kind.value == "strength"
    number = count(found.findings, "strength") if strength else areas_for_improvement(found.findings)
    text = f"{number} in {found.cases} of {count(cases, 'case')}."
    more = found.texts - len(found.shown)
    return f"{text} {more:,} more not listed here." if more else text


def sample_table(field: ProfileField, counts: Mapping[str, int], cases: int) -> Table:
    """One field of the case profile as a table."""
    rows = [
        TableRow((label, str(number), f"{percentage(number, cases)}%")) for label, number in counts.items()
    ]
    missing = cases - sum(counts.values())
    if missing > 0:
        rows.append(TableRow(("Left blank", str(missing), f"{percentage(missing, cases)}%")))
    columns = (
        Column("Answer", width=4),
        Column("Cases", "right", width=1),
        Column("Share", "right", width=1),
    )
    return Table(field.label, columns, tuple(rows))


def recommendation_states(rows: Sequence["ReportedRecommendation"]) -> str:
    """Recommendations by state in a few words."""
    if not rows:
        return "None made"
    closed = sum(1 for row in rows if row.state.value == "closed")
    return f"{len(rows)}: {len(rows) - closed} open, {closed} closed"
