"""The builder's forms lose nothing: what they show of a part, saved unchanged, is that part."""

from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from qa.frameworks.builder_forms.base import BuilderForm, merged
from qa.frameworks.builder_forms.details import details_form
from qa.frameworks.builder_forms.profile import profile_form
from qa.frameworks.builder_forms.questions import question_form
from qa.frameworks.builder_forms.scales import scale_form
from qa.frameworks.builder_forms.sections import section_form
from qa.frameworks.checking import check_file, load_themes
from qa.frameworks.document import to_document
from qa.frameworks.drafts.elements import Document, Element, Kind, elements
from tests.support.factories import SMALL, TEMPLATES

FILES = [SMALL, *sorted(path for path in TEMPLATES.glob("*.yaml") if path.stem != "themes")]


def form_of(document: Document, part: Element) -> BuilderForm:
    """The form of a part, filled from it."""
    match part.kind:
        case Kind.DETAILS:
            return details_form(document, part.value)
        case Kind.SCALE:
            return scale_form(document, part.value)
        case Kind.PROFILE_FIELD:
            return profile_form(document, part.value)
        case Kind.SECTION:
            return section_form(document, part.key, part.value)
        case Kind.QUESTION:
            return question_form(document, part.key, load_themes().themes, part.value)


def said(values: dict[str, Any]) -> dict[str, Any]:
    """Without what says nothing, and the key, which is no form's."""
    return {
        name: value
        for name, value in values.items()
        if name not in {"key", "questions"} and value is not None and value not in ("", [], {})
    }


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_part_of_every_framework_goes_through_its_form_unchanged(app: Flask, path: Path) -> None:
    content = check_file(path, load_themes().keys).content
    assert content
    document = to_document(content)
    with app.test_request_context():
        for part in elements(document):
            form = form_of(document, part)
            saved = merged(form, part.value, form.values())
            assert said(saved) == said(dict(part.value)), (part.kind, part.key)
            form.check()
            assert not form.errors
            assert set(said(dict(part.value))) <= form.known
