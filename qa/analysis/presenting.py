"""Figures as charts with their tables: the same ones on the page and in every report. Pure."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from qa.analysis.figures import NOT_APPLICABLE, AuditFigures, Grades
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
DENOMINATOR_NOTE = "Not applicable is left out of every percentage."


def _words(value: Decimal | None) -> str:
    return "–" if value is None else f"{value}%"


def grades_chart(
    title: str, what: str, scale: Scale, rows: Sequence[tuple[str, Grades]], *, first_column: str
) -> Chart:
    """Stacked bars of grades, a bar for each row, with the table of the same figures.

    what: what is counted, for the description ("section grades given by agencies").
    """
    counted = [(label, grades, distribution(scale, grades)) for label, grades in rows]
    series = tuple(
        Series(grade.label, grade.colour.value, tuple(grades.get(grade.key, 0) for _, grades in rows))
        for grade in scale.grades
    )
    columns = (
        Column(first_column, width=3.4),
        *(Column(grade.label, "right", width=1.5) for grade in scale.grades),
        Column("Graded", "right", width=1.1),
        Column("At standard or above", "right", width=1.4),
        Column("Not applicable", "right", width=1.4),
    )
    body = tuple(
        TableRow(
            (
                label,
                *(str(entry.count) for entry in spread.grades),
                str(spread.total),
                _words(spread.percentage),
                str(grades.get(NOT_APPLICABLE, 0)),
            )
        )
        for label, grades, spread in counted
    )
    table = Table(title, columns, body, note=DENOMINATOR_NOTE)
    return Chart(
        title, _described(what, counted), ChartKind.STACKED, tuple(label for label, _ in rows), series, table
    )


def _described(what: str, counted: Iterable[tuple[str, Grades, Distribution]]) -> str:
    rows = [(label, spread) for label, _, spread in counted if spread.total]
    if not rows:
        return f"No {what} yet."
    rows.sort(key=lambda row: row[1].percentage or 0)
    total = sum(spread.total for _, spread in rows)
    (low, least), (high, most) = rows[0], rows[-1]
    if len(rows) == 1:
        return f"{total} {what}; {_words(least.percentage)} at or above the standard."
    return (
        f"{total} {what}. The largest share at or above the standard is for {high} "
        f"({_words(most.percentage)}), the smallest for {low} ({_words(least.percentage)})."
    )


def section_charts(content: FrameworkContent, figures: AuditFigures) -> tuple[Chart, ...]:
    """The agencies' grades by section; one chart for each scale that section grades use."""
    return tuple(
        grades_chart(
            _titled("Grades by section, as agencies gave them", scale, content),
            "section grades given by agencies",
            scale,
            [
                (section.title, figures.of_section(section.key))
                for section in content.sections
                if section.key in keys
            ],
            first_column="Section",
        )
        for scale, keys in section_scales(content)
    )


def agency_charts(content: FrameworkContent, figures: AuditFigures) -> tuple[Chart, ...]:
    """The agencies' section grades by agency; one chart for each scale."""
    return tuple(
        grades_chart(
            _titled("Grades by agency", scale, content),
            "section grades",
            scale,
            [(agency.name, figures.of_agency(agency.agency_id, keys)) for agency in figures.agencies],
            first_column="Agency",
        )
        for scale, keys in section_scales(content)
    )


def agreed_chart(content: FrameworkContent, figures: AuditFigures) -> Chart:
    """The panel's agreed grades, the whole case first, then by section."""
    rows = [("Whole case", figures.agreed.get(None, Grades()))]
    rows += [(section.title, figures.agreed.get(section.key, Grades())) for section in content.sections]
    scale = content.scale(content.judgement_scale)
    return grades_chart("Grades agreed by the panel", "agreed grades", scale, rows, first_column="Section")


def section_scales(content: FrameworkContent) -> list[tuple[Scale, frozenset[str]]]:
    """Scales that section grades use, in the framework's order, each with the keys of its sections."""
    used = {
        section.key: section.grade_question.scale for section in content.sections if section.grade_question
    }
    return [
        (scale, frozenset(key for key, scale_key in used.items() if scale_key == scale.key))
        for scale in content.scales
        if scale.key in used.values()
    ]


def _titled(title: str, scale: Scale, content: FrameworkContent) -> str:
    return title if len(section_scales(content)) == 1 else f"{title} ({scale.name})"


def returns_chart(figures: AuditFigures) -> Chart:
    """Returns in and out, a bar for each agency."""
    states = list(STATE_COLOURS)
    names = tuple(agency.name for agency in figures.agencies)
    series = tuple(
        Series(
            state.label,
            STATE_COLOURS[state],
            tuple(agency.by_state.get(state, 0) for agency in figures.agencies),
        )
        for state in states
    )
    rows = [
        TableRow(
            (
                agency.name,
                *(str(agency.by_state.get(state, 0)) for state in states),
                str(agency.total),
                str(agency.late),
            )
        )
        for agency in figures.agencies
    ]
    if rows:
        late = sum(agency.late for agency in figures.agencies)
        sums = (*(str(figures.in_state(state)) for state in states), str(figures.returns), str(late))
        rows.append(TableRow(("All agencies", *sums), total=True))
    columns = (
        Column("Agency", width=3),
        *(Column(state.label, "right") for state in states),
        Column("All", "right"),
        Column("Late", "right"),
    )
    title = "Returns in and out"
    description = f"{figures.complete} of {figures.returns} returns are in."
    return Chart(title, description, ChartKind.STACKED, names, series, Table(title, columns, tuple(rows)))


def themes_chart(figures: AuditFigures, links: Sequence[str | None] = ()) -> Chart:
    """Themes by the number of cases they were seen in. links: an address for each theme, if any."""
    title = "Themes by number of cases"
    table = Table(
        title,
        (
            Column("Theme", width=3),
            Column("Cases", "right"),
            Column("Strengths", "right"),
            Column("Areas for improvement", "right"),
        ),
        tuple(
            TableRow((theme.name, str(theme.cases), str(theme.strengths), str(theme.areas_for_improvement)))
            for theme in figures.themes
        ),
        note="A finding may be coded to several themes; a case counts once for each theme.",
    )
    description = (
        f"Seen in most cases: {figures.themes[0].name} ({figures.themes[0].cases} of {figures.cases})."
        if figures.themes
        else "No finding is coded to a theme yet."
    )
    series = Series("Cases", "blue", tuple(theme.cases for theme in figures.themes), links=tuple(links))
    names = tuple(theme.name for theme in figures.themes)
    return Chart(title, description, ChartKind.BARS, names, (series,), table)
