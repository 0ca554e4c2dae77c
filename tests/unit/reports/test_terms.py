"""The appendix of terms."""

from __future__ import annotations

from dataclasses import replace

from qa.publishing.document import Block, Column, Definitions, Heading, Paragraph, Table, TableRow
from qa.reports.terms import ABBREVIATIONS, terms_blocks
from tests.unit.analysis.examples import AGENCIES, CASES


def defined(blocks: list[Block]) -> list[dict[str, str]]:
    return [
        {entry.term: entry.meaning for entry in block.entries}
        for block in blocks
        if isinstance(block, Definitions)
    ]


def test_every_grade_is_described() -> None:
    ofsted, rag, _words = defined(terms_blocks(CASES, []))
    assert ofsted["Requires improvement"] == "Not yet good."
    assert list(rag) == ["Green", "Amber", "Red"]


def test_only_abbreviations_that_the_report_uses_are_spelt_out() -> None:
    table = Table("Children on a CP plan", (Column("Case"),), (TableRow(("MASH",)),))
    words = defined(terms_blocks(CASES, [Paragraph("An s47 enquiry; CINEMA is no abbreviation."), table]))[-1]
    used = {term for term, _ in ABBREVIATIONS} & words.keys()
    assert used == {"s47", "CP", "MASH"}
    assert list(words) == sorted(words, key=str.lower)


def test_a_self_assessment_has_no_cases() -> None:
    assert "Case" in defined(terms_blocks(CASES, []))[-1]
    words = defined(terms_blocks(AGENCIES, []))[-1]
    assert "Case" not in words
    assert words["Return"] == "One agency’s answers about itself"


def test_sources_are_told_where_there_are_any() -> None:
    titles = [block.text for block in terms_blocks(CASES, []) if isinstance(block, Heading)]
    assert "What the framework rests on" not in titles
    blocks = terms_blocks(replace(CASES, sources=("Children Act 1989",)), [])
    assert blocks[-1] == Paragraph("Children Act 1989")
