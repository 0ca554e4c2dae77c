"""The child sexual abuse audit: in panel stage, with some cases judged and some findings not yet coded."""

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

from qa.audits.lifecycle import Stage
from qa.audits.models import Audit
from qa.demo import profiles, words
from qa.demo.answering import Auditor, Task
from qa.demo.doubling import add_seconds
from qa.demo.fieldwork import Sampled, add_audit, add_cases, new_return, submitted, write_returns
from qa.demo.findings import Meant, Spreader, code, write_findings
from qa.demo.grading import Marker, Tendency
from qa.demo.moderating import Panel, open_to_panel
from qa.demo.scene import Scene, at, working_hour, year_to
from qa.demo.voices import write_views
from qa.demo.words import WrittenAudit
from qa.frameworks.editions import EditionTree
from qa.reports.models import ReportDraft

AREA = "barking-and-dagenham"
KEY = "child_sexual_abuse"
ALWAYS = ("bd_social_care", "police", "community_health", "schools")
SOMETIMES = {"voluntary": 0.5, "hospitals": 0.5, "probation": 0.4}
MOST = 6
CASES = 12
# How far the panel has come: judged as a whole, judged in part, opened and not yet judged; the rest wait.
JUDGED, BEGUN, OPENED = 4, 6, 8
TWICE = 4  # cases audited twice
# Days before today.
CREATED, OPENS, DUE, PANEL = 96, 70, 28, 7
REPORT_IN = 42
TENDENCY = Tendency(
    mean=1.35,
    sections={"recognition": 0.2, "response": -0.3, "decisions": 0.25, "managing_risk": -0.3},
    agencies={"police": -0.1, "schools": -0.2, "community_health": 0.1, "hospitals": -0.1},
    divergence=0.025,
)
NEEDS = {"sexual_abuse": 7, "neglect": 3, "emotional_abuse": 1, "domestic_abuse": 1}


def add(scene: Scene) -> Audit:
    """Write the whole audit."""
    random = scene.chance(KEY)
    tree = scene.partnership.editions[KEY]
    written = words.audit(KEY)
    marker = Marker(random, TENDENCY)
    audit = _plan(scene, tree, written)
    needs = random.choices([*NEEDS], [*NEEDS.values()], k=CASES)
    drawn = [
        (profiles.draw(tree.content, random, {"main_need": need}), marker.case_level()) for need in needs
    ]
    sample = add_cases(scene, audit, tree, drawn, at(scene.ago(OPENS + 6), 14))
    auditor = Auditor(tree.content, marker, scene.phrases)
    for case in sample:
        _add_returns(scene, random, audit, auditor, case)
    write_returns(scene, tree, sample)
    add_seconds(scene, audit, tree, sample, TWICE, TENDENCY)
    spreader = Spreader(scene, random, tree, sample)
    spreader.place_written(written.findings)
    spreader.place_short(lambda chance: chance.choice((0, 0, 1, 1)))
    meant = write_findings(scene, audit, tree, spreader.placed)
    write_views(scene, audit, sample, scene.ago(DUE))
    code(scene, audit, _coded_so_far(sample, meant), at(scene.ago(5), 15))
    _moderate(scene, random, audit, marker, sample)
    scene.session.add(
        ReportDraft(
            audit_id=audit.id,
            executive_summary=written.executive_summary,
            method_note=written.method,
            updated_at=at(scene.ago(4), 16),
        )
    )
    return audit


def _plan(scene: Scene, tree: EditionTree, written: WrittenAudit) -> Audit:
    start, end = year_to(scene.ago(OPENS))
    return add_audit(
        scene,
        (*ALWAYS, *SOMETIMES),
        reference=f"BD-{scene.today.year}-01",
        title="Child sexual abuse in the family environment",
        area_id=scene.partnership.areas[AREA].id,
        edition_id=tree.id,
        stage=Stage.PANEL,
        theme="Recognising and responding to sexual abuse of children by someone in or close to the family",
        terms_of_reference=written.terms_of_reference,
        key_lines_of_enquiry=written.key_lines_of_enquiry,
        period_start=start,
        period_end=end,
        fieldwork_opens_on=scene.ago(OPENS),
        returns_due_on=scene.ago(DUE),
        panel_on=scene.ago(PANEL),
        report_due_on=scene.ago(-REPORT_IN),
        lead_id=scene.partnership.qa_leads[AREA].id,
        created_at=at(scene.ago(CREATED), 10),
    )


def _coded_so_far(sample: Sequence[Sampled], meant: Sequence[Meant]) -> list[Meant]:
    numbers = {case.row.id for case in sample[:BEGUN]}
    return [(finding, themes) for finding, themes in meant if finding.case_id in numbers]


def _add_returns(scene: Scene, random: Random, audit: Audit, auditor: Auditor, case: Sampled) -> None:
    coming = [key for key, chance in SOMETIMES.items() if random.random() < chance]
    random.shuffle(coming)
    for key in [*ALWAYS, *coming[: MOST - len(ALWAYS)]]:
        people = scene.partnership.auditors[key]
        person = people[case.row.number % len(people)]
        given = new_return(scene, audit, case, key, person)
        started = working_hour(random, scene.ago(OPENS - random.randrange(3, 20)))
        done = working_hour(random, scene.ago(DUE + random.randrange(0, 14)))
        if key in SOMETIMES and random.random() < 0.2:
            submitted(given.row, started, started, person, reason=random.choice(scene.phrases.not_involved))
            continue
        submitted(given.row, started, done, person)
        levels = {
            section.key: auditor.marker.section_level(case.level, section.key, key)
            for section in auditor.content.sections
        }
        sector = scene.partnership.agencies[key].sector
        given.answers = auditor.fill(Task(sector, case.conditions, levels, audit.period_end))


def _moderate(scene: Scene, random: Random, audit: Audit, marker: Marker, sample: Sequence[Sampled]) -> None:
    panel = Panel(scene, random, audit, scene.partnership.editions[KEY], marker)
    open_to_panel(audit, sample[:OPENED], at(scene.ago(PANEL + 5), 9, 30))
    day: date = scene.ago(PANEL)
    for number, case in enumerate(sample[:BEGUN]):
        sections = None if number < JUDGED else 2 + number % 2
        panel.judge(case, at(day + timedelta(days=number // 4), 10 + number % 4, 5), sections=sections)
    panel.write()
