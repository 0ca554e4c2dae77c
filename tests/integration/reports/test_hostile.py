"""Whatever somebody types comes out as typed, in the PDF, on the page and in the file of the page."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from qa.db import now
from qa.reports.models import ReportDraft
from tests.integration.analysis import scene as scenes
from tests.integration.analysis.scene import COUNCIL, HEALTH, Scene
from tests.integration.reports.conftest import Visit, issue
from tests.integration.reports.reading import Pdf, pdf, squeezed
from tests.support.factories import Maker
from tests.support.kept import kept
from tests.support.pages import Page

MARKUP = {
    "a tag": "<b>bold</b> and <i>slanted",
    "an image of a file": 'see <img src="file:///etc/passwd"/> here',
    "a script": "<script>alert('x')</script>",
    "ends of paragraphs": "before </para></p></td> after <br/>",
    "entities": "&lt;b&gt; &amp; &nbsp; &#60;",
    "a template": "{{ 7 * 7 }} {% raw %} ${9}",
    "a link": "<a href='javascript:alert(1)'>javascript:alert(1)</a>",
    "a comment": "<!-- hidden --> ]]> <![CDATA[x]]>",
    "a formula": '=HYPERLINK("https://example.org")',
}
SHOWN = {
    "a bell": ("ring\x07ring", "ring[U+0007]ring"),
    "another direction": ("abc\u202edef", "abc[U+202E]def"),
    "an isolate": ("\u2066abc\u2069", "[U+2066]abc[U+2069]"),
    "no width": ("ab\u200bcd", "ab[U+200B]cd"),
}
RARE = "Ж"


def everywhere(make: Maker, scene: Scene, text: str) -> None:
    """The text wherever somebody may type into what a report tells."""
    make.finding(scene.made["C1", COUNCIL], scene.edition, f"Finding {text}")
    recommendation = make.recommendation(
        scene.audit, f"Recommendation {text}", measure_of_success=f"Measure {text}"
    )
    make.action(recommendation, scene.agencies[HEALTH], text=f"Action {text}")


def typed(kind: str, text: str) -> str:
    return squeezed(f"{kind} {text}")


KINDS = ("Title", "Terms", "Enquiry", "Finding", "Recommendation", "Measure", "Action", "Summary", "Method")


@pytest.fixture
@kept
def scene(make: Maker) -> Scene:
    """Replaced by each test's own: titles are typed too."""
    return scenes.build(make)


def build(make: Maker, browser: Visit, text: str) -> Scene:
    """The audit with the text in all it says; summary and method are typed into the form."""
    scene = scenes.build(
        make,
        title=f"Title {text}",
        terms_of_reference=f"Terms {text}",
        key_lines_of_enquiry=f"Enquiry {text}",
    )
    everywhere(make, scene, text)
    browser(scene.lead.email).submit(
        f"{scene.report}/edit",
        {"executive_summary": f"Summary {text}", "method_note": f"Method {text}"},
        holding="executive_summary",
    )
    return scene


def both(scene: Scene, browser: Visit) -> tuple[Page, Pdf]:
    lead = browser(scene.lead.email)
    return lead.get(scene.report), pdf(lead.get(f"{scene.report}.pdf"))


@pytest.mark.parametrize("text", MARKUP.values(), ids=MARKUP.keys())
def test_markup_is_words_like_any_other(make: Maker, browser: Visit, text: str) -> None:
    page, file = both(build(make, browser, text), browser)
    for kind in KINDS:
        assert typed(kind, text) in squeezed(page.text), kind
        assert typed(kind, text) in squeezed(file.text), kind
    (article,) = page.all("article")
    for tag in ("img", "script", "b", "i", "br"):
        assert not page.all(tag, article)
    assert not [link for link in page.all("a", article) if "javascript" in link.get("href", "")]
    assert not any(sheet.images for sheet in file.reader.pages)
    assert "root:" not in file.text + page.text


@pytest.mark.parametrize(("text", "shown"), SHOWN.values(), ids=SHOWN.keys())
def test_what_cannot_be_seen_is_shown_by_its_number(
    make: Maker, browser: Visit, text: str, shown: str
) -> None:
    # No form lets a control character through, so it stands in texts alone and not in a page's title.
    scene = scenes.build(make, terms_of_reference=f"Terms {text}")
    everywhere(make, scene, text)
    make.add(ReportDraft(audit_id=scene.audit.id, executive_summary=f"Summary {text}", updated_at=now()))
    page, file = both(scene, browser)
    for kind in ("Terms", "Finding", "Recommendation", "Measure", "Action", "Summary"):
        assert typed(kind, shown) in squeezed(file.text), kind
        assert typed(kind, shown) in squeezed(page.text), kind
    (article,) = page.all("article")
    assert text not in "".join(article.itertext())


def test_words_of_twenty_thousand_letters_are_set_whole(make: Maker, browser: Visit) -> None:
    word = RARE * 19_980
    title = f"{'Multi-agency help ' * 11}"[:200]
    scene = scenes.build(make, title=title)
    everywhere(make, scene, word)
    make.add(ReportDraft(audit_id=scene.audit.id, executive_summary=word, updated_at=now()))
    page, file = both(scene, browser)
    # Finding, recommendation (twice: in the overview too), measure, action, summary.
    assert page.text.count(RARE) == file.text.count(RARE) == 6 * len(word)
    assert squeezed(title) in squeezed(file.pages[0])
    assert page.heading == title.strip()


def test_what_was_typed_is_the_same_in_an_issued_report_and_in_files(
    app: Flask, make: Maker, browser: Visit, tmp_path: Path
) -> None:
    text = MARKUP["an image of a file"]
    scene = build(make, browser, text)
    report_id = issue(app, scene)
    lead = browser(scene.lead.email)
    kept = squeezed(lead.get(f"/reports/{report_id}").text)
    file = squeezed(pdf(lead.get(f"/reports/{report_id}/file")).text)
    target = tmp_path / "report.html"
    done = app.test_cli_runner().invoke(
        args=["report", scene.audit.reference, "--format", "html", "--output", str(target)]
    )
    assert done.exit_code == 0
    written = target.read_text("utf-8")
    for kind in KINDS:
        assert typed(kind, text) in kept
        assert typed(kind, text) in file
    assert written.count("&lt;img src=&#34;file:///etc/passwd&#34;/&gt;") >= len(KINDS)
    assert "<img" not in written
