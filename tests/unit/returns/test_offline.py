"""A return as an Excel workbook: out and in again, what differs, what is refused, whatever the file holds."""

from __future__ import annotations

import contextlib
import io
import zipfile
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qa.accounts.sectors import Sector
from qa.config import ImportLimits
from qa.frameworks.answers import AnswerValue
from qa.frameworks.conditions import visible
from qa.frameworks.content import FrameworkContent
from qa.frameworks.editions import EditionTree, RowIds
from qa.frameworks.states import EditionState
from qa.frameworks.types.texts import clean_text
from qa.frameworks.vocabulary import EvidenceRule
from qa.problems import Refused
from qa.returns.drafts import FormKey, StoredAnswer, StoredFinding
from qa.returns.offline.differing import Differences, carried, chosen, differences
from qa.returns.offline.filled import Filled, read_filled
from qa.returns.offline.keys import sheet_name
from qa.returns.offline.layout import lay_out
from qa.returns.offline.writing import form_bytes
from qa.returns.records import Contents, ReturnRecord
from qa.returns.typed import read_typed
from tests.unit.frameworks.answer_strategies import profiles, some_answers
from tests.unit.frameworks.strategies import frameworks, paragraphs
from tests.unit.frameworks.test_workbook_hostile import OLE, packed, unpacked

LIMITS = ImportLimits()
KEY = FormKey("0123456789ab")
EMPTY = Contents({}, [])
CHILD = {"pathway": "child_protection"}


def tree_of(content: FrameworkContent, number: int = 5) -> EditionTree:
    """An edition with numbers behind its keys."""
    questions = [question.key for question in content.questions]
    ids = RowIds(
        sections={section.key: place for place, section in enumerate(content.sections, start=1)},
        questions={key: place for place, key in enumerate(questions, start=1)},
        scales={},
        grades={},
        options={},
        fields={},
        profile_options={},
    )
    return EditionTree(number, 1, 1, EditionState.PUBLISHED, content, ids)


def record_of(**values: Any) -> ReturnRecord:
    """A return of a health agency."""
    usual: dict[str, Any] = dict.fromkeys(ReturnRecord._fields)
    usual |= {
        "id": 7,
        "version": 1,
        "due_on": date(2026, 3, 3),
        "audit_title": "Neglect",
        "case_reference": "C001",
        "agency": "Trust",
        "sector": Sector.HEALTH,
    }
    return ReturnRecord(**{**usual, **values})


RECORD = record_of()


def stored(value: AnswerValue | None, evidence: str = "", version: int = 1, writer: str = "") -> StoredAnswer:
    return StoredAnswer(value, evidence, version, writer, datetime(2026, 1, 1, tzinfo=UTC))


def form(
    tree: EditionTree, held: Contents = EMPTY, profile: Mapping[str, str] | None = None, key: FormKey = KEY
) -> bytes:
    """The workbook of a return that holds that."""
    return form_bytes(lay_out(RECORD, tree, held, profile or {}, key))


def read(raw: bytes, tree: EditionTree, record: ReturnRecord = RECORD) -> Filled:
    return read_filled(raw, LIMITS, record, tree)


def compared(
    raw: bytes, tree: EditionTree, held: Contents, profile: Mapping[str, str] | None = None
) -> Differences:
    filled = read(raw, tree)
    assert filled.wrong == []
    return differences(RECORD, tree, held, profile or {}, filled.key, filled.forms)


def changed(raw: bytes, change: Callable[[Any], None]) -> bytes:
    """The workbook after somebody did something to it in a spreadsheet."""
    book = openpyxl.load_workbook(io.BytesIO(raw))
    change(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def row_of(sheet: Any, key: str) -> int:
    return next(row for row in range(1, sheet.max_row + 1) if sheet.cell(row, 1).value == key)


def typing(**answers: object) -> Callable[[Any], None]:
    """Types answers (by question, or by f_<place> for a new strength) into the sheet of the first section."""

    def type_them(book: Any) -> None:
        sheet = book[book.sheetnames[1]]
        for name, answer in answers.items():
            what, column = (name[2:], 4) if name.startswith("e_") else (name, 3)
            key = f"f:strength-n{name[2:]}" if name.startswith("f_") else f"q:{what}"
            sheet.cell(row_of(sheet, key), column).value = answer

    return type_them


@st.composite
def returns(draw: st.DrawFn) -> tuple[EditionTree, Contents, dict[str, str], Contents]:
    """An edition, what a return on it holds, the case's profile, and what somebody else might type."""
    content = draw(frameworks())
    tree = tree_of(content)
    held = [_contents(draw, tree, draw(some_answers(content))) for _ in range(2)]
    return tree, held[0], draw(profiles(content)), held[1]


def _contents(draw: st.DrawFn, tree: EditionTree, values: Mapping[str, AnswerValue]) -> Contents:
    answers = {}
    for question in tree.content.questions:
        allowed = question.evidence is not EvidenceRule.NONE
        evidence = clean_text(draw(st.just("") | paragraphs())) if allowed else ""
        value = values.get(question.key)
        if value is not None and value.text is not None:
            text = clean_text(value.text)
            value = AnswerValue(text=text) if text else None
        if value is not None or evidence:
            answers[question.key] = stored(value, evidence, draw(st.integers(1, 9)))
    sections = draw(st.lists(st.sampled_from(sorted(tree.ids.sections.values())), max_size=3))
    findings = []
    for number, section in enumerate(sections, start=1):
        kind = draw(st.sampled_from(["strength", "area_for_improvement"]))
        text = clean_text(draw(paragraphs())) or "x"
        findings.append(StoredFinding(number, section, kind, text, draw(st.integers(1, 9))))
    return Contents(answers, findings)


SLOW = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=30)


@SLOW
@given(returns())
def test_any_return_comes_back_as_it_went_with_nothing_to_take_in(
    made: tuple[EditionTree, Contents, dict[str, str], Contents],
) -> None:
    tree, held, profile, _ = made
    filled = read(form(tree, held, profile), tree)
    assert filled.wrong == []
    found = differences(RECORD, tree, held, profile, filled.key, filled.forms)
    assert found == Differences(KEY, ())
    for section, fields in filled.forms.items():
        typed = read_typed(fields, tree.content, tree.content.section(section), RECORD.sector, KEY)
        for key, one in typed.answers.items():
            kept = held.answers.get(key, StoredAnswer(None, "", 0))
            assert (one.value, one.evidence, one.errors) == (kept.value, kept.evidence, [])


@SLOW
@given(returns())
def test_whatever_is_typed_offline_is_what_differs(
    made: tuple[EditionTree, Contents, dict[str, str], Contents],
) -> None:
    tree, held, profile, typed = made
    typed = Contents(typed.answers, [])
    before = lay_out(RECORD, tree, held, profile, KEY)
    after = lay_out(RECORD, tree, Contents(typed.answers, held.findings), profile, KEY)
    # The same download: its marks say what was kept then.
    on_form = {name for name in after.identity if name.startswith("mark q:")} & set(before.identity)
    raw = form_bytes(after._replace(identity={**after.identity, **{k: before.identity[k] for k in on_form}}))
    filled = read(raw, tree)
    assert filled.wrong == []
    found = differences(RECORD, tree, held, profile, filled.key, filled.forms)
    assert found.errors == ()
    # Those on both forms alone: what another answer brought up was not there to type into.
    seen = visible(
        tree.content, RECORD.sector, profile, {key: one.value for key, one in _together(held, typed, on_form)}
    )
    for one in found.found:
        assert not one.conflict or f"mark q:{one.name}" not in on_form
    differing = {one.name for one in found.found}
    for key in seen.questions:
        if f"mark q:{key}" in on_form:
            was, now = held.answers.get(key), typed.answers.get(key)
            same = (was and (was.value, was.evidence)) == (now and (now.value, now.evidence))
            assert (key in differing) == (not same), key


def _together(held: Contents, typed: Contents, on_form: set[str]) -> list[tuple[str, StoredAnswer]]:
    mine = {key for key in {*held.answers, *typed.answers} if f"mark q:{key}" in on_form}
    none = StoredAnswer(None, "", 0)
    return [(key, typed.answers.get(key, none)) for key in mine] + [
        (key, one) for key, one in held.answers.items() if key not in mine
    ]


def test_only_the_cells_for_answers_can_be_typed_into(small: FrameworkContent) -> None:
    book = openpyxl.load_workbook(io.BytesIO(form(tree_of(small), profile=CHILD)))
    assert book.security.lockStructure
    assert [book[name].sheet_state for name in book.sheetnames] == [
        "visible",
        "visible",
        "visible",
        "veryHidden",
        "veryHidden",
    ]
    sheet = book["1. Front door and threshold"]
    assert all(one.protection.sheet for one in book)
    assert sheet.column_dimensions["A"].hidden
    unlocked = {
        (cell.row, cell.column) for row in sheet.iter_rows() for cell in row if not cell.protection.locked
    }
    row = row_of(sheet, "q:threshold")
    assert (row, 3) in unlocked
    assert {column for _, column in unlocked} == {3, 4}
    assert (row_of(sheet, "q:consulted"), 3) not in unlocked
    offered = {
        str(one.sqref): one.formula1 for one in sheet.data_validations.dataValidation if one.type == "list"
    }
    assert any(f"C{row}" in cells for cells in offered)
    said = " ".join(str(cell.value) for line in sheet.iter_rows() for cell in line if cell.value)
    assert "Only if “Was consent sought” is “No”." in said
    assert "Look at the decision record." in said
    assert "Inadequate: Failing the child." in said
    assert "Evidence is needed if you answer: Inadequate." in said


def test_every_type_of_answer_is_read(small: FrameworkContent) -> None:
    tree = tree_of(small)
    raw = changed(
        form(tree),
        typing(
            threshold="Requires improvement to be good",
            consent="not applicable",
            decision_days=3,
            referred_on=date(2026, 2, 28),
            referrer="Somebody else",
            reference_used=42,
            front_door_impact="=SUM(A1:A2)",
            e_threshold="-@ seen",
            f_1="+1 strength",
        ),
    )
    found = compared(raw, tree, EMPTY)
    said = {one.name: [part.filed for part in one.parts] for one in found.found}
    assert said == {
        "threshold": ["Requires improvement to be good", "-@ seen"],
        "consent": ["Not applicable"],
        "decision_days": ["3 days"],
        "referred_on": ["28 February 2026"],
        "referrer": ["Somebody else"],
        "reference_used": ["42"],
        "front_door_impact": ["=SUM(A1:A2)"],
        "front_door/strength-n1": ["+1 strength"],
    }
    assert all(one.parts[0].kept in {"Not answered", "(empty)"} for one in found.found)


@pytest.mark.parametrize(
    "text", ["27/3/2025", "27.3.2025", "27 March 2025", "27 mar 2025", "2025-03-27", "2025-03-27 00:00:00"]
)
def test_dates_are_read_as_people_type_them(small: FrameworkContent, text: str) -> None:
    tree = tree_of(small)
    (one,) = compared(changed(form(tree), typing(referred_on=text)), tree, EMPTY).found
    assert one.parts[0].filed == "27 March 2025"


def test_what_begins_like_a_formula_is_text_both_ways(small: FrameworkContent) -> None:
    tree = tree_of(small)
    answers = {
        key: stored(AnswerValue(text=text))
        for key, text in (("reference_used", "=cmd|' /C calc'!A0"), ("front_door_impact", "@SUM(1)\n+1\n-1"))
    }
    held = Contents(answers, [StoredFinding(1, 1, "strength", "=HYPERLINK(1)", 1)])
    raw = form(tree, held)
    sheet = unpacked(raw)
    assert not any(b"<f>" in part for part in sheet.values())
    book = openpyxl.load_workbook(io.BytesIO(raw))
    cell = book["1. Front door and threshold"].cell(
        row_of(book["1. Front door and threshold"], "q:reference_used"), 3
    )
    assert cell.data_type == "s"
    assert cell.quotePrefix
    assert compared(raw, tree, held).found == ()


def test_wrong_cells_are_named_with_the_remedy(small: FrameworkContent) -> None:
    tree = tree_of(small)

    def spoil(book: Any) -> None:
        typing(threshold="Goood", referred_on="last week", decision_days="soon")(book)
        sheet = book[book.sheetnames[1]]
        sheet.cell(row_of(sheet, "o:consulted:health"), 3).value = "perhaps"
        sheet.cell(row_of(sheet, "q:consent"), 3).value = "#DIV/0!"
        sheet.cell(row_of(sheet, "q:consent"), 3).data_type = "e"
        sheet.cell(sheet.max_row + 3, 3).value = "lost words"

    raw = changed(form(tree), spoil)
    filled = read(raw, tree)
    said = [f"{one.place}: {one.message}" for one in filled.wrong]
    assert (
        "“1. Front door and threshold”, C4: “Goood” is not one of the answers. Did you mean “Good”?" in said
    )
    assert any("“last week” is not a date. Type it like 27/3/2025" in one for one in said)
    assert any("“perhaps” is neither Yes nor No" in one for one in said)
    assert any("shows an error of Excel" in one for one in said)
    assert any("belongs to no question" in one for one in said)
    found = differences(RECORD, tree, EMPTY, {}, filled.key, filled.forms)
    (error,) = found.errors
    assert "must be a number in figures" in error[1].summary
    assert str(filled.places[error[0], error[1].field]).startswith("“1. Front door and threshold”, C")


def test_a_row_that_is_gone_leaves_its_answer_alone_and_one_that_is_twice_is_refused(
    small: FrameworkContent,
) -> None:
    tree = tree_of(small)
    held = Contents({"threshold": stored(AnswerValue(grade="good"))}, [])

    def remove(book: Any) -> None:
        sheet = book[book.sheetnames[1]]
        sheet.delete_rows(row_of(sheet, "q:threshold"))

    assert compared(changed(form(tree, held), remove), tree, held).found == ()

    def double(book: Any) -> None:
        sheet = book[book.sheetnames[1]]
        sheet.cell(sheet.max_row + 1, 1).value = "q:threshold"

    (wrong,) = read(changed(form(tree, held), double), tree).wrong
    assert "twice" in wrong.message


def test_an_emptied_cell_takes_the_answer_back(small: FrameworkContent) -> None:
    tree = tree_of(small)
    findings = [StoredFinding(3, 1, "strength", "Seen alone.", 2)]
    held = Contents({"threshold": stored(AnswerValue(grade="good"), "Why.")}, findings)

    def empty(book: Any) -> None:
        typing(threshold=None, e_threshold=None)(book)
        sheet = book[book.sheetnames[1]]
        sheet.cell(row_of(sheet, "f:strength-3"), 3).value = None

    found = compared(changed(form(tree, held), empty), tree, held)
    assert [part for one in found.found for part in one.parts] == [
        ("Answer", "Good", "Not answered"),
        ("Evidence", "Why.", "(empty)"),
        ("In your words", "Seen alone.", "(empty)"),
    ]


def test_what_somebody_else_changed_since_the_download_is_a_conflict(small: FrameworkContent) -> None:
    tree = tree_of(small)
    before = Contents({"threshold": stored(AnswerValue(grade="good"), version=1)}, [])
    raw = changed(form(tree, before), typing(threshold="Inadequate", reference_used="Level 2"))
    since = Contents({"threshold": stored(AnswerValue(grade="outstanding"), version=2)}, [])
    found = compared(raw, tree, since)
    assert [(one.name, one.conflict, one.version) for one in found.found] == [
        ("threshold", True, 2),
        ("reference_used", False, 0),
    ]
    assert found.found[0].parts[0] == ("Answer", "Outstanding", "Inadequate")
    # Changed here alone, it is no difference of the file's.
    assert compared(form(tree, before), tree, since).found == ()
    picked = chosen(carried(found), None)
    assert picked is not None
    assert picked.forms["front_door"]["v-threshold"] == ["2"]
    only = chosen(carried(found), {"reference_used"})
    assert only is not None
    assert only.names == ("reference_used",)
    assert "q-threshold" not in only.forms["front_door"]
    assert "q-threshold" in only.everything["front_door"]


def test_the_same_file_taken_in_before_clashes_with_nothing_of_its_own(small: FrameworkContent) -> None:
    tree = tree_of(small)
    raw = changed(form(tree), typing(threshold="Good", f_1="Seen alone."))
    # As it is kept once the file was taken in.
    answers = {"threshold": stored(AnswerValue(grade="good"), version=1, writer=str(KEY))}
    finding = StoredFinding(9, 1, "strength", "Seen alone.", 1, str(KEY), f"{KEY.opening}:sn1")
    held = Contents(answers, [finding])
    assert compared(raw, tree, held).found == ()
    later = changed(raw, typing(threshold="Inadequate", f_1="Seen alone each time."))
    found = compared(later, tree, held)
    assert [(one.conflict, one.parts[0].kept, one.parts[0].filed) for one in found.found] == [
        (False, "Good", "Inadequate"),
        (False, "Seen alone.", "Seen alone each time."),
    ]


def test_an_answer_that_is_not_asked_is_not_lost_silently(small: FrameworkContent) -> None:
    tree = tree_of(small)
    raw = changed(form(tree), typing(consent="Yes", consent_why="Because."))
    found = compared(raw, tree, EMPTY)
    assert [one.name for one in found.found] == ["consent"]
    assert found.not_asked == (("Why was consent not sought?", "Because."),)


def test_wrong_files_are_refused_in_words(small: FrameworkContent) -> None:
    tree = tree_of(small)
    raw = form(tree)

    def said(file: bytes, record: ReturnRecord = RECORD, of: EditionTree = tree) -> str:
        with pytest.raises(Refused) as refusal:
            read_filled(file, LIMITS, record, of)
        assert set(refusal.value.errors) == {"file"}
        return str(refusal.value)

    assert "the form of another return: Trust, case C001" in said(raw, record_of(id=8))
    assert "moved to another edition" in said(raw, of=tree_of(small, 6))
    for other in (b"", b"%PDF-1.7", b"PK\x03\x04 nonsense", OLE + b"x" * 600):
        assert said(other)
    plain = io.BytesIO()
    openpyxl.Workbook().save(plain)
    assert "not the form of a return" in said(plain.getvalue())
    parts = unpacked(raw)
    assert "macros" in said(packed(parts | {"xl/vbaProject.bin": b"x"}))
    assert "links to other files" in said(packed(parts | {"xl/externalLinks/externalLink1.xml": b"<x/>"}))
    assert "embedded" in said(packed(parts | {"xl/embeddings/one.bin": b"x"}))
    entity = b'<!DOCTYPE x [<!ENTITY a "b">]>'
    sheet = parts["xl/worksheets/sheet2.xml"]
    assert said(packed(parts | {"xl/worksheets/sheet2.xml": entity + sheet}))
    small_limits = ImportLimits(values=20)
    with pytest.raises(Refused, match="filled cells"):
        read_filled(raw, small_limits, RECORD, tree)
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
        made.writestr("xl/worksheets/sheet99.xml", b" " * 30_000_000)
    assert "unpacks to more than" in said(bomb.getvalue())


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_whatever_is_done_to_a_file_there_is_an_answer(small: FrameworkContent, data: st.DataObject) -> None:
    tree = tree_of(small)
    parts = unpacked(form(tree))
    name = data.draw(st.sampled_from(sorted(parts)))
    place = data.draw(st.integers(0, len(parts[name])))
    junk = data.draw(st.binary(max_size=30) | st.sampled_from([b"<c", b"</row>", b"&#0;", b"<f>1</f>", b'"']))
    spoilt = parts[name][:place] + junk + parts[name][place + data.draw(st.integers(0, 40)) :]
    with contextlib.suppress(Refused):
        filled = read_filled(packed(parts | {name: spoilt}), LIMITS, RECORD, tree)
        differences(RECORD, tree, EMPTY, {}, filled.key, filled.forms)


@given(st.text(max_size=300))
def test_whatever_is_carried_there_is_an_answer(text: str) -> None:
    assert chosen(text, None) is None


@pytest.mark.parametrize(
    "text",
    ["[]", "{}", '{"form":"x","entries":[]}', '{"form":"0123456789ab-0","entries":[1]}', '{"form":3}'],
)
def test_carried_nonsense_is_refused(text: str) -> None:
    assert chosen(text, None) is None


def test_names_of_sheets_are_what_excel_takes() -> None:
    assert sheet_name(1, "Plans: [SMART]/reviews? 'all'") == "1. Plans SMART reviews all"
    assert len(sheet_name(12, "x" * 80)) == 31
