"""Figures as charts, each with the table of the same numbers: the same on the page and in reports. Pure."""

from collections.abc import Sequence

from qa.analysis.asking import grade_questions
from qa.analysis.figures import NOT_APPLICABLE, AuditFigures, Grades
from qa.analysis.wording import Unit, count, figure, per_cent, some_of, unit_of
from qa.audits.lifecycle import ReturnState
from qa.frameworks.content import FrameworkContent, Scale
from qa.frameworks.scoring import Distribution, distribution
from qa.publishing.figures import Chart, ChartKind, Column, Series, Table, TableRow

STATE_COLOURS = {
    ReturnState.SUBMITTED: "green",
    ReturnState.NOT_INVOLVED: "grey",
    ReturnState.IN_PROGRESS: "yellow",
    ReturnState.NOT_STARTED: "red",
}
DENOMINATOR_NOTE = "N/A: not applicable, which is left out of every percentage."
AT_STANDARD = "At or above the standard"
LINE, PADDING = 93.0, 2.3
"""Letters that go into the width of a printed table, and the room around each column in letters."""

GradeRow = tuple[str, Grades]
"""What a bar is about, and its counts."""


def caption(title: str) -> str:
    """The caption of a chart's table, told apart from the chart's own title."""
    return f"{title}: figures"


def grades_chart(
    title: str, description: str, scale: Scale, rows: Sequence[GradeRow], *, first_column: str
) -> Chart:
    """Stacked bars of grades, a bar for each row, with the table of the same figures."""
    series = tuple(
        Series(grade.label, grade.colour.value, tuple(grades.get(grade.key, 0) for _, grades in rows))
        for grade in scale.grades
    )
    headings = (*(grade.label for grade in scale.grades), "Total", AT_STANDARD, "N/A")
    columns = _columns(first_column, headings)
    body = tuple(_grades_row(label, grades, distribution(scale, grades)) for label, grades in rows)
    table = Table(caption(title), columns, body, note=DENOMINATOR_NOTE)
    labels = tuple(label for label, _ in rows)
    return Chart(title, description, ChartKind.STACKED, labels, series, table)


def _columns(first: str, others: Sequence[str]) -> tuple[Column, ...]:
    """Columns as wide as the longest word of their headings; the first gets what is left of the line."""
    needs = [max([len(word) for word in heading.split()], default=0) + PADDING for heading in others]
    room = max(LINE - sum(needs), *needs)
    figures = (Column(heading, "right", need) for heading, need in zip(others, needs, strict=True))
    return (Column(first, width=room), *figures)


def _grades_row(label: str, grades: Grades, spread: Distribution) -> TableRow:
    return TableRow(
        (
            label,
            *(figure(entry.count) for entry in spread.grades),
            figure(spread.total),
            per_cent(spread.percentage),
            figure(grades.get(NOT_APPLICABLE, 0)),
        )
    )


def section_charts(content: FrameworkContent, figures: AuditFigures) -> tuple[Chart, ...]:
    """The agencies' grades by section; one chart for each scale that section grades use."""
    charts = []
    for scale, keys in section_scales(content):
        rows = [
            (section.title, figures.of_section(section.key))
            for section in content.sections
            if section.key in keys
        ]
        title = _titled("Agencies’ own grades by section", scale, content)
        description = described(scale, rows)
        charts.append(grades_chart(title, description, scale, rows, first_column="Section"))
    return tuple(charts)


def agency_charts(content: FrameworkContent, figures: AuditFigures) -> tuple[Chart, ...]:
    """The agencies' section grades by agency; one chart for each scale."""
    charts = []
    for scale, keys in section_scales(content):
        rows = [(agency.name, figures.of_agency(agency.agency_id, keys)) for agency in figures.agencies]
        title = _titled("Own grades of each agency", scale, content)
        description = described(scale, rows)
        charts.append(grades_chart(title, description, scale, rows, first_column="Agency"))
    return tuple(charts)


def agreed_chart(content: FrameworkContent, figures: AuditFigures) -> Chart:
    """The panel's agreed grades, the whole case first, then by section."""
    scale, unit = content.scale(content.judgement_scale), unit_of(content)
    rows = [(section.title, figures.agreed_in(section.key)) for section in content.sections]
    whole = _whole(scale, unit, figures.agreed_in(None))
    description = f"{whole} {_extremes(scale, rows)}".strip() if whole else described(scale, rows)
    rows.insert(0, (unit.whole, figures.agreed_in(None)))
    return grades_chart("Agreed grades by section", description, scale, rows, first_column="Section")


def _whole(scale: Scale, unit: Unit, grades: Grades) -> str:
    spread = distribution(scale, grades)
    if not spread.total:
        return ""
    return (
        f"The panel agreed a grade for the whole of {unit.count(spread.total)}: {figure(spread.at_standard)} "
        f"({per_cent(spread.percentage)}) at or above the standard."
    )


def described(scale: Scale, rows: Sequence[GradeRow], one: str = "section grade") -> str:
    """What stacked bars show, in words. one: what is counted, such as a section grade."""
    spread = distribution(scale, sum((grades for _, grades in rows), Grades()))
    if not spread.total:
        return f"No {one.rsplit(' ', 1)[-1]} is counted."
    given = f"{count(spread.total, one)}, {per_cent(spread.percentage)} at or above the standard."
    return f"{given} {_extremes(scale, rows)}".strip()


def _extremes(scale: Scale, rows: Sequence[GradeRow]) -> str:
    """Which rows have the largest and the smallest share at or above the standard, if they differ."""
    spreads = [(label, distribution(scale, grades)) for label, grades in rows]
    shares = [(label, spread.percentage) for label, spread in spreads if spread.percentage is not None]
    if len(shares) < 2:
        return ""
    most, least = max(share for _, share in shares), min(share for _, share in shares)
    if most == least:
        return "The share is the same in every row."
    high = some_of([label for label, share in shares if share == most])
    low = some_of([label for label, share in shares if share == least])
    return f"Largest share: {high} ({per_cent(most)}). Smallest share: {low} ({per_cent(least)})."


def section_scales(content: FrameworkContent) -> list[tuple[Scale, frozenset[str]]]:
    """Scales that section grades use, in the framework's order, each with the keys of its sections."""
    used = {content.section_of(question.key).key: question.scale for question in grade_questions(content)}
    return [
        (scale, frozenset(key for key, scale_key in used.items() if scale_key == scale.key))
        for scale in content.scales
        if scale.key in used.values()
    ]


def _titled(title: str, scale: Scale, content: FrameworkContent) -> str:
    return title if len(section_scales(content)) == 1 else f"{title}: {scale.name}"


def compared_table(content: FrameworkContent, figures: AuditFigures) -> Table:
    """What agencies gave and what the panel agreed, side by side, for the sections that agencies grade."""
    judged_on = content.scale(content.judgement_scale)
    rows = []
    for question in grade_questions(content):
        section = content.section_of(question.key)
        own = distribution(content.scale(question.scale or ""), figures.of_section(section.key))
        agreed = distribution(judged_on, figures.agreed_in(section.key))
        cells = (figure(own.total), per_cent(own.percentage))
        rows.append(TableRow((section.title, *cells, figure(agreed.total), per_cent(agreed.percentage))))
    columns = (
        Column("Section"),
        *(
            Column(heading, "right")
            for heading in ("Agencies’ own grades", AT_STANDARD, "Agreed grades", AT_STANDARD)
        ),
    )
    return Table("Agencies’ own grades and agreed grades, side by side", columns, tuple(rows))


def returns_chart(figures: AuditFigures) -> Chart:
    """Returns in and out, a bar for each agency."""
    states = list(STATE_COLOURS)
    series = tuple(
        Series(state.label, colour, tuple(agency.by_state.get(state, 0) for agency in figures.agencies))
        for state, colour in STATE_COLOURS.items()
    )
    rows = [
        TableRow(
            (
                agency.name,
                *(figure(agency.by_state.get(state, 0)) for state in states),
                figure(agency.total),
                figure(agency.late),
            )
        )
        for agency in figures.agencies
    ]
    sums = (*(figure(figures.in_state(state)) for state in states), figure(figures.returns))
    rows.append(TableRow(("All agencies", *sums, figure(figures.late)), total=True))
    columns = (
        Column("Agency"),
        *(Column(state.label, "right") for state in states),
        Column("All returns", "right"),
        Column("Late", "right"),
    )
    title = "Returns by agency"
    names = tuple(agency.name for agency in figures.agencies)
    table = Table(caption(title), columns, tuple(rows))
    return Chart(title, returns_in(figures), ChartKind.STACKED, names, series, table)


def returns_in(figures: AuditFigures) -> str:
    """How many returns are in, and how many of the others are late."""
    verb = "is" if figures.returns == 1 else "are"
    text = f"{figure(figures.complete)} of {count(figures.returns, 'return')} {verb} in"
    if figures.late:
        text += f", and {figure(figures.late)} {'is' if figures.late == 1 else 'are'} late"
    return f"{text}."


def themes_chart(content: FrameworkContent, figures: AuditFigures, links: Sequence[str] = ()) -> Chart:
    """Themes by the number of cases they were seen in. links: an address for each theme, if any."""
    unit = unit_of(content)
    title = f"Themes by number of {unit.many}"
    columns = (
        Column("Theme"),
        Column(unit.heading, "right"),
        Column("Strengths", "right"),
        Column("Areas for improvement", "right"),
    )
    rows = tuple(
        TableRow(
            (
                theme.name,
                figure(theme.cases),
                figure(theme.strengths),
                figure(theme.areas_for_improvement),
            )
        )
        for theme in figures.themes
    )
    note = f"A finding may be coded to several themes. Each {unit.one} counts once for a theme."
    series = Series(unit.heading, "blue", tuple(theme.cases for theme in figures.themes), links=tuple(links))
    names = tuple(theme.name for theme in figures.themes)
    table = Table(caption(title), columns, rows, note=note)
    return Chart(title, themes_in_words(unit, figures), ChartKind.BARS, names, (series,), table)


def themes_in_words(unit: Unit, figures: AuditFigures) -> str:
    """Which theme was seen in most cases; that there is none yet, if so."""
    if not figures.themes:
        return "No finding is coded to a theme yet."
    most = figures.themes[0].cases
    names = some_of([theme.name for theme in figures.themes if theme.cases == most])
    return f"Seen in most {unit.many}: {names} ({figure(most)} of {unit.count(figures.cases)})."
