"""A return's life in any order: two people save, clash, submit, take back, send back. Nothing is lost."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from itertools import count
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from qa.accounts.permissions import CurrentPerson, Role
from qa.audits.lifecycle import ReturnState
from qa.audits.models import Return
from qa.db import db
from qa.frameworks.answers import AnswerValue
from qa.frameworks.reading import edition_tree
from qa.returns.completing import seen_digest
from qa.returns.models import Finding
from qa.returns.queries import contents, get_return
from qa.returns.section_page import section_page
from qa.returns.typed import Typed
from qa.returns.views.section import _fresh
from tests.integration.returns.conftest import COMPLETE_FRONT_DOOR, FRONT_DOOR, World
from tests.support.pages import Page

CASES = count(1)
TEXTS = ["one", "two", "thr\nee"]
FIELDS: dict[str, list[Any]] = {
    "q-consent": ["yes", "partly", "not_applicable"],
    "q-consulted": [[], ["health"], ["health", "police"]],
    "q-decision_days": ["", "3", "14"],
    "e-front_door_grade": TEXTS,
    "q-reference_used": ["", "level 2", "level 3"],
    "f-strength": TEXTS,
}


@dataclass
class Tab:
    """One person's open page: what it showed, what was typed since, and what else its form carries."""

    person: CurrentPerson
    shown: dict[str, Any] = field(default_factory=dict)
    typed: dict[str, Any] = field(default_factory=dict)
    changes: dict[str, int] = field(default_factory=dict)
    hidden: dict[str, str] = field(default_factory=dict)
    sending: int = 0


class ReturnLife(RuleBasedStateMachine):
    """Beside the return it keeps what every answer must be, by the rules that people are told."""

    def __init__(self, world: World, colleague: CurrentPerson) -> None:
        super().__init__()
        self.world = world
        self.tabs = [Tab(world.auditor), Tab(colleague)]
        self.tokens = {tab.person.id: world.browser(tab.person).token() for tab in self.tabs}
        self.tokens[world.qa_lead.id] = world.browser(world.qa_lead).token()

    @initialize()
    def begin(self) -> None:
        """A return that could be submitted as it is, with a strength."""
        case = self.world.make.case(self.world.audit, f"L{next(CASES)}")
        self.row = self.world.make.case_return(case, self.world.health)
        self.state = ReturnState.IN_PROGRESS
        self.truth: dict[str, Any] = dict.fromkeys(FIELDS, "") | {"q-consulted": []}
        self.counts = dict.fromkeys(FIELDS, 0)
        self.read(self.tabs[0])
        start = {**COMPLETE_FRONT_DOOR, "f-strength-n1": "one"}
        self.post(self.tabs[0], "", {**self.tabs[0].hidden, **start, "do": "stay"}, 302)
        self.truth |= {"q-consent": "yes", "f-strength": "one"}
        self.truth["e-front_door_grade"] = COMPLETE_FRONT_DOOR["e-front_door_grade"]
        for tab in self.tabs:
            self.read(tab)

    # --- the pages ---

    @property
    def address(self) -> str:
        return f"/returns/{self.row.id}"

    def post(self, tab: Tab, end: str, data: dict[str, Any], *status: int) -> Any:
        """Send a section's form."""
        address = f"{self.address}/sections/{FRONT_DOOR}{end}"
        return self.send(tab.person, address, data, *status)

    def send(self, person: CurrentPerson, address: str, data: dict[str, Any], *status: int) -> Any:
        client = self.world.browser(person).client
        response = client.post(address, data={**data, "csrf_token": self.tokens[person.id]})
        assert response.status_code in status, response.get_data(as_text=True)
        return response

    def read(self, tab: Tab) -> None:
        """Open the page afresh."""
        with self.world.app.app_context():
            record = get_return(tab.person, self.row.id)
            tree = edition_tree(record.edition_id)
            held = contents(record.id, tree, FRONT_DOOR)
            page = section_page(record, tree, tree.content.sections[0], held, Typed(_fresh()))
            db.session.rollback()
        assert page is not None
        rows = [row for found in page.findings for row in found.rows]
        tab.hidden = {"form": str(page.key)} | {block.mark_name: block.mark for block in page.blocks}
        tab.hidden |= {row.mark_name: row.mark for row in rows}
        tab.shown, tab.changes, tab.sending = dict(self.truth), dict(self.counts), 0
        tab.typed = dict(self.truth)
        self.strength = rows[0].name

    def form(self, tab: Tab) -> dict[str, Any]:
        """What the tab's form sends: the questions of FIELDS and the strength."""
        opening = tab.hidden["form"].split("-")[0]
        marks = {name: mark for name, mark in tab.hidden.items() if name.startswith("m-")}
        marks |= {
            f"v-{name[2:]}": tab.hidden[f"v-{name[2:]}"] for name in FIELDS if not name.startswith("f-")
        }
        values = {self.strength if name == "f-strength" else name: v for name, v in tab.typed.items()}
        return {"form": f"{opening}-{tab.sending}", **marks, **values, "q-front_door_grade": "good"}

    # --- what people do ---

    @rule(number=st.integers(0, 1))
    def open(self, number: int) -> None:
        self.read(self.tabs[number])

    @rule(number=st.integers(0, 1), name=st.sampled_from(sorted(FIELDS)), place=st.integers(0, 2))
    def write(self, number: int, name: str, place: int) -> None:
        self.tabs[number].typed[name] = FIELDS[name][place]

    def clashes(self, tab: Tab) -> set[str]:
        """What this tab and somebody else have both changed, to different things."""
        return {
            name
            for name in FIELDS
            if tab.typed[name] != tab.shown[name]
            and tab.changes[name] != self.counts[name]
            and tab.typed[name] != self.truth[name]
        }

    def take(self, tab: Tab, leave: set[str]) -> None:
        """Note that what the tab changed is now what is kept."""
        for name in FIELDS:
            changed = tab.typed[name] != tab.shown[name] and name not in leave
            if changed and tab.typed[name] != self.truth[name]:
                self.truth[name] = tab.typed[name]
                self.counts[name] += 1

    @rule(number=st.integers(0, 1), choice=st.sampled_from(["mine", "theirs", "neither"]))
    def press_save(self, number: int, choice: str) -> None:
        tab, clashes = self.tabs[number], self.clashes(self.tabs[number])
        if self.state.complete:
            page = Page(self.post(tab, "", {**self.form(tab), "do": "stay"}, 200), 0)
            assert "has been completed" in page.errors[0]
            assert page.form("form")["q-reference_used"] == tab.typed["q-reference_used"]
            return
        tab.sending += 1
        response = self.post(tab, "", {**self.form(tab), "do": "stay"}, 409 if clashes else 302)
        if clashes:
            self.choose(tab, Page(response, 0), choice, clashes)
        else:
            self.take(tab, set())
            self.read(tab)

    @rule(
        first=st.integers(0, 1),
        name=st.sampled_from(sorted(FIELDS)),
        places=st.permutations(range(3)),
        choice=st.sampled_from(["mine", "theirs", "neither"]),
    )
    def meet(self, first: int, name: str, places: list[int], choice: str) -> None:
        """Both change the same, and one is the first to save."""
        for number in (0, 1):
            self.tabs[number].typed[name] = FIELDS[name][places[number]]
        self.press_save(first, choice)
        self.press_save(1 - first, choice)

    def choose(self, tab: Tab, page: Page, choice: str, clashes: set[str]) -> None:
        """On the page of two versions."""
        if choice == "neither":
            return
        keep = {"keep": "theirs"} if choice == "theirs" else {}
        self.post(tab, "", {**page.form("do"), **keep}, 302)
        self.take(tab, clashes if choice == "theirs" else set())
        self.read(tab)

    @rule(number=st.integers(0, 1), lost=st.booleans())
    def save_by_itself(self, number: int, lost: bool) -> None:
        """lost: the answer does not reach the page, which then knows nothing of the save."""
        tab, clashes = self.tabs[number], self.clashes(self.tabs[number])
        tab.sending += 1
        status = 403 if self.state.complete else 409 if clashes else 200
        answer = self.post(tab, "/autosave", self.form(tab), status).get_json()
        if self.state.complete:
            return
        # A second sending of one opening is never a clash with the first, so the model follows it too.
        self.take(tab, clashes)
        settled = [name for name in FIELDS if name not in clashes and tab.typed[name] == self.truth[name]]
        for name in settled:
            if tab.typed[name] != tab.shown[name] or tab.changes[name] == self.counts[name]:
                tab.shown[name], tab.changes[name] = tab.typed[name], self.counts[name]
        if not lost:
            tab.hidden |= answer["marks"]

    @precondition(lambda self: not self.state.complete)
    @rule(number=st.integers(0, 1))
    def submit(self, number: int) -> None:
        with self.world.app.app_context():
            seen = seen_digest(contents(self.row.id, self.world.edition))
            db.session.rollback()
        data = {"seen": seen, "declared": "y"}
        self.send(self.tabs[number].person, f"{self.address}/check-answers", data, 302)
        self.state = ReturnState.SUBMITTED

    @precondition(lambda self: not self.state.complete)
    @rule(number=st.integers(0, 1))
    def say_not_involved(self, number: int) -> None:
        with self.world.app.app_context():
            version = db.session.get_one(Return, self.row.id).version
        data = {"reason": "No record.", "version": version}
        self.send(self.tabs[number].person, f"{self.address}/not-involved", data, 302)
        self.state = ReturnState.NOT_INVOLVED

    @precondition(lambda self: self.state is ReturnState.NOT_INVOLVED)
    @rule(number=st.integers(0, 1))
    def take_back(self, number: int) -> None:
        self.send(self.tabs[number].person, f"{self.address}/involved", {}, 302)
        self.state = ReturnState.IN_PROGRESS

    @precondition(lambda self: self.state.complete)
    @rule()
    def send_back(self) -> None:
        self.send(self.world.qa_lead, f"{self.address}/send-back", {"reason": "Once more."}, 302)
        self.state = ReturnState.IN_PROGRESS

    # --- what always holds ---

    @invariant()
    def nothing_is_lost(self) -> None:
        if not hasattr(self, "row"):
            return
        with self.world.app.app_context():
            row = db.session.get_one(Return, self.row.id)
            assert row.state is self.state
            held = contents(row.id, self.world.edition)
            query = select(Finding.text, Finding.released).where(Finding.return_id == row.id)
            found = [tuple(one) for one in db.session.execute(query)]
            db.session.rollback()
        assert found == [(self.truth["f-strength"], self.state is ReturnState.SUBMITTED)]
        kept = {key: held.answers[key].value for key in held.answers}
        assert kept["consent"] == AnswerValue(option=self.truth["q-consent"])
        ticked = tuple(self.truth["q-consulted"])
        assert kept.get("consulted") == (AnswerValue(options=ticked) if ticked else None)
        number = self.truth["q-decision_days"]
        assert kept.get("decision_days") == (AnswerValue(number=Decimal(number)) if number else None)
        text = self.truth["q-reference_used"]
        assert kept.get("reference_used") == (AnswerValue(text=text) if text else None)
        assert held.answers["front_door_grade"].evidence == self.truth["e-front_door_grade"]


def test_the_life_of_a_return(world: World) -> None:
    colleague = world.make.person(Role.AUDITOR, agency=world.health)
    run_state_machine_as_test(
        lambda: ReturnLife(world, colleague),  # type: ignore[arg-type]  # any maker will do
        settings=settings(
            max_examples=20,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
