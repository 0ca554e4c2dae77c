"""What an audit's analysis and report say of views: counted once a case, quoted only with consent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from qa.accounts.permissions import Role
from qa.audits.lifecycle import Stage
from qa.audits.models import Audit
from qa.db import now, writing
from qa.feedback.counting import QUOTED, views_of
from qa.feedback.models import Feedback
from qa.feedback.vocabulary import Listened, Sought, Voice
from tests.integration.analysis.reading import tables
from tests.integration.reports.reading import pdf
from tests.integration.returns.conftest import World
from tests.support.factories import TEMPLATES
from tests.support.pages import Page

Add = Callable[..., Feedback]
CASES = 4
SOUGHT_TABLE = "Whose views were sought, by number of cases: figures"
LISTENED_TABLE = "How far people felt listened to: figures"


@pytest.fixture
def cases(world: World) -> list[int]:
    """The numbers of four cases of the audit."""
    return [world.case.id, *(world.make.case(world.audit).id for _ in range(CASES - 1))]


def analysis(world: World) -> Page:
    return world.browser(world.qa_lead).get(f"/audits/{world.audit.id}/analysis")


def test_without_any_the_page_says_so(world: World) -> None:
    assert "No views of children, families or practitioners are recorded." in analysis(world).text


def test_a_case_counts_once_a_voice_by_the_best_there_is(world: World, cases: list[int], add: Add) -> None:
    add()
    add(outcome=Sought.DECLINED, reason="Later declined.", helped="", listened=None)
    add(case_id=cases[1], outcome=Sought.NOT_POSSIBLE, reason="A baby.", helped="", listened=None)
    add(case_id=cases[2], voice=Voice.PARENT, outcome=Sought.DECLINED, reason="No.", helped="", listened=None)
    add(voice=Voice.PARENT, listened=Listened.NOT_AT_ALL)
    add(voice=Voice.PARENT, listened=Listened.FULLY)
    add(case_id=cases[3], helped="Removed.", removed_at=now(), removed_reason="Wrong.")
    page = analysis(world)
    text = "Views were sought in 2 of 4 cases. They were given by children in 1, parents and carers in 1 and"
    assert text in page.text
    assert tables(page)[SOUGHT_TABLE] == [
        ["Children", "1", "0", "1", "0", "2", "25.0%"],
        ["Parents and carers", "1", "1", "0", "0", "2", "50.0%"],
        ["Practitioners", "0", "0", "0", "0", "4", "0.0%"],
    ]
    assert tables(page)[LISTENED_TABLE] == [
        ["Children", "0", "1", "0", "0", "0", "1"],
        ["Parents and carers", "1", "0", "0", "1", "0", "2"],
    ]
    assert "1 of 1 children and 1 of 2 parents and carers who said" in page.text


def test_only_those_who_agreed_are_quoted_and_nobody_knows_of_which_case(world: World, add: Add) -> None:
    add(quotable=True, helped="She kept\nher word.", other="A lift home.")
    add(voice=Voice.PRACTITIONER, quotable=True, helped="", proud="He trusts us.", listened=None)
    add(voice=Voice.PARENT, quotable=False, helped="Not to be quoted.")
    add(quotable=True, helped="Gone.", removed_at=now(), removed_reason="Asked.")
    page = analysis(world)
    for text in ("Children: What helped?", "“She kept her word.”", "“A lift home.”", "“He trusts us.”"):
        assert text in page.text
    assert "Not to be quoted." not in page.text
    assert "Gone." not in page.text
    assert "C014" not in page.text


def test_quotes_keep_their_order_and_those_left_out_are_counted(world: World, add: Add) -> None:
    for number in range(QUOTED + 3):
        add(quotable=True, place=(number * 7919) % 1000, helped=f"Quote {number}.")
    page = analysis(world)
    assert page.text.count("“Quote") == QUOTED
    assert "3 more people agreed and are not quoted." in page.text
    order = [word for word in page.text.split() if word.rstrip(".”").isdigit() and word.endswith(".”")]
    assert order != sorted(order, key=lambda word: int(word.rstrip(".”")))
    again = analysis(world)
    assert [word for word in again.text.split() if word in order] == [
        word for word in page.text.split() if word in order
    ]


def test_the_report_says_it_too_on_the_page_and_in_the_pdf(world: World, add: Add) -> None:
    add(quotable=True)
    lead, address = world.browser(world.qa_lead), f"/audits/{world.audit.id}/report"
    for text in (lead.get(address).text, " ".join(pdf(lead.get(f"{address}.pdf")).text.split())):
        assert "What children, families and practitioners said" in text
        assert "Views were sought in 1 of 1 case." in text
        assert "She came when she said." in text


def test_a_self_assessment_has_no_such_part(world: World) -> None:
    edition = world.make.edition(TEMPLATES / "section_11.yaml")
    audit = world.make.audit(world.area, edition, (world.health,), stage=Stage.PANEL)
    world.make.case(audit, agency_id=world.health.id)
    for page in ("analysis", "report"):
        text = world.browser(world.qa_lead).get(f"/audits/{audit.id}/{page}").text
        assert "What children, families and practitioners said" not in text


def test_members_read_it_once_the_audit_is_reported(world: World, add: Add) -> None:
    add(quotable=True)
    member = world.make.person(Role.PARTNERSHIP_MEMBER, area=world.area)
    address = f"/audits/{world.audit.id}/analysis"
    world.browser(member).get(address, status=404)
    with world.app.app_context(), writing() as session:
        session.get_one(Audit, world.audit.id).stage = Stage.REPORTED
    assert "She came when she said." in world.browser(member).get(address).text


def test_the_statements_are_the_same_however_many_views_there_are(
    world: World, cases: list[int], add: Add
) -> None:
    addresses = [f"/audits/{world.audit.id}/{page}" for page in ("analysis", "report")]
    lead = world.browser(world.qa_lead)
    for address in addresses:
        lead.get(address)
    few = [lead.get(address).statements for address in addresses]
    assert max(few) <= 12
    for number in range(60):
        voice = list(Voice)[number % 3]
        add(case_id=cases[number % CASES], voice=voice, quotable=True, place=number)
    assert [lead.get(address).statements for address in addresses] == few


ENTRIES = st.lists(
    st.tuples(
        st.integers(0, CASES - 1),
        st.sampled_from(Voice),
        st.sampled_from(Sought),
        st.sampled_from([None, *Listened]),
        st.booleans(),
        st.booleans(),
    ),
    max_size=14,
)


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(entries=ENTRIES)
def test_it_counts_as_one_would_by_hand(world: World, cases: list[int], add: Add, entries: list) -> None:  # type: ignore[type-arg]
    with world.app.app_context(), writing() as session:
        session.execute(delete(Feedback))
    for place, (case, voice, sought, felt, quotable, removed) in enumerate(entries):
        given_views = sought is Sought.GIVEN
        add(
            case_id=cases[case],
            voice=voice,
            outcome=sought,
            listened=felt if given_views else None,
            quotable=quotable and given_views,
            helped=f"Words {place}." if given_views else "",
            place=place,
            removed_at=now() if removed else None,
        )
    held = [entry[:5] for entry in entries if not entry[5]]
    with world.app.app_context():
        figures, quotes = views_of(world.audit.id, CASES)
    order = list(Sought)
    best: Counter[tuple[Voice, Sought]] = Counter()
    for voice in Voice:
        for case in range(CASES):
            found = [order.index(one[2]) for one in held if one[:2] == (case, voice)]
            if found:
                best[voice, order[min(found)]] += 1
    assert figures.best == best
    assert figures.asked == len({one[0] for one in held if one[2] in {Sought.GIVEN, Sought.DECLINED}})
    said = [one for one in held if one[2] is Sought.GIVEN]
    assert figures.entries == Counter(one[1] for one in said)
    assert figures.listened == Counter((one[1], one[3]) for one in said if one[3])
    people = Counter(one[1] for one in said if one[4])
    assert Counter(quote.voice for quote in quotes.shown) == {
        voice: min(number, QUOTED) for voice, number in people.items()
    }
    assert quotes.more == {voice: number - QUOTED for voice, number in people.items() if number > QUOTED}
