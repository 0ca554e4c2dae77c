from dataclasses import replace
from decimal import Decimal

import yaml
from hypothesis import given, settings

from qa.frameworks.checking import check_text
from qa.frameworks.content import Clause, Condition, FrameworkContent
from qa.frameworks.document import from_document, to_document
from qa.frameworks.vocabulary import Combine, EvidenceRule, Subject
from qa.frameworks.yaml_source import SCHEMA_COMMENT, dump_yaml
from tests.unit.frameworks.strategies import THEMES, frameworks


@given(frameworks())
@settings(max_examples=100, deadline=None)
def test_a_framework_written_and_read_again_is_the_same(content: FrameworkContent) -> None:
    result = check_text(dump_yaml(content), f"{content.key}.yaml", THEMES)
    assert result.problems == ()
    assert result.content == content


@given(frameworks())
@settings(max_examples=30, deadline=None)
def test_a_document_and_back_loses_nothing(content: FrameworkContent) -> None:
    assert from_document(to_document(content)) == content


def test_a_file_says_only_what_is_not_taken_for_granted(small: FrameworkContent) -> None:
    sections = to_document(small)["sections"]
    assert sections[0]["questions"][1] == {"key": "consent", "text": "Was consent sought?", "type": "yes_no"}
    assert "sources" not in to_document(small)
    assert "not_applicable" not in to_document(small)["scales"][0]


def test_what_is_left_out_has_its_default(small: FrameworkContent) -> None:
    consent = small.question("consent")
    assert consent.required
    assert consent.evidence is EvidenceRule.OPTIONAL
    assert small.question("consent_why").evidence is EvidenceRule.NONE
    assert small.question("threshold").evidence is EvidenceRule.OPTIONAL
    assert small.scale("ofsted").not_applicable
    assert small.question("threshold").weight == 1


def test_evidence_for_some_answers_makes_it_optional_for_the_others(small: FrameworkContent) -> None:
    document = to_document(small)
    question = document["sections"][0]["questions"][5]
    question["evidence_required_for"] = ["police"]
    read = from_document(document).question(question["key"])
    assert read.evidence is EvidenceRule.OPTIONAL
    assert read.evidence_required_for == ("police",)


def test_one_clause_under_any_is_a_plain_condition(small: FrameworkContent) -> None:
    document = to_document(small)
    document["sections"][1]["only_if"] = {"any": [{"profile": "pathway", "is_not": ["early_help"]}]}
    condition = from_document(document).sections[1].only_if
    assert condition == Condition((Clause(Subject.PROFILE, "pathway", ("early_help",), True),), Combine.ALL)


def test_bounds_keep_their_decimal_places_exactly(small: FrameworkContent) -> None:
    document = to_document(small)
    document["sections"][0]["questions"][3] |= {"min": Decimal("0.1"), "decimals": 1}
    assert from_document(document).question("decision_days").min == Decimal("0.1")


def test_the_file_is_pleasant_to_edit(small: FrameworkContent) -> None:
    section = small.sections[0]._replace(guidance="First line.\nSecond line.")
    text = dump_yaml(replace(small, sections=(section, *small.sections[1:])))
    assert text.startswith(SCHEMA_COMMENT)
    assert "guidance: |-\n      First line.\n      Second line.\n" in text
    assert "- {key: early_help, label: Early help}\n" in text
    assert "only_if: {question: consent, is: ['no']}\n" in text
    assert yaml.safe_load(text)["sections"][0]["questions"][2]["only_if"] == {
        "question": "consent",
        "is": ["no"],
    }
