"""A sample in sentences, as the report says it."""

from datetime import UTC, datetime

from qa.audits.sampling.allocation import Allocation
from qa.audits.sampling.designing import line
from qa.audits.sampling.records import Method
from qa.audits.sampling.vocabulary import Reason
from qa.audits.sampling.wording import method_sentences

SIMPLE = Method(
    drawn_at=datetime(2026, 6, 3, 23, 30, tzinfo=UTC),
    population=2_471,
    left_out=0,
    size=60,
    stratified_by="",
    allocation=None,
    at_least_one=False,
    seed="9f3c",
    digest="0" * 64,
    strata=[line("", 2_471, 60, 2_471)],
    replaced={},
)


def test_a_simple_sample() -> None:
    assert method_sentences(SIMPLE) == (
        "60 cases were drawn at random on 4 June 2026 from a list of 2,471 cases.",
        "The list was not divided: every case had the same chance of being drawn.",
        "The draw can be repeated from the same list with the seed “9f3c”.",
        (
            "With 95% confidence, a percentage found in 60 cases is within 12.5 percentage points, above or "
            "below, of the percentage in the 2,471 cases of the list. This is the worst case: it is less the "
            "further the percentage is from 50."
        ),
        (
            "A sample of this size does not allow percentages to be generalised: it shows what practice "
            "looks like in the cases seen, not how common it is in all cases of the list."
        ),
    )


def test_strata_replacements_and_removals() -> None:
    strata = [
        line("Child in need", 300, 20, 412),
        line("Child protection", 110, 9, 412),
        line("Other", 2, 0, 412),
    ]
    text = " ".join(
        method_sentences(
            SIMPLE._replace(
                population=412,
                left_out=1,
                size=30,
                stratified_by="Plan",
                allocation=Allocation.PROPORTIONAL,
                strata=strata,
                replaced={Reason.NO_RECORD: 2, Reason.OTHER: 1},
                removed=1,
            )
        )
    )
    assert "from a list of 412 cases; 1 case of the list in the audit already could not be drawn." in text
    assert "divided by “Plan” into 3 strata; each gave cases in proportion to its size " in text
    assert "(Child in need 20 of 300; Child protection 9 of 110; Other 0 of 2)" in text
    assert "No case was drawn from Other, of which the sample says nothing." in text
    assert (
        "3 cases drawn were replaced by the next in the drawn order of the same stratum: "
        "2 with a record that could not be found or opened and 1 for another reason."
    ) in text
    assert "1 case drawn was taken out and not replaced." in text
    assert "of the percentage in the 410 cases of the strata sampled" in text


def test_equal_strata_say_that_percentages_need_weights() -> None:
    equal = SIMPLE._replace(
        stratified_by="Team",
        allocation=Allocation.EQUAL,
        at_least_one=True,
        strata=[line("N", 2_000, 30, 2_471), line("S", 471, 30, 2_471)],
    )
    text = " ".join(method_sentences(equal))
    assert "the same number was taken from each as far as it has so many, and at least one" in text
    assert "percentage weighted by its share of the list" in text


def test_a_whole_population_has_no_margin() -> None:
    whole = SIMPLE._replace(population=12, size=12, strata=[line("", 12, 12, 12)])
    text = " ".join(method_sentences(whole))
    assert "holds all of the 12 cases of the list, so there is no margin of error from sampling" in text
    assert "generalised" not in text
