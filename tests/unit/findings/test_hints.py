"""Themes that a section suggests."""

from pathlib import Path

from qa.findings.hints import suggested_themes
from qa.frameworks.checking import check_text, load_themes

TEMPLATES = Path(__file__).parents[3] / "audit_templates"


def test_a_section_suggests_the_themes_its_questions_name_the_commonest_first() -> None:
    file = TEMPLATES / "help_and_protection.yaml"
    content = check_text(file.read_text("utf-8"), file.name, load_themes().keys).content
    assert content
    for section in content.sections:
        named = [theme for question in section.questions for theme in question.themes]
        suggested = suggested_themes(content, section.key)
        assert set(suggested) == set(named)
        counts = [named.count(theme) for theme in suggested]
        assert counts == sorted(counts, reverse=True)


def test_a_finding_on_the_whole_case_suggests_nothing() -> None:
    file = TEMPLATES / "help_and_protection.yaml"
    content = check_text(file.read_text("utf-8"), file.name, load_themes().keys).content
    assert content
    assert suggested_themes(content, None) == ()
