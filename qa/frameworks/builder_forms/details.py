"""What a framework is: its name, what it is for, what it rests on."""

from typing import Any

from qa.frameworks.builder_forms.base import BuilderForm, on_one_line
from qa.frameworks.drafts.elements import Document
from qa.frameworks.vocabulary import FrameworkKind, Method
from qa.web.forms import long_text_field, radio_field, select_field, text_field

MOST_SOURCES = 30
LONGEST_SOURCE = 300


class DetailsForm(BuilderForm):
    """Name, summary, kind, method, the panel's scale, sources."""

    known = frozenset({"name", "summary", "kind", "method", "judgement_scale", "sources"})

    name = text_field("Name", required="Enter the framework's name", limit=120)
    summary = long_text_field(
        "What it looks at, and when to use it",
        required="Say in a sentence or two what the framework looks at",
        hint="One or two sentences. People read them when they choose a framework for an audit.",
        limit=1000,
    )
    kind = radio_field(
        "What is audited",
        [
            (FrameworkKind.CASE_AUDIT.value, "Cases: agencies answer about each child or family in a sample"),
            (FrameworkKind.SELF_ASSESSMENT.value, "The agency itself: each answers once, as for Section 11"),
        ],
        required="Choose what is audited",
    )
    method = radio_field(
        "Who answers",
        [
            (Method.MULTI_AGENCY.value, "Several agencies, and a panel compares their answers"),
            (Method.SINGLE_AGENCY.value, "One agency"),
        ],
        required="Choose who answers",
    )
    judgement_scale = select_field("Scale on which the panel grades each section and the whole")
    sources = long_text_field(
        "What it rests on (optional)",
        hint="Law and guidance, one on each line",
        limit=MOST_SOURCES * LONGEST_SOURCE,
    )

    def check(self) -> None:
        """Sources are as many and as long as a framework takes."""
        lines = self._sources()
        if len(lines) > MOST_SOURCES:
            self.sources.errors = [f"Keep to {MOST_SOURCES} sources at most; there are {len(lines)}"]
        elif any(len(line) > LONGEST_SOURCE for line in lines):
            self.sources.errors = [f"Each source must be {LONGEST_SOURCE} characters or fewer"]

    def values(self) -> dict[str, Any]:
        """The details."""
        return {
            "name": on_one_line(self.name.data),
            "summary": self.summary.data,
            "kind": self.kind.data,
            "method": self.method.data,
            "judgement_scale": self.judgement_scale.data or None,
            "sources": self._sources(),
        }

    def _sources(self) -> list[str]:
        lines = (on_one_line(line) for line in (self.sources.data or "").splitlines())
        return list(dict.fromkeys(line for line in lines if line))


def details_form(document: Document, part: Document | None = None) -> DetailsForm:
    """The form, filled from a draft's details when they are given, else from what was sent."""
    if part is None:
        form = DetailsForm()
    else:
        names = ("name", "summary", "kind", "method", "judgement_scale")
        data = {name: part.get(name, "") for name in names}
        form = DetailsForm(formdata=None, data={**data, "sources": "\n".join(part.get("sources") or ())})
    scales = [(scale["key"], scale.get("name", "")) for scale in document.get("scales") or ()]
    form.judgement_scale.choices = [("", "Choose a scale"), *scales]
    return form
