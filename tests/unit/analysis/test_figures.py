"""Sums of figures."""

from collections import Counter

from hypothesis import given

from qa.analysis.figures import AgencyReturns, AuditFigures
from qa.audits.lifecycle import ReturnState
from qa.frameworks.content import FrameworkContent
from tests.unit.analysis.examples import audits

Audit = tuple[FrameworkContent, AuditFigures]


def test_returns_that_are_in_are_submitted_or_not_involved() -> None:
    states = {
        ReturnState.SUBMITTED: 5,
        ReturnState.NOT_INVOLVED: 2,
        ReturnState.IN_PROGRESS: 3,
        ReturnState.NOT_STARTED: 1,
    }
    agency = AgencyReturns(1, "Health Trust", states, 2)
    assert (agency.total, agency.complete) == (11, 7)


@given(audits)
def test_totals_are_the_sums_of_their_parts(audit: Audit) -> None:
    framework, figures = audit
    assert figures.returns == sum(figures.in_state(state) for state in ReturnState)
    assert figures.complete == figures.in_state(ReturnState.SUBMITTED) + figures.in_state(
        ReturnState.NOT_INVOLVED
    )
    keys = frozenset(section.key for section in framework.sections)
    by_section = sum((figures.of_section(key) for key in keys), Counter[str]())
    by_agency = sum(
        (figures.of_agency(agency.agency_id, keys) for agency in figures.agencies), Counter[str]()
    )
    assert by_section == by_agency == sum(figures.given.values(), Counter[str]())


@given(audits)
def test_what_was_never_counted_is_nothing(audit: Audit) -> None:
    _, figures = audit
    assert figures.agreed_in("no such section").total() == 0
    assert figures.of_section("no such section").total() == 0
    assert figures.of_agency(999, frozenset({"front_door"})).total() == 0
    assert figures.judged == figures.agreed_in(None).total()
