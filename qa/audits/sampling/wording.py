"""A sample in sentences: how it was drawn, and how far it can be generalised. Pure."""

from datetime import datetime
from zoneinfo import ZoneInfo

from qa.audits.sampling.allocation import Allocation
from qa.audits.sampling.margin import may_generalise
from qa.audits.sampling.records import Method

LONDON = ZoneInfo("Europe/London")
MOST_NAMED = 8


def counted(number: int, one: str, many: str = "") -> str:
    """1 case, 2 cases."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def listed(names: list[str]) -> str:
    """One, two and three."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def points(margin: float) -> str:
    """A margin of error: 17.2 percentage points."""
    return f"{margin:.1f} percentage points"


def margin_sentence(margin: float | None, population: int, size: int, *, in_part: bool = False) -> str:
    """What the margin of error means, in words. margin None: nothing is drawn.

    population: cases of the list, or (in_part) of the strata from which any is drawn.
    """
    if margin is None or not size:
        return "Nothing is drawn, so nothing can be said of the list."
    whole = f"the {counted(population, 'case')} of {'the strata sampled' if in_part else 'the list'}"
    if size >= population:
        return f"The sample holds all of {whole}, so there is no margin of error from sampling."
    return (
        f"With 95% confidence, a percentage found in {counted(size, 'case')} is within {points(margin)}, "
        f"above or below, of the percentage in {whole}. This is the worst case: it is less the further the "
        "percentage is from 50."
    )


WEIGHTED = (
    "Since the strata are not sampled in proportion, a percentage for the whole list needs each stratum’s "
    "percentage weighted by its share of the list."
)


def warning_sentence(margin: float | None, size: int) -> str:
    """A plain warning where percentages must not be generalised; "" where they may."""
    if margin is None or may_generalise(size, margin):
        return ""
    return (
        "A sample of this size does not allow percentages to be generalised: it shows what practice looks "
        "like in the cases seen, not how common it is in all cases of the list."
    )


def method_sentences(method: Method) -> tuple[str, ...]:
    """How the sample was drawn, for the report and the page of the audit."""
    return tuple(
        sentence
        for sentence in (
            _drawn(method),
            _divided(method),
            f"The draw can be repeated from the same list with the seed “{method.seed}”.",
            _replaced(method),
            _removed(method),
            _margin(method),
            WEIGHTED if method.allocation is Allocation.EQUAL and method.stratified_by else "",
            warning_sentence(method.margin, method.cases),
        )
        if sentence
    )


def _day(moment: datetime) -> str:
    local = moment.astimezone(LONDON)
    return f"{local.day} {local:%B %Y}"


def _drawn(method: Method) -> str:
    text = (
        f"{counted(method.size, 'case')} {'was' if method.size == 1 else 'were'} drawn at random on "
        f"{_day(method.drawn_at)} from a list of {counted(method.population, 'case')}"
    )
    if method.left_out:
        text += f"; {counted(method.left_out, 'case')} of the list in the audit already could not be drawn"
    return f"{text}."


def _divided(method: Method) -> str:
    if not method.stratified_by:
        return "The list was not divided: every case had the same chance of being drawn."
    how = (
        "the same number was taken from each as far as it has so many"
        if method.allocation is Allocation.EQUAL
        else "each gave cases in proportion to its size"
    )
    least = ", and at least one" if method.at_least_one else ""
    number = counted(len(method.strata), "stratum", "strata")
    text = f"The list was divided by “{method.stratified_by}” into {number}; {how}{least}"
    if len(method.strata) <= MOST_NAMED:
        parts = [f"{line.label} {line.size:,} of {line.population:,}" for line in method.strata]
        text += f" ({'; '.join(parts)})"
    without = [line.label for line in method.strata if not line.size]
    if without:
        named = listed(without) if len(without) <= MOST_NAMED else counted(len(without), "stratum", "strata")
        text += f". No case was drawn from {named}, of which the sample says nothing"
    return f"{text}."


def _margin(method: Method) -> str:
    sampled = sum(line.population for line in method.strata if line.size)
    return margin_sentence(method.margin, sampled, method.cases, in_part=sampled < method.population)


def _replaced(method: Method) -> str:
    number = sum(method.replaced.values())
    if not number:
        return ""
    reasons = [f"{count:,} {reason.because}" for reason, count in method.replaced.items()]
    same = " of the same stratum" if method.stratified_by else ""
    were = "was" if number == 1 else "were"
    return (
        f"{counted(number, 'case')} drawn {were} replaced by the next in the drawn order{same}: "
        f"{listed(reasons)}."
    )


def _removed(method: Method) -> str:
    if not method.removed:
        return ""
    were = "was" if method.removed == 1 else "were"
    return f"{counted(method.removed, 'case')} drawn {were} taken out and not replaced."
