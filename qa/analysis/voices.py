"""What children, families and practitioners said, as blocks for the analysis page and reports. Pure."""

from qa.analysis.charts import caption
from qa.analysis.wording import count, figure, listed, per_cent
from qa.feedback.records import Quotes, ViewsFigures
from qa.feedback.vocabulary import PROMPTS, Listened, Sought, Voice
from qa.frameworks.scoring import percentage
from qa.publishing.document import Block, BulletList, Paragraph, Run
from qa.publishing.figures import Chart, ChartKind, Column, Series, Table, TableRow

HEADING = "What children, families and practitioners said"
NOTHING = "No views of children, families or practitioners are recorded."
SOUGHT_COLOURS = {
    Sought.GIVEN: "green",
    Sought.DECLINED: "blue",
    Sought.NOT_POSSIBLE: "yellow",
    Sought.NOT_SOUGHT: "red",
}
UNRECORDED = ("Nothing recorded", "grey")
LISTENED_COLOURS = {
    Listened.FULLY: "outstanding",
    Listened.MOSTLY: "good",
    Listened.A_LITTLE: "requires_improvement",
    Listened.NOT_AT_ALL: "inadequate",
}


def voice_blocks(figures: ViewsFigures, quotes: Quotes) -> list[Block]:
    """Where views were sought, how listened-to people felt, and what may be quoted."""
    if not figures.any:
        return [Paragraph(NOTHING)]
    blocks: list[Block] = [sought_chart(figures)]
    if figures.listened:
        blocks.append(listened_chart(figures))
    return [*blocks, *_quoted(quotes)]


def sought_in_words(figures: ViewsFigures) -> str:
    """In how many cases views were sought, and whose were given."""
    asked = f"Views were sought in {figure(figures.asked)} of {count(figures.cases, 'case')}."
    given = [
        f"{voice.plural.lower()} in {figure(figures.best.get((voice, Sought.GIVEN), 0))}" for voice in Voice
    ]
    return f"{asked} They were given by {listed(given)}."


def sought_chart(figures: ViewsFigures) -> Chart:
    """In how many cases each voice was sought, and what came of it."""
    states = {state: [figures.best.get((voice, state), 0) for voice in Voice] for state in SOUGHT_COLOURS}
    unrecorded = [figures.cases - figures.recorded(voice) for voice in Voice]
    series = [Series(state.label, SOUGHT_COLOURS[state], tuple(row)) for state, row in states.items()]
    series.append(Series(*UNRECORDED, tuple(unrecorded)))
    columns = (
        Column("Whose views"),
        *(Column(one.label, "right") for one in series),
        Column("Views sought", "right"),
    )
    rows = [
        TableRow(
            (
                voice.plural,
                *(figure(int(one.values[place])) for one in series),
                per_cent(percentage(figures.sought(voice), figures.cases)),
            )
        )
        for place, voice in enumerate(Voice)
    ]
    title = "Whose views were sought, by number of cases"
    note = (
        "Views sought: given or declined, out of all cases. A case with several entries of a voice counts "
        "once, by the first of these that it has."
    )
    names = tuple(voice.plural for voice in Voice)
    table = Table(caption(title), columns, tuple(rows), note=note)
    return Chart(title, sought_in_words(figures), ChartKind.STACKED, names, tuple(series), table)


def listened_chart(figures: ViewsFigures) -> Chart:
    """How far children, and parents and carers, felt listened to."""
    family = [voice for voice in Voice if voice.of_the_family]
    series = tuple(
        Series(one.label, colour, tuple(figures.listened.get((voice, one), 0) for voice in family), one.short)
        for one, colour in LISTENED_COLOURS.items()
    )
    columns = (
        Column("Who"),
        *(Column(one.label, "right") for one in series),
        Column("Did not say", "right"),
        Column("People", "right"),
    )
    rows = [
        TableRow(
            (
                voice.plural,
                *(figure(int(one.values[place])) for one in series),
                figure(figures.entries.get(voice, 0) - figures.felt(voice)),
                figure(figures.entries.get(voice, 0)),
            )
        )
        for place, voice in enumerate(family)
    ]
    title = "How far people felt listened to"
    names = tuple(voice.plural for voice in family)
    table = Table(caption(title), columns, tuple(rows))
    return Chart(title, listened_in_words(figures), ChartKind.STACKED, names, series, table)


def listened_in_words(figures: ViewsFigures) -> str:
    """How many of those who said felt listened to fully or mostly."""
    parts = []
    for voice in Voice:
        total = figures.felt(voice)
        if voice.of_the_family and total:
            well = sum(figures.listened.get((voice, one), 0) for one in (Listened.FULLY, Listened.MOSTLY))
            parts.append(f"{figure(well)} of {figure(total)} {voice.plural.lower()}")
    return f"Felt listened to fully or mostly: {listed(parts)} who said."


def _quoted(quotes: Quotes) -> list[Block]:
    """Quotes by voice and question; nothing says of which case they are."""
    blocks: list[Block] = []
    for voice, prompts in PROMPTS.items():
        for prompt in prompts:
            found = [one.text for one in quotes.shown if (one.voice, one.name) == (voice, prompt.name)]
            texts = dict.fromkeys(f"“{' '.join(text.split())}”" for text in found)
            if texts:
                blocks.append(Paragraph((Run(f"{voice.plural}: {prompt.text}", bold=True),), keep=True))
                blocks.append(BulletList(tuple(texts)))
    if blocks:
        blocks.append(Paragraph(_rule(quotes)))
    return blocks


def _rule(quotes: Quotes) -> str:
    text = (
        "Quoted are only those who agreed to it. The order is drawn by chance and says nothing of the cases."
    )
    left_out = sum(quotes.more.values())
    return (
        f"{text} {count(left_out, 'more person', 'more people')} agreed and are not quoted."
        if left_out
        else text
    )
