"""From a Word document to a draft: nothing before it is confirmed, and nothing typed is lost on the way."""

import io
from collections.abc import Callable, Mapping
from typing import Any

import docx
import pytest
from flask import Flask
from sqlalchemy import func, select

from qa.accounts.models import Area
from qa.accounts.permissions import Role
from qa.db import db
from qa.frameworks.drafts.documents import from_text
from qa.frameworks.editions import EditionTree
from qa.frameworks.models import Draft, Edition, Framework, Question
from qa.trail.models import TrailEntry
from tests.support.factories import Maker
from tests.support.pages import Browser, Page
from tests.unit.frameworks.word_files import OFSTED, add_table, of_markup, raw, tool_file

CHOOSE, CONFIRM = "/frameworks/import/word", "/frameworks/import/word/confirm"


@pytest.fixture
def area(make: Maker) -> Area:
    return make.area("Northside")


@pytest.fixture
def lead(make: Maker, area: Area, browser: Callable[[str], Browser]) -> Browser:
    """A QA lead's browser."""
    return browser(make.person(Role.QA_LEAD, area=area).email)


def send(lead: Browser, content: bytes, name: str = "tool.docx", target: str = "new") -> Page:
    return lead.post(CHOOSE, {"file": (io.BytesIO(content), name), "target": target})


def confirm(lead: Browser, page: Page, **changes: str | None) -> Page:
    """Send the confirmation page's form; None for a box that is not ticked."""
    named = {name.replace("_", "-"): value for name, value in changes.items()}
    sent: dict[str, Any] = {**page.form("target"), "summary": "How neglect is met.", **named}
    return lead.post(CONFIRM, {name: value for name, value in sent.items() if value is not None})


class Rows:
    """What the database holds."""

    def __init__(self, app: Flask) -> None:
        self.app = app

    @property
    def documents(self) -> list[Mapping[str, Any]]:
        """The drafts."""
        with self.app.app_context():
            return [from_text(text) for text in db.session.scalars(select(Draft.document))]

    @property
    def editions(self) -> list[tuple[int, int, int, int | None, str]]:
        """Of each edition: its row, version, number, its framework's area and key."""
        query = select(Edition.id, Edition.version, Edition.number, Framework.area_id, Framework.key)
        with self.app.app_context():
            found = db.session.execute(
                query.join(Framework, Framework.id == Edition.framework_id).order_by(Edition.id)
            )
            return [(row[0], row[1], row[2], row[3], row[4]) for row in found.all()]

    @property
    def counts(self) -> tuple[int, ...]:
        """How many frameworks, editions, questions and trail entries there are."""
        with self.app.app_context():
            return tuple(
                db.session.scalar(select(func.count()).select_from(table)) or 0
                for table in (Framework, Edition, Question, TrailEntry)
            )

    @property
    def last_in_trail(self) -> str:
        """What the newest trail entry says was done."""
        with self.app.app_context():
            newest = select(TrailEntry.event).order_by(TrailEntry.number.desc()).limit(1)
            return str(db.session.scalar(newest))


@pytest.fixture
def rows(app: Flask) -> Rows:
    return Rows(app)


def texts(document: Mapping[str, Any]) -> list[list[str]]:
    return [[one["text"] for one in section["questions"]] for section in document["sections"]]


def test_what_was_found_is_shown_and_nothing_is_created(lead: Browser, rows: Rows) -> None:
    before = rows.counts
    page = send(lead, raw(tool_file()))

    assert page.heading == "Confirm what was found"
    assert "7 questions in 4 sections. Nothing is created yet." in page.text
    form = page.form("target")
    assert form["name"] == "Neglect audit tool"
    assert form["s-0-title"] == "Recognition"
    assert form["s-0-0-text"] == "Was neglect recognised early?"
    assert form["s-0-0-guidance"] == "Look at the first contacts.\nAnd the chronology."
    assert form["s-0-0-answer"] == "grade-ready-ofsted"
    assert form["s-1-0-answer"] == "grade-ready-rag"
    assert form["s-3-0-answer"] == "yes_no"
    assert "Guessed from its wording" in page.text
    assert "Words outside the tables: “Signed by the auditor”" in page.text
    assert "A table without questions that could be told: “Case reference | Agency”" in page.text
    assert "The column “Widget”: what it is for could not be told" in page.text
    assert rows.counts == before


def test_what_is_confirmed_becomes_a_draft(lead: Browser, rows: Rows, area: Area) -> None:
    page = confirm(
        lead,
        send(lead, raw(tool_file())),
        name="Neglect",
        area=str(area.id),
        s_0_1_text="Was the Graded Care Profile used?",
        s_0_2_take=None,
        s_2_take=None,
        s_3_0_answer="long_text",
    )

    assert "The draft is here." in page.text
    (document,) = rows.documents
    assert document["name"] == "Neglect"
    assert [section["title"] for section in document["sections"]] == [
        "Recognition",
        "Planning",
        "Voice of the child",
    ]
    assert texts(document)[0][:2] == ["Was neglect recognised early?", "Was the Graded Care Profile used?"]
    roles = [[one.get("role") for one in section["questions"]] for section in document["sections"]]
    assert [one[-2:] for one in roles] == [["section_grade", "impact"]] * 3
    assert document["sections"][2]["questions"][0]["type"] == "long_text"
    ((_, _, number, area_id, key),) = rows.editions
    assert (number, area_id, key) == (1, area.id, "neglect")
    assert rows.last_in_trail == "frameworks.draft_started"


def test_the_draft_of_known_scales_can_be_published_at_once(lead: Browser, rows: Rows) -> None:
    confirm(lead, send(lead, raw(tool_file())))
    ((edition_id, version, *_),) = rows.editions
    page = lead.post(f"/frameworks/editions/{edition_id}/publish", {"version": str(version)})

    assert "Published" in page.text
    assert rows.counts[2] == 15


def test_without_the_closing_questions_only_what_was_found_comes_in(lead: Browser, rows: Rows) -> None:
    confirm(lead, send(lead, raw(tool_file())), closing=None)

    assert texts(rows.documents[0])[1] == ["The plan is specific."]


def test_a_self_assessment_gets_no_closing_questions(lead: Browser, rows: Rows) -> None:
    confirm(lead, send(lead, raw(tool_file())), kind="self_assessment")

    assert texts(rows.documents[0])[1] == ["The plan is specific."]


def test_what_is_wrong_is_named_and_every_correction_is_kept(lead: Browser, rows: Rows) -> None:
    before = rows.counts
    page = confirm(
        lead,
        send(lead, raw(tool_file())),
        name="",
        s_0_0_text="",
        s_0_1_text="Corrected?",
        s_1_take=None,
        s_0_2_guidance="Mine",
    )

    assert page.heading == "Confirm what was found"
    assert "Enter a name for the new framework" in page.errors
    assert "Enter the question, or leave it out" in page.errors
    assert page.field_error("s-0-0-text") == "Enter the question, or leave it out"
    form = page.form("target")
    assert form["s-0-1-text"] == "Corrected?"
    assert form["s-0-2-guidance"] == "Mine"
    assert "s-1-take" not in form
    assert form["s-1-title"] == "Planning"
    assert "Words outside the tables: “Signed by the auditor”" in page.text
    assert rows.counts == before
    assert "The draft is here." in confirm(lead, page, name="Neglect", s_0_0_text="Was it seen early?").text


def test_nothing_ticked_creates_nothing(lead: Browser, rows: Rows) -> None:
    page = send(lead, raw(tool_file()))
    page = confirm(lead, page, **{f"s_{place}_take": None for place in range(4)})

    assert "Tick at least one section with at least one question to bring in" in page.errors
    assert rows.documents == []


def test_a_scale_of_the_document_can_be_put_right(lead: Browser, rows: Rows) -> None:
    file = docx.Document()
    add_table(file, ("Question", "Rating: Always / Often / Never"), ("Was the child seen alone", ""))
    page = send(lead, raw(file))

    assert "Scales of the document" in page.text
    assert page.form("target")["scale-0"] == "Always\nOften\nNever"
    confirm(lead, page, name="Seen", scale_0="Always\nMostly\nNever")
    (document,) = rows.documents
    (scale,) = document["scales"]
    assert [grade["label"] for grade in scale["grades"]] == ["Always", "Mostly", "Never"]
    assert document["judgement_scale"] == scale["key"]


def test_the_next_edition_keeps_what_is_asked_in_the_same_words(
    app: Flask, lead: Browser, rows: Rows, make: Maker
) -> None:
    tree = make.edition()
    file = docx.Document()
    file.add_heading("Front door and threshold", 1)
    add_table(file, ("Question", OFSTED), ("Was consent sought?", ""), ("Was anybody told?", ""))
    page = send(lead, raw(file), target=str(tree.id))

    assert f"The next edition of {tree.content.name}, after edition 1" in page.text
    assert "Asked in the same words before" in page.text
    assert page.form("target")["s-0-0-answer"] == "yes_no"
    page = confirm(lead, page)
    assert "Asked as before, word for word: 1." in page.text
    (document,) = rows.documents
    assert [one["key"] for one in document["sections"][0]["questions"]] == [
        "consent",
        "was_anybody_told",
        "front_door_grade",
        "front_door_impact",
    ]
    assert document["key"] == tree.content.key
    assert len(document["profile"]) == len(tree.content.profile)
    assert [(number, key) for _, _, number, _, key in rows.editions] == [
        (1, tree.content.key),
        (2, tree.content.key),
    ]


def test_a_draft_started_meanwhile_is_said_and_the_corrections_are_kept(
    lead: Browser, rows: Rows, make: Maker
) -> None:
    tree = make.edition()
    page = send(lead, raw(tool_file()), target=str(tree.id))
    lead.post(f"/frameworks/editions/{tree.id}/draft", {})
    page = confirm(lead, page, s_0_0_text="Corrected?")

    assert "This framework has a draft by now: publish or delete that one first" in page.errors
    assert page.form("target")["s-0-0-text"] == "Corrected?"
    assert len(rows.documents) == 1


def test_a_framework_of_another_area_is_neither_offered_nor_changed(
    lead: Browser, rows: Rows, make: Maker, browser: Callable[[str], Browser]
) -> None:
    south = make.area("Southside")
    theirs: EditionTree = make.edition(key="theirs", name="Only the south's", area=south)

    assert "Only the south's" not in lead.get(CHOOSE).text
    page = send(lead, raw(tool_file()), target=str(theirs.id))
    assert page.field_error("target")
    lead.post(CONFIRM, {**send(lead, raw(tool_file())).form("target"), "target": str(theirs.id)}, status=404)
    assert rows.documents == []


def test_opening_the_second_step_by_itself_leads_to_the_first(lead: Browser) -> None:
    assert lead.get(CONFIRM).heading == "Bring in a Word document"


NO_TABLE = docx.Document()
NO_TABLE.add_paragraph("Was consent sought?")
BAD = {
    "no Word file": (b"hello", "cannot be read as a Word document"),
    "empty": (b"", "cannot be read as a Word document"),
    "old format": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old format (.doc)"),
    "macros": (of_markup(**{"word__vbaProject.bin": "x"}), "holds macros"),
    "entities": (of_markup(**{"word__x.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a/>'}), "XML entities"),
    "no table": (raw(NO_TABLE), "No question was found in the tables of this document"),
    "too large": (bytes(2_000_001), "larger than 2 MB"),
    "many rows": (
        of_markup("<w:tbl>", "<w:tr><w:tc><w:p/></w:tc></w:tr>" * 60_000, "</w:tbl>"),
        "The tables of the document have 60,000 cells",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("content", "said"), BAD.values(), ids=BAD)
def test_a_bad_file_is_refused_in_words_and_nothing_is_created(
    lead: Browser, rows: Rows, content: bytes, said: str
) -> None:
    before = rows.counts
    page = send(lead, content)

    assert said in page.field_error("file")
    assert page.heading == "Bring in a Word document"
    assert rows.counts == before
    assert lead.get("/frameworks").status == 200


def test_a_document_without_questions_says_what_is_in_it(lead: Browser) -> None:
    assert "Words outside the tables: “Was consent sought?”" in send(lead, raw(NO_TABLE)).text


def test_too_many_questions_are_refused(lead: Browser) -> None:
    file = of_markup(
        "<w:tbl>",
        *(
            f"<w:tr><w:tc><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>RAG</w:t></w:r></w:p></w:tc></w:tr>"
            for text in ("Question", *(f"Was it {number}?" for number in range(401)))
        ),
        "</w:tbl>",
    )

    assert "has 401 questions as far as can be told; 400 are allowed" in send(lead, file).field_error("file")


def test_hostile_words_are_shown_as_typed(lead: Browser, rows: Rows) -> None:
    file = docx.Document()
    hostile = '<script>alert(1)</script>"><b>x</b> {{ 7 * 7 }}'
    file.add_heading(hostile, 1)
    add_table(file, ("Question", f"{hostile} / b"), (hostile, ""))
    page = send(lead, raw(file))

    assert page.form("target")["s-0-0-text"] == hostile
    confirm(lead, page, name=hostile, s_0_0_answer="long_text")
    assert rows.documents[0]["sections"][0]["title"] == hostile


def test_two_hundred_questions_come_in_at_once(lead: Browser, rows: Rows) -> None:
    file = docx.Document()
    for part in range(10):
        file.add_heading(f"Part {part}", 1)
        add_table(
            file,
            ("Question", "RAG", "Evidence"),
            *((f"Was {part} and {place} done?", "", "") for place in range(20)),
        )
    page = send(lead, raw(file))
    confirm(lead, page, name="Large")

    assert sum(map(len, texts(rows.documents[0]))) == 220
