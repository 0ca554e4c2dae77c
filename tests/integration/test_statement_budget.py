"""Every page's SQL statements: few, and the same number at 20 cases and at 2,000."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from flask import Flask

from bench.load import FINDINGS_A_CASE, Load, content, load
from qa.accounts.models import Area
from qa.accounts.permissions import Role
from qa.audits.models import Audit, Case, EditionMove
from qa.audits.programme.models import PlannedAudit, Programme
from qa.audits.programme.planned import AuditMethod, Reason
from qa.db import db, now, today, writing
from qa.feedback.models import Feedback
from qa.feedback.vocabulary import Sought, Voice
from qa.findings.models import Theme
from qa.frameworks.commands import add_edition
from qa.frameworks.reading import edition_tree
from qa.jobs.lifecycle import JobState
from qa.jobs.models import Job
from qa.moderation.models import PanelMeeting
from qa.returns.models import Finding, FindingKind
from tests.support.application import Database, NewDatabase
from tests.support.factories import Maker
from tests.support.pages import Browser
from tests.support.samples import drawn_sample, listed_sample

MANY = 2_000
MOST = 12
MOST_OF_THE_COMMONEST = 8
COMMONEST = {
    "audits.index",
    "audits.cases",
    "returns.my_work",
    "returns.section",
    "findings.index",
    "recommendations.index",
    "moderation.agenda",
    "accounts.people",
    "frameworks.library",
}
# Pages that need something the load does not hold; each has a statement test with its own capability.
ELSEWHERE: dict[str, str] = {
    "accounts.set_password": "needs a one-time link",
    "returns.concern": "needs a concern",
    "guests.link": "needs a link",
    "guests.code": "needs a link",
    "recommendations.evidence": "needs a file",
    "reports.issued": "needs an issued report",
    "reports.issued_page": "needs an issued report",
    "jobs.file": "needs a file that a job has made",
    "home.health": "asks the database nothing",
    "identifiers.areas": "leads to the area's list of names, which is visited",
    "frameworks.choose_editions": "leads to the comparison, which is visited",
    "frameworks.confirm_word": "leads to choosing a document, which is visited",
}
QUESTIONS = 6
MEETING_PAGES = ("meeting", "change_meeting", "remove_meeting")


class World:
    """A loaded database and the people who look at it."""

    def __init__(self, app: Flask, make: Maker, cases: int) -> None:
        self.app = app
        self.unopened: set[str] = set()
        self.loaded: Load = load(app, cases, QUESTIONS)
        administrator = make.person(Role.ADMINISTRATOR, email="administrator@example.org")
        make.add(
            Job(
                kind="case_summaries",
                title="Case summaries",
                area_id=1,
                audit_id=self.loaded.audit_id,
                asked_by_id=administrator.id,
                asked_at=now(),
                state=JobState.DONE,
                ended_at=now(),
                done=cases,
                total=cases,
                arguments={"reference": "AUD-1"},
            )
        )
        self.draft_id = make.draft()
        # The load numbers its rows itself, which PostgreSQL's sequences do not notice: so must these.
        # What some pages need beyond the load: the area's own theme, an unanswered case, a panel's finding.
        theme = make.add(Theme(key="own", name="Own theme", area_id=1, created_at=now()))
        case = make.add(
            Case(
                id=cases + 1, audit_id=self.loaded.audit_id, number=cases + 1, reference="X", created_at=now()
            )
        )
        finding = make.add(
            Finding(
                id=cases * FINDINGS_A_CASE + 1,
                audit_id=self.loaded.audit_id,
                case_id=self.loaded.opened_case_id,
                kind=FindingKind.STRENGTH,
                text="Said at the panel.",
                released=True,
                created_at=now(),
            )
        )
        met = {"held_on": today(), "chair": "Somebody", "created_at": now()}
        meeting = make.add(PanelMeeting(audit_id=self.loaded.audit_id, **met))
        audit = Audit(id=self.loaded.audit_id)
        self.waiting_id = listed_sample(make, audit).id
        self.drawn_id = drawn_sample(make, audit, case).id
        views = make.add(
            Feedback(
                audit_id=self.loaded.audit_id,
                case_id=self.loaded.opened_case_id,
                voice=Voice.CHILD,
                outcome=Sought.GIVEN,
                helped="She listened.",
                place=1,
                entered_at=now(),
            )
        )
        move = self._moved(app, make)
        self._planned(app, make)
        self.special: dict[str, dict[str, int | str]] = {
            "moving.move": {"edition_id": move.to_edition_id},
            "moving.done": {"audit_id": move.audit_id, "move_id": move.id},
            "frameworks.add_shipped": {"key": "three_questions"},
            "frameworks.copy_shipped": {"key": "three_questions"},
            "audits.add_return": {"case_id": case.id},
            "sampling.replace": {"case_id": case.id},
            "sampling.delete": {"what": "list"},
            "sampling.check": {"sample_id": self.drawn_id},
            "audits.remove_case": {"case_id": case.id},
            "feedback.edit": {"feedback_id": views.id},
            "feedback.remove": {"feedback_id": views.id},
            "findings.theme": {"theme_id": theme.id},
            "moderation.change_finding": {"finding_id": finding.id},
            **{f"moderation.{name}": {"meeting_id": meeting.id} for name in MEETING_PAGES},
            "returns.send_back": {"return_id": 2},
            **{
                f"frameworks.{name}": {"key": key}
                for name, key in (
                    *((name, "front_door") for name in ("draft_section", "section_settings")),
                    *((name, "front_door") for name in ("add_question", "paste_questions")),
                    *((name, "consent") for name in ("draft_question", "move_to_section", "delete_part")),
                    ("draft_scale", "ofsted"),
                    ("draft_profile_field", "pathway"),
                )
            },
        }
        emails = (
            self.loaded.lead,
            self.loaded.auditor,
            self.loaded.agency_lead,
            "administrator@example.org",
        )
        self.browsers = {email: Browser(app, email) for email in emails}

    def _moved(self, app: Flask, make: Maker) -> EditionMove:
        """A move of an audit of its own to a newer edition of the framework that the load uses."""
        with app.app_context():
            with writing() as session:
                newer_id = add_edition(session, None, content(QUESTIONS), publish=True).id
            newer, area = edition_tree(newer_id), db.session.get_one(Area, 1)
            used = db.session.get_one(Audit, self.loaded.audit_id).edition_id
            db.session.remove()
        audit = make.audit(area, newer, id=self.loaded.audit_id + 1)
        moved = {"from_edition_id": used, "to_edition_id": newer_id, "moved_at": now()}
        made: EditionMove = make.add(EditionMove(audit_id=audit.id, **moved))
        return made

    def _planned(self, app: Flask, make: Maker) -> None:
        """A programme of the load's area; the load's audit is the last of it."""
        programme = make.add(
            Programme(area_id=1, starts_on=now().date().replace(month=4, day=1), created_at=now())
        )
        rows = [
            make.add(
                PlannedAudit(
                    programme_id=programme.id,
                    title=f"Planned {number}",
                    reason=Reason.DATA,
                    method=AuditMethod.MULTI_AGENCY,
                    quarter=1,
                    until=1,
                    created_at=now(),
                )
            )
            for number in range(8)
        ]
        with app.app_context(), writing() as session:
            session.get_one(Audit, self.loaded.audit_id).planned_id = rows[-1].id

    def addresses(self) -> Iterator[tuple[str, str]]:
        """Every GET page of the application with an address of this load."""
        values = {
            "audit_id": self.loaded.audit_id,
            "case_id": self.loaded.opened_case_id,
            "return_id": self.loaded.open_return_id,
            "key": self.loaded.section_key,
            "edition_id": 1,
            "other_id": 1,
            "framework_id": 1,
            "step": "withdraw",
            "recommendation_id": 1,
            "action_id": 1,
            "theme_id": 1,
            "finding_id": 1,
            "move_id": 1,
            "feedback_id": 1,
            "voice": "child",
            "sample_id": self.waiting_id,
            "meeting_id": 1,
            "job_id": 1,
            "person_id": 1,
            "agency_id": 1,
            "area_id": 1,
            "word": "open-panel",
            "what": "questions",
            "programme_id": 1,
            "planned_id": 1,
        }
        adapter = self.app.url_map.bind("localhost")
        for rule in self.app.url_map.iter_rules():
            if "GET" not in (rule.methods or ()) or rule.endpoint == "static" or rule.endpoint in ELSEWHERE:
                continue
            unknown = rule.arguments - set(values) - set(rule.defaults or ())
            assert not unknown, f"{rule.endpoint}: say what {unknown} is, or name the page in ELSEWHERE"
            of_draft = {"edition_id": self.draft_id} if "/drafts/" in rule.rule else {}
            chosen = {**values, **of_draft, **self.special.get(rule.endpoint, {})}
            yield rule.endpoint, adapter.build(rule.endpoint, {name: chosen[name] for name in rule.arguments})

    def statements(self) -> dict[str, int]:
        """Statements of every page, for the first person who may see it, the second time it is asked for."""
        found: dict[str, int] = {}
        for endpoint, address in self.addresses():
            for browser in self.browsers.values():
                if browser.client.get(address).status_code == 200:
                    found[endpoint] = browser.get(address).statements
                    break
            else:
                self.unopened.add(endpoint)
        assert not self.unopened, "nobody could open these: name them in ELSEWHERE or load what they need"
        return found


@pytest.fixture(scope="module")
def counted(
    new_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[int, dict[str, int]]]:
    """Statements of every page by the number of cases, counted once for all tests here."""
    with ExitStack() as stack:
        database = Database(stack, new_database, tmp_path_factory.mktemp("budget"))
        found = {}
        for cases in (20, MANY):
            database.close()
            database.reset()
            found[cases] = World(database.app, Maker(database.app), cases).statements()
        yield found


def test_no_page_sends_more_statements_than_its_budget(counted: dict[int, dict[str, int]]) -> None:
    over = {
        endpoint: count
        for endpoint, count in counted[20].items()
        if count > (MOST_OF_THE_COMMONEST if endpoint in COMMONEST else MOST)
    }
    assert not over
    assert not COMMONEST - set(counted[20]), "a page counted among the commonest is not there"


def test_the_number_is_the_same_at_two_thousand_cases(counted: dict[int, dict[str, int]]) -> None:
    few, many = counted[20], counted[MANY]
    different = {name: (count, many[name]) for name, count in few.items() if count != many[name]}
    assert not different
