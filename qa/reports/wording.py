"""The sentences that a report writes by itself from its figures. Pure."""

import re
from collections.abc import Mapping, Sequence
from datetime import date

from qa.analysis.charts import returns_in, themes_in_words
from qa.analysis.figures import AuditFigures
from qa.analysis.wording import AGENCY, Unit, count, figure, listed, per_cent, unit_of
from qa.audits.lifecycle import ReturnState
from qa.frameworks.content import FrameworkContent, ProfileField, Scale, Section
from qa.frameworks.scoring import Distribution, distribution, percentage
from qa.frameworks.vocabulary import Method
from qa.publishing.document import Column, Table, TableRow
from qa.recommendations.lifecycle import RecommendationState
from qa.recommendations.records import ReportedRecommendation
from qa.reports.records import SectionFindings
from qa.returns.vocabulary import FindingKind

EMPTY_LINE = re.compile(r"\n[^\S\n]*\n")


def day(value: date) -> str:
    """27 March 2026."""
    return f"{value.day} {value:%B %Y}"


def period(start: date, end: date) -> str:
    """The period in words."""
    return f"{day(start)} to {day(end)}"


def paragraphs(text: str) -> list[str]:
    """Typed text divided where a line is empty."""
    return [block.strip() for block in EMPTY_LINE.split(text) if block.strip()]


def lines(text: str) -> tuple[str, ...]:
    """Typed text line by line."""
    return tuple(line.strip() for line in text.split("\n") if line.strip())


def subtitle(content: FrameworkContent) -> str:
    """What kind of audit the report is of."""
    if unit_of(content) is AGENCY:
        return "Self-assessment"
    return f"{content.method.label} thematic audit"


def _judgement_scale(content: FrameworkContent) -> Scale:
    return content.scale(content.judgement_scale)


def agreed_share(content: FrameworkContent, figures: AuditFigures) -> str:
    """How many cases the panel graded at or above the standard."""
    spread = distribution(_judgement_scale(content), figures.agreed_in(None))
    if not spread.total:
        return "Not yet agreed"
    return f"{figure(spread.at_standard)} of {figure(spread.total)} ({per_cent(spread.percentage)})"


def section_grades(content: FrameworkContent, figures: AuditFigures, section: Section) -> str:
    """The agencies' own grades of a section and the panel's beside them; empty when there is neither."""
    sentences = []
    question = section.grade_question
    if question and question.scale:
        own = distribution(content.scale(question.scale), figures.of_section(section.key))
        if own.total:
            sentences.append(
                f"Agencies gave {count(own.total, 'grade')} for this section, {_at_standard(own)}."
            )
    agreed = distribution(_judgement_scale(content), figures.agreed_in(section.key))
    if agreed.total:
        where = unit_of(content).count(agreed.total)
        sentences.append(f"The panel agreed a grade in {where}, {_at_standard(agreed)}.")
    return " ".join(sentences)


def _at_standard(spread: Distribution) -> str:
    if spread.total == 1:
        return "at or above the standard" if spread.at_standard else "below the standard"
    return f"{figure(spread.at_standard)} of them ({per_cent(spread.percentage)}) at or above the standard"


def unwritten_summary(content: FrameworkContent, figures: AuditFigures, audited_period: str) -> str:
    """What stands in the place of a summary that nobody has written yet."""
    unit = unit_of(content)
    sentences = [
        f"This audit looked at {unit.count(figures.cases)} over the period {audited_period}.",
        returns_in(figures),
    ]
    if distribution(_judgement_scale(content), figures.agreed_in(None)).total:
        share = agreed_share(content, figures)
        sentences.append(f"The panel graded {share} at or above the standard.")
    if figures.themes:
        sentences.append(themes_in_words(unit, figures))
    return " ".join(sentences)


def method(content: FrameworkContent, edition: int, figures: AuditFigures) -> str:
    """How the audit was done, from its own record. edition: the number of the framework's edition."""
    unit = unit_of(content)
    sections = count(len(content.sections), "section")
    questions = count(len(content.questions), "question")
    sentences = [
        f"{_audited(unit, figures)} with the framework {content.name}, edition {edition}.",
        f"It asks {questions} in {sections}.",
    ]
    sentences += _taking_part(content, figures)
    absent = figures.in_state(ReturnState.NOT_INVOLVED)
    if absent:
        sentences.append(f"In {count(absent, 'return')} the agency was not involved with the child.")
    if figures.opened:
        sentences.append(f"{unit.count(figures.opened)} went to a panel, which agrees grades with reasons.")
    return " ".join(sentences)


def _audited(unit: Unit, figures: AuditFigures) -> str:
    if unit is AGENCY:
        return f"{unit.count(figures.cases)} assessed {'itself' if figures.cases == 1 else 'themselves'}"
    return f"{unit.count(figures.cases)} {'was' if figures.cases == 1 else 'were'} audited"


def _taking_part(content: FrameworkContent, figures: AuditFigures) -> list[str]:
    names = [agency.name for agency in figures.agencies]
    if not names or unit_of(content) is AGENCY:
        return []
    sentences = [f"{count(len(names), 'agency', 'agencies')} took part: {listed(names)}."]
    if len(names) > 1 and content.method is Method.MULTI_AGENCY:
        sentences.append("Each graded its own records without seeing the others’ grades.")
    return sentences


def grades_rule(content: FrameworkContent) -> str:
    """The rule behind every percentage."""
    meeting = [grade.label for grade in _judgement_scale(content).grades if grade.meets_standard]
    standard = f"At or above the standard means {listed(meeting)}. " if meeting else ""
    return (
        f"{standard}Answers of “not applicable”, and questions that were not asked, are left out of every "
        "percentage. The agencies’ own grades stand as they were given; what the panel agreed is shown "
        "beside them and never replaces them."
    )


def concerns(figures: AuditFigures) -> str:
    """How many immediate concerns were raised and how many of them are closed; never what they were."""
    raised, closed = figures.concerns, figures.concerns_closed
    if not raised:
        return "No auditor raised an immediate concern about a child’s safety."
    verb = "was" if raised == 1 else "were"
    text = f"{count(raised, 'immediate concern')} about a child’s safety {verb} raised during the audit."
    if closed == raised:
        return f"{text} {'It has' if raised == 1 else 'All have'} been acted on and closed."
    if not closed:
        return f"{text} {'It is' if raised == 1 else 'They are'} being acted on."
    of_them = f"{figure(closed)} of them {'is' if closed == 1 else 'are'} closed"
    return f"{text} {of_them}; the others are being acted on."


def findings(kind: FindingKind, number: int) -> str:
    """1 strength, 2 areas for improvement."""
    if kind is FindingKind.STRENGTH:
        return count(number, "strength")
    return count(number, "area for improvement", "areas for improvement")


def finding_counts(found: SectionFindings, kind: FindingKind, unit: Unit) -> str:
    """How many findings there are, in how many cases, and how many texts are not listed."""
    text = f"{findings(kind, found.findings)} in {unit.count(found.cases)}."
    more = found.texts - len(found.shown)
    if more <= 0:
        return text
    return f"{text} The {len(found.shown):,} seen in most {unit.many} are listed, {more:,} more are not."


def sample_table(field: ProfileField, counts: Mapping[str, int], unit: Unit, cases: int) -> Table:
    """One field of the case profile as a table. cases: how many there are in all."""
    answers = list(counts.items())
    missing = cases - sum(counts.values())
    if missing > 0:
        answers.append(("Left blank", missing))
    rows = [
        TableRow((label, figure(number), per_cent(percentage(number, cases)))) for label, number in answers
    ]
    columns = (
        Column("Answer", width=4),
        Column(unit.heading, "right", width=1),
        Column("Share", "right", width=1),
    )
    return Table(field.label, columns, tuple(rows))


def recommendation_states(rows: Sequence[ReportedRecommendation]) -> str:
    """Recommendations by state, and how many actions are overdue, in a few words."""
    if not rows:
        return "None made"
    closed = sum(row.state is RecommendationState.CLOSED for row in rows)
    overdue = sum(action.overdue for row in rows for action in row.actions)
    text = f"{len(rows):,}: {len(rows) - closed:,} open, {closed:,} closed"
    return f"{text}; {count(overdue, 'action')} overdue" if overdue else text
