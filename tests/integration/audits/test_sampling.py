"""The sample of an audit, by its pages: a list brought in, its columns, the draw, a case replaced."""

import io
from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from qa.audits.lifecycle import ReturnState, Stage
from qa.audits.models import Audit, Case, Return
from qa.audits.queries import audit_profiles
from qa.audits.sampling.drawing import Member, digest, draw
from qa.audits.sampling.models import PopulationList, Sample, Unit
from qa.audits.sampling.vocabulary import UnitState
from qa.db import db, now, today, writing
from qa.trail.models import TrailEntry
from tests.integration.audits.conftest import Place
from tests.support.factories import Maker
from tests.support.pages import Browser, Page
from tests.support.samples import population

Entries = Callable[[str], Sequence[TrailEntry]]


@pytest.fixture
def audit(place: Place, make: Maker) -> Audit:
    """An audit in planning."""
    made: Audit = make.audit(place.area, place.edition, (place.police, place.health), stage=Stage.PLANNING)
    return made


def bring_in(lead: Browser, audit: Audit, content: bytes, name: str = "list.csv") -> Page:
    """Choose a list and send it."""
    return lead.post(f"/audits/{audit.id}/sample/list", {"file": (io.BytesIO(content), name)})


def listed(lead: Browser, audit: Audit, rows: int = 40) -> str:
    """Bring a list in and accept what was guessed of its columns; the address of the page of the draw."""
    page = bring_in(lead, audit, population(rows))
    assert page.heading == "What the columns are"
    page = lead.submit(page.response.request.path, {})
    assert page.heading == "Draw the sample", page.text
    return page.response.request.path


def drawn(lead: Browser, address: str, **changes: object) -> Page:
    """Show the strata with these changes, then draw."""
    page = lead.get(address)
    shown = lead.post(address, {**page.form(), **changes, "show": "yes"})
    assert shown.heading == "Draw the sample"
    return lead.post(address, {**shown.form(), "draw": "yes"})


def cases(app: Flask, audit: Audit) -> list[str]:
    with app.app_context():
        return list(
            db.session.scalars(select(Case.reference).where(Case.audit_id == audit.id).order_by(Case.number))
        )


def number_of(app: Flask, model: type) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(model)) or 0


def expected(seed: str, rows: int, sizes: dict[str, int]) -> list[str]:
    """What the rule of the draw gives for the list of `population`, by team."""
    members = [Member(f"L{n:04}", f"Team {n % 4 // 3}") for n in range(1, rows + 1)]
    made = draw(members, seed, sizes, 0)
    return [reference for team in sorted(sizes) for reference in made[team].cases]


def test_from_a_list_to_cases_with_their_profile(
    app: Flask, place: Place, audit: Audit, lead: Browser, entries: Entries
) -> None:
    start = lead.get(f"/audits/{audit.id}")
    page = lead.get(start.links["Draw a sample from a list"])
    page = lead.get(page.links["Bring in a population list"])
    page = bring_in(lead, audit, population())
    assert "40 rows in 3 columns" in page.text
    assert "Guessed: by its heading" in page.text
    address = listed(lead, audit)
    page = lead.get(address)
    assert "40 cases can be drawn" in page.text
    typed = {**page.form(), "size": "10", "column": "1", "seed": "march 2026", "reserve": "2"}
    page = lead.post(address, {**typed, "show": "yes"})
    assert "Team 0 30 75.0% 8 ±" in page.text
    assert "Team 1 10 25.0% 2 ±" in page.text
    assert "does not allow percentages to be generalised" in page.text
    page = lead.post(address, {**page.form(), "draw": "yes"})
    assert page.heading == "Sample"
    assert "10 cases are drawn" in page.text
    # 7.5 and 2.5 of ten: of equal fractions the larger stratum's comes first.
    assert cases(app, audit) == expected("march 2026", 40, {"Team 0": 8, "Team 1": 2})
    with app.app_context():
        profiles = audit_profiles(audit.id, place.edition)
        assert {profile["pathway"] for profile in profiles.values()} == {"early_help", "child_protection"}
        assert len(profiles) == 10
        sample = db.session.scalars(select(Sample)).one()
        members = [Member(f"L{n:04}", f"Team {n % 4 // 3}") for n in range(1, 41)]
        assert (sample.seed, sample.digest) == ("march 2026", digest(members))
        reserve = db.session.scalars(select(Unit).where(Unit.state == UnitState.RESERVE)).all()
        assert len(reserve) == 4
    assert number_of(app, PopulationList) == 0
    assert "Population list Deleted" in page.text
    assert "“march 2026”" in page.text
    hub = lead.get(f"/audits/{audit.id}")
    assert "10 cases were drawn at random" in hub.text
    assert [entry.event for entry in entries("sampling.")] == [
        "sampling.list_brought_in",
        "sampling.list_brought_in",
        "sampling.columns_chosen",
        "sampling.drawn",
    ]
    assert entries("sampling.drawn")[0].fields == "cases,list_deleted,seed"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("Case ID,Child's name\nC1,Ann\nC2,Ben\n", "Child's name The whole column a person’s name"),
        ("Case ID,Since\nC1,14/03/2011\nC2,x\nC3,x\n", "Since Row 2 a date of birth"),
        ("Case ID,Note\nC1,943 476 5919\nC2,x\nC3,x\n", "Note Row 2 an NHS number"),
        ("Case ID,Plan\nAnn Smith,x\nC2,y\nC3,x\n", "Case ID Row 2 a person’s name"),
    ],
)
def test_a_list_that_could_identify_somebody_is_not_kept(
    app: Flask, audit: Audit, lead: Browser, entries: Entries, content: str, words: str
) -> None:
    page = bring_in(lead, audit, content.encode())
    assert "Nothing of it was kept" in page.field_error("file")
    assert words in page.text
    assert "Ann Smith" not in page.text
    assert "14/03/2011" not in page.text
    assert number_of(app, Sample) == number_of(app, PopulationList) == 0
    assert entries("sampling.") == []


def test_references_chosen_later_that_are_names_delete_the_list(
    app: Flask, audit: Audit, lead: Browser, entries: Entries
) -> None:
    page = bring_in(lead, audit, b"Case ID,Who\nC1,Ann Smith\nC2,Ben Jones\nC3,x\n")
    assert page.heading == "What the columns are"
    page = lead.post(page.response.request.path, {**page.form(), "use-0": "ignore", "use-1": "reference"})
    assert "so the list was deleted" in page.field_error("file")
    assert "2 Who The reference looks like a person’s name" in page.text
    assert number_of(app, Sample) == number_of(app, PopulationList) == 0
    assert entries("sampling.")[-1].event == "sampling.list_deleted"


def test_columns_are_put_right_beside_them_and_nothing_chosen_is_lost(
    app: Flask, audit: Audit, lead: Browser
) -> None:
    rows = "".join(f"C{n},{'Early help' if n % 2 else 'Care leaver'},T{n % 3}\n" for n in range(12))
    page = bring_in(lead, audit, f"Case ID,Pathway,Team\n{rows}".encode())
    address = page.response.request.path
    assert "1 value of “Pathway” is no answer of that field" in page.text
    page = lead.post(address, page.form())
    (name,) = [key for key in page.form() if key.startswith("value-")]
    assert page.field_error(name) == "Choose which answer “Care leaver” is, or leave it empty"
    assert page.errors == ["Choose which answer “Care leaver” is, or leave it empty"]
    page = lead.post(
        address, {**page.form(), name: "child_protection", "use-0": "strata", "use-2": "reference"}
    )
    assert "The case of row 2 again, with other values" in page.text
    assert page.form()[name] == "child_protection"
    page = lead.post(address, {**page.form(), "use-0": "ignore", "use-2": "ignore"})
    assert page.field_error("use-0") == "Choose which column holds the case’s reference"
    page = lead.post(address, {**page.form(), "use-0": "reference", "use-2": "strata"})
    assert page.heading == "Draw the sample"
    page = drawn(lead, page.response.request.path, size="12", reserve="0")
    assert "The sample holds all of the 12 cases of the list" in page.text


def test_cases_that_are_there_already_are_pointed_out_and_not_drawn(
    app: Flask, audit: Audit, make: Maker, lead: Browser
) -> None:
    make.case(audit, "l0003")
    page = bring_in(lead, audit, population(6) + b"\nL0002,Early help,Team 0\n")
    page = lead.submit(page.response.request.path, {})
    assert "5 cases can be drawn. 1 row says the same again of a case; each case counts once." in page.text
    assert "1 case of the list is in the audit already and cannot be drawn." in page.text
    page = drawn(lead, page.response.request.path, size="5")
    assert "from a list of 5 cases; 1 case of the list in the audit already could not be drawn" in page.text
    assert len(cases(app, audit)) == 6


def test_mistakes_in_the_draw_stand_beside_their_fields(app: Flask, audit: Audit, lead: Browser) -> None:
    address = listed(lead, audit)
    page = lead.get(address)
    bad = {"size": "41", "seed": "", "reserve": "201", "keep": "y", "draw": "yes"}
    page = lead.post(address, {**page.form(), **bad})
    assert page.field_error("seed") == "Enter a seed: any word or number"
    assert "from 0 to 200" in page.field_error("reserve")
    assert page.field_error("keep_until") == "Enter the day until which the list is kept"
    assert page.form()["size"] == "41"
    page = lead.post(address, {**page.form(), "seed": "x", "reserve": "0", "keep": [], "draw": "yes"})
    assert page.field_error("size") == "The number of cases must be from 1 to 40"
    page = lead.post(address, {**page.form(), "size": "1", "column": "1", "at_least_one": "y", "show": "yes"})
    assert "There are 2 strata: draw at least 2 cases" in page.field_error("size")
    assert cases(app, audit) == []


def test_nothing_is_drawn_that_was_not_shown(app: Flask, audit: Audit, make: Maker, lead: Browser) -> None:
    address = listed(lead, audit)
    page = lead.get(address)
    page = lead.post(address, {**page.form(), "size": "7", "draw": "yes"})
    assert "These are the strata now. Look at them, then draw" in page.errors
    assert cases(app, audit) == []
    make.case(audit, "L0001")
    page = lead.post(address, {**page.form(), "draw": "yes"})
    assert "These are the strata now" in page.errors[0]
    page = lead.submit(address.replace("/draw", "/columns"), {})
    assert "39 cases can be drawn" in page.text
    page = drawn(lead, address, size="7")
    assert "7 cases are drawn" in page.text


def test_the_same_list_and_seed_give_the_same_draw(
    app: Flask, place: Place, audit: Audit, make: Maker, lead: Browser
) -> None:
    other = make.audit(place.area, place.edition, (place.police,), stage=Stage.PLANNING)
    lines = population().decode().split("\n")
    shuffled = "\n".join([lines[0], *sorted(lines[1:], reverse=True)]).encode()
    for each, content in ((audit, population()), (other, shuffled)):
        page = bring_in(lead, each, content)
        page = lead.submit(page.response.request.path, {})
        drawn(lead, page.response.request.path, size="9", seed="same")
    assert cases(app, audit) == cases(app, other)
    with app.app_context():
        assert len(set(db.session.scalars(select(Sample.digest)))) == 1


def test_a_list_kept_on_purpose_says_who_and_until_when_and_goes_in_time(
    app: Flask, audit: Audit, lead: Browser, entries: Entries
) -> None:
    address = listed(lead, audit)
    day = today() + timedelta(days=20)
    until = [str(day.day), str(day.month), str(day.year)]
    page = drawn(lead, address, size="5", keep="y", keep_until=until)
    assert f"Kept on purpose by Quinn Lead until {day.day} {day:%B %Y}" in page.text
    assert entries("sampling.drawn")[0].fields == "cases,list_kept,seed"
    with app.app_context():
        assert db.session.scalars(select(PopulationList.content)).one() is None
        with writing() as session:
            session.execute(update(Sample).values(kept_until=today() - timedelta(days=1)))
    page = lead.get(f"/audits/{audit.id}/sample")
    assert "Population list Deleted" in page.text
    assert number_of(app, PopulationList) == 0
    assert entries("sampling.list_deleted")[0].person_id is None


def test_a_kept_list_is_deleted_by_its_button(app: Flask, audit: Audit, lead: Browser) -> None:
    day = today() + timedelta(days=20)
    until = [str(day.day), str(day.month), str(day.year)]
    page = drawn(lead, listed(lead, audit), size="5", keep="y", keep_until=until)
    page = lead.submit(page.links["Delete the list of the sample"], {})
    assert "The list is deleted." in page.text
    assert number_of(app, PopulationList) == 0
    assert len(cases(app, audit)) == 5


def test_a_list_that_waits_is_deleted_by_its_button_or_after_two_weeks(
    app: Flask, audit: Audit, lead: Browser
) -> None:
    listed(lead, audit)
    page = lead.get(f"/audits/{audit.id}/sample")
    lead.submit(page.links["Delete the list"], {})
    assert number_of(app, Sample) == 0
    listed(lead, audit)
    with app.app_context(), writing() as session:
        session.execute(update(Sample).values(uploaded_at=now() - timedelta(days=15)))
    page = lead.get(f"/audits/{audit.id}/sample")
    assert "Bring in a population list" in page.text
    assert number_of(app, Sample) == number_of(app, PopulationList) == 0


def test_another_list_takes_the_place_of_one_that_waits(app: Flask, audit: Audit, lead: Browser) -> None:
    address = listed(lead, audit)
    form = lead.get(address).form()
    listed(lead, audit, 12)
    assert number_of(app, Sample) == number_of(app, PopulationList) == 1
    assert "12 cases can be drawn" in lead.get(address).text
    shown = lead.post(address, {**form, "size": "5", "show": "yes"})
    page = lead.post(address, {**shown.form(), "draw": "yes"}, status=409)
    assert "12 rows, not drawn from" in page.text
    assert cases(app, audit) == []


def first_case(app: Flask, audit: Audit) -> int:
    with app.app_context():
        return db.session.scalars(
            select(Case.id).where(Case.audit_id == audit.id).order_by(Case.number).limit(1)
        ).one()


def test_a_case_is_replaced_by_the_next_in_line_with_its_returns(
    app: Flask, place: Place, audit: Audit, lead: Browser, entries: Entries
) -> None:
    drawn(lead, listed(lead, audit), size="5", seed="s", reserve="1")
    lead.submit(f"/audits/{audit.id}/allocation", {"agencies": [str(place.police.id)]}, holding="agencies")
    before, old = cases(app, audit), first_case(app, audit)
    order = draw([Member(f"L{n:04}") for n in range(1, 41)], "s", {"": 6}, 0)[""].cases
    assert before == list(order[:5])
    with app.app_context(), writing() as session:
        session.execute(update(Return).where(Return.case_id == old).values(auditor_id=place.ann.id))
    page = lead.get(lead.get(f"/audits/{audit.id}/cases/{old}").links["Replace this case"])
    assert f"Case {order[5]} takes its place" in page.text
    assert "The 1 return allocated" in page.text
    address = page.response.request.path
    page = lead.post(address, {**page.form(), "reason": "other"})
    assert page.field_error("note") == "Say what the reason is"
    page = lead.post(address, {**page.form(), "note": "Closed before the period began."})
    assert f"Case {order[0]} is replaced by case {order[5]}" in page.text
    assert cases(app, audit) == [*before[1:], order[5]]
    with app.app_context():
        moved = db.session.scalars(
            select(Return).join(Case, Case.id == Return.case_id).where(Case.reference == order[5])
        ).one()
        assert (moved.agency_id, moved.auditor_id) == (place.police.id, place.ann.id)
    page = lead.get(f"/audits/{audit.id}/sample")
    assert f"{order[0]} {order[5]} Whole list Another reason Closed before the period began." in page.text
    assert "1 case drawn was replaced by the next in the drawn order: 1 for another reason." in page.text
    assert "0 cases" in page.text
    (entry,) = entries("sampling.case_replaced")
    assert entry.fields == "case,note,reason"
    page = lead.get(f"/audits/{audit.id}/cases/{first_case(app, audit)}/replace")
    assert "No case is left in reserve" in page.text


def test_a_case_on_which_an_agency_has_begun_is_not_replaced(
    app: Flask, place: Place, audit: Audit, make: Maker, lead: Browser
) -> None:
    drawn(lead, listed(lead, audit), size="5", reserve="3")
    case_id = first_case(app, audit)
    with app.app_context():
        case = db.session.get_one(Case, case_id)
        db.session.expunge_all()
    page = lead.get(f"/audits/{audit.id}/cases/{case_id}/replace")
    make.case_return(case, place.police, place.ann, state=ReturnState.IN_PROGRESS)
    refused = lead.post(f"/audits/{audit.id}/cases/{case_id}/replace", {**page.form(), "reason": "no_record"})
    assert "An agency has begun on this case" in refused.errors[0]
    assert "Police: in progress" in refused.text
    assert len(cases(app, audit)) == 5


def test_a_stale_replacement_shows_the_conflict(app: Flask, audit: Audit, lead: Browser) -> None:
    drawn(lead, listed(lead, audit), size="5", reserve="3")
    address = f"/audits/{audit.id}/cases/{first_case(app, audit)}/replace"
    form = lead.get(address).form()
    with app.app_context(), writing() as session:
        session.execute(update(Sample).values(version=Sample.version + 1))
    lead.post(address, {**form, "reason": "no_record"}, status=409)
    assert number_of(app, Unit) == 8


def test_a_case_removed_by_hand_is_said_and_leaves_the_record(
    app: Flask, audit: Audit, lead: Browser
) -> None:
    drawn(lead, listed(lead, audit), size="5")
    lead.submit(f"/audits/{audit.id}/cases/{first_case(app, audit)}/remove", {})
    page = lead.get(f"/audits/{audit.id}/sample")
    assert "1 case drawn was taken out and not replaced." in page.text


def test_a_draw_is_undone_while_nobody_has_begun(
    app: Flask, place: Place, audit: Audit, make: Maker, lead: Browser
) -> None:
    kept = make.case(audit, "BYHAND")
    page = drawn(lead, listed(lead, audit), size="5", reserve="2")
    lead.submit(f"/audits/{audit.id}/cases/{first_case(app, audit) + 1}/replace", {"reason": "duplicate"})
    lead.submit(f"/audits/{audit.id}/allocation", {"agencies": [str(place.police.id)]}, holding="agencies")
    page = lead.submit(page.links["Undo this draw"], {})
    assert "The draw is undone and its cases are removed" in page.text
    assert cases(app, audit) == ["BYHAND"]
    assert number_of(app, Sample) == number_of(app, Unit) == 0
    page = drawn(lead, listed(lead, audit), size="5")
    make.case_return(kept, place.health, state=ReturnState.IN_PROGRESS)
    with app.app_context():
        last = db.session.scalars(select(Case).order_by(Case.id.desc()).limit(1)).one()
        db.session.expunge_all()
    make.case_return(last, place.health, state=ReturnState.SUBMITTED)
    page = lead.submit(page.links["Undo this draw"], {})
    assert "so the draw cannot be undone" in page.errors[0]
    assert len(cases(app, audit)) == 6


def test_no_sample_where_cases_cannot_change_or_are_agencies(
    app: Flask, place: Place, make: Maker, lead: Browser, section_11: object
) -> None:
    closed = make.audit(place.area, place.edition, (place.police,), stage=Stage.PANEL)
    assert "No sample was drawn here" in lead.get(f"/audits/{closed.id}/sample").text
    page = lead.post(f"/audits/{closed.id}/sample/list", {"file": (io.BytesIO(population()), "a.csv")})
    assert "at the panel stage" in page.errors[0]
    own = make.audit(place.area, section_11, (place.police,), stage=Stage.PLANNING)  # type: ignore[arg-type]
    assert "no sample is drawn" in lead.get(f"/audits/{own.id}/sample").text
    lead.get(f"/audits/{own.id}/sample/list", status=404)


def test_a_large_sample_takes_no_more_statements(
    app: Flask, place: Place, make: Maker, lead: Browser
) -> None:
    counted = []
    for size in (5, 60):
        each = make.audit(place.area, place.edition, (place.police,), stage=Stage.PLANNING)
        address = listed(lead, each, 80)
        page = lead.get(address)
        shown = lead.post(address, {**page.form(), "size": str(size), "show": "yes"})
        counted.append(
            lead.post(address, {**shown.form(), "draw": "yes"}, follow=False, status=302).statements
        )
        assert len(cases(app, each)) == size
    assert counted[0] == counted[1]


def test_hostile_words_of_a_list_are_shown_as_words(app: Flask, audit: Audit, lead: Browser) -> None:
    rows = "".join(f"C{n},<script>alert({n % 2})</script>\n" for n in range(4))
    page = bring_in(lead, audit, f"Case ID,<b>Team\n{rows}".encode())
    assert "<script>alert" not in page.html
    assert "<script>alert(0)</script>" in page.text
    page = lead.submit(page.response.request.path, {})
    page = drawn(lead, page.response.request.path, size="2", column="0", seed="<i>s</i>")
    assert "<i>s</i>" not in page.html
    assert "<i>s</i>" in page.text


def test_a_list_goes_in_time_although_nobody_looks(
    app: Flask, audit: Audit, lead: Browser, entries: Entries
) -> None:
    listed(lead, audit)
    app.test_cli_runner().invoke(args=["jobs", "run"])
    assert number_of(app, PopulationList) == 1
    with app.app_context(), writing() as session:
        session.execute(update(Sample).values(uploaded_at=now() - timedelta(days=15)))
    assert app.test_cli_runner().invoke(args=["jobs", "run"]).exit_code == 0
    assert number_of(app, Sample) == number_of(app, PopulationList) == 0
    assert entries("sampling.list_deleted")[0].person_id is None


def checked(lead: Browser, audit: Audit, content: bytes) -> str:
    """What the page says of a list."""
    page = lead.get(lead.get(f"/audits/{audit.id}/sample").links["Check a list against this draw"])
    return lead.post(page.response.request.path, {"file": (io.BytesIO(content), "list.csv")}).text


def test_whoever_has_the_list_can_tell_that_it_is_the_one(
    app: Flask, audit: Audit, make: Maker, lead: Browser
) -> None:
    make.case(audit, "L0002")
    rows = [f"L{n:04},{('Early help', 'Care leaver', '')[n % 3]},Team {n % 4}" for n in range(1, 41)]
    head = "Case reference,Pathway,Team"
    page = bring_in(lead, audit, "\n".join([head, *rows]).encode())
    (name,) = [key for key in page.form() if key.startswith("value-")]
    page = lead.post(page.response.request.path, {**page.form(), name: "child_protection"})
    drawn(lead, page.response.request.path, size="9", column="0", seed="s", reserve="2")
    lead.submit(f"/audits/{audit.id}/cases/{first_case(app, audit) + 1}/replace", {"reason": "duplicate"})
    shuffled = "\n".join([head, *sorted(rows, reverse=True)]).encode()
    said = checked(lead, audit, shuffled)
    assert "The same list Its 39 cases" in said
    assert "The same draw With the seed “s”" in said
    more = "\n".join([head, *rows, "L9999,Early help,Team 1"]).encode()
    assert "Another list The 40 cases" in checked(lead, audit, more)
    moved = "\n".join([head, *(row.replace("Care leaver", "Early help") for row in rows)]).encode()
    assert "Another list" in checked(lead, audit, moved)
    fewer = "\n".join([head, *rows[:3]]).encode()
    assert "not in it" in checked(lead, audit, fewer)
    assert number_of(app, PopulationList) == 0
