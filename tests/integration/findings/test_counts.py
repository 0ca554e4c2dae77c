"""Findings counted by theme."""

import random
from collections import defaultdict

from flask import Flask

from qa.accounts.permissions import Permission
from qa.db import now
from qa.findings.models import FindingTheme
from qa.findings.queries import theme_counts
from qa.returns.vocabulary import FindingKind
from tests.integration.findings.conftest import Scene, Visit
from tests.support.factories import Maker
from tests.support.pages import NAMESPACE, counting


def test_counts_are_what_counting_by_hand_gives_in_one_statement(
    app: Flask, make: Maker, scene: Scene
) -> None:
    chance = random.Random(5)
    themes = [scene.thresholds, scene.voice, scene.own]
    by_theme: defaultdict[str, list[tuple[int, FindingKind]]] = defaultdict(list)
    for number in range(12):
        row = make.case_return(make.case(scene.audit), chance.choice([scene.council, scene.health]))
        for _ in range(2):
            kind, released = chance.choice(list(FindingKind)), number % 4 != 0
            finding = make.finding(row, scene.edition, kind=kind, released=released)
            for theme in chance.sample(themes, chance.randint(0, 3)):
                make.add(FindingTheme(finding_id=finding.id, theme_id=theme.id, coded_at=now()))
                if released:
                    by_theme[theme.key].append((row.case_id, kind))
    with app.app_context(), counting() as statements:
        counts = theme_counts(scene.lead, scene.audit.id)
    assert len(statements) == 1
    assert {
        count.key: (count.cases, count.findings, count.strengths, count.areas_for_improvement)
        for count in counts
    } == {
        key: (
            len({case for case, _ in found}),
            len(found),
            sum(kind is FindingKind.STRENGTH for _, kind in found),
            sum(kind is FindingKind.AREA_FOR_IMPROVEMENT for _, kind in found),
        )
        for key, found in by_theme.items()
    }
    assert [count.cases for count in counts] == sorted((count.cases for count in counts), reverse=True)


def test_counts_are_for_those_whose_permission_reaches_the_audit(
    app: Flask, make: Maker, scene: Scene
) -> None:
    make.add(FindingTheme(finding_id=scene.plan.id, theme_id=scene.voice.id, coded_at=now()))
    with app.app_context():
        assert theme_counts(scene.lead, scene.audit.id, Permission.ANALYSIS_READ)
        for person in (scene.other_lead, scene.auditor):
            assert theme_counts(person, scene.audit.id) == ()


def test_the_page_shows_the_counts_and_what_to_do_with_them(
    make: Maker, scene: Scene, browser: Visit
) -> None:
    lead = browser(scene.lead.email)
    assert "No finding of this audit is coded to a theme yet." in lead.get(f"{scene.list}/themes").text
    for row in (scene.seen_alone, scene.drift, scene.plan):
        make.add(FindingTheme(finding_id=row.id, theme_id=scene.voice.id, coded_at=now()))
    make.add(FindingTheme(finding_id=scene.plan.id, theme_id=scene.own.id, coded_at=now()))
    page = lead.get(f"{scene.list}/themes")
    table = page.find("tbody")
    assert table is not None
    cells = [
        [" ".join(" ".join(cell.itertext()).split()) for cell in row] for row in table.iter(f"{NAMESPACE}tr")
    ]
    assert [row[:5] for row in cells] == [
        ["Voice of the child", "2", "3", "1", "2"],
        ["Adulthood", "1", "1", "0", "1"],
    ]
    assert page.links["Voice of the child"] == f"{scene.list}?theme={scene.voice.id}"
    assert page.links["Make a recommendation from Voice of the child"] == (
        f"/audits/{scene.audit.id}/recommendations/new?theme={scene.voice.id}"
    )
    browser(scene.other_lead.email).get(f"{scene.list}/themes", status=404)
