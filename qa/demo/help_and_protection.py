"""The Help and Protection audit of 2019/20: reported, with fifty cases and recommendations in every state."""

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

from qa.audits.lifecycle import Stage
from qa.audits.models import Audit
from qa.demo import profiles, words
from qa.demo.answering import Auditor, Task
from qa.demo.fieldwork import Given, Sampled, add_audit, add_cases, new_return, submitted, write_returns
from qa.demo.findings import Spreader, code, write_findings
from qa.demo.grading import Marker, Tendency
from qa.demo.moderating import Panel, open_to_panel
from qa.demo.recommending import add_recommendations
from qa.demo.scene import Scene, at, working_hour
from qa.demo.voices import write_views
from qa.demo.words import WrittenAudit
from qa.frameworks.editions import EditionTree
from qa.reports.models import ReportDraft

AREA = "barking-and-dagenham"
AGENCIES = (
    "bd_social_care",
    "bd_early_help",
    "police",
    "community_health",
    "hospitals",
    "schools",
    "probation",
    "voluntary",
)
PERIOD = (date(2019, 4, 1), date(2020, 3, 31))
OPENS, DUE, PANEL, REPORT = date(2020, 4, 1), date(2020, 4, 24), date(2020, 5, 13), date(2020, 6, 12)
PATHWAYS = (("early_help", 14), ("child_in_need", 13), ("s47", 11), ("child_protection", 12))
# How often each agency is involved with a child on each pathway; 1 is always.
INVOLVED = {
    "early_help": {
        "bd_early_help": 1,
        "schools": 1,
        "community_health": 1,
        "voluntary": 0.8,
        "bd_social_care": 0.5,
        "hospitals": 0.3,
        "police": 0.2,
    },
    "child_in_need": {
        "bd_social_care": 1,
        "schools": 1,
        "community_health": 1,
        "voluntary": 0.6,
        "police": 0.5,
        "hospitals": 0.4,
        "bd_early_help": 0.4,
    },
    "s47": {
        "bd_social_care": 1,
        "police": 1,
        "community_health": 1,
        "schools": 0.9,
        "hospitals": 0.6,
        "probation": 0.2,
        "voluntary": 0.2,
    },
    "child_protection": {
        "bd_social_care": 1,
        "police": 1,
        "community_health": 1,
        "schools": 1,
        "probation": 0.4,
        "hospitals": 0.4,
        "voluntary": 0.4,
    },
}
FEWEST, MOST = 4, 6
NOT_INVOLVED = 0.2  # of the agencies that are not always involved
# What was published: the right level of help for every child, good early help and enquiries; plans,
# supervision and evidence of impact weaker; no child unsafe, so the panel never goes below the third grade.
TENDENCY = Tendency(
    mean=1.3,
    sections={
        "front_door": -0.35,
        "early_help": -0.4,
        "section_47": -0.15,
        "child_protection": 0.15,
        "child_in_need": 0.1,
        "direct_work": 0.05,
        "supervision": 0.35,
    },
    agencies={
        "bd_social_care": 0.1,
        "bd_early_help": -0.15,
        "police": -0.2,
        "community_health": 0.15,
        "schools": -0.1,
        "probation": 0.2,
        "voluntary": 0.05,
    },
    divergence=0.02,
    panel_worst=2,
)
FLOORS = {"threshold_applied": 1, "front_door_grade": 2, "section_47_grade": 2}


def add(scene: Scene) -> Audit:
    """Write the whole audit."""
    random = scene.chance("help and protection")
    tree = scene.partnership.editions["help_and_protection"]
    written = words.audit("help_and_protection_2019_20")
    marker = Marker(random, TENDENCY)
    audit = _plan(scene, tree, written)
    drawn = [
        (
            profiles.draw(tree.content, random, {"pathway": pathway, **_enquiries(random, pathway)}),
            marker.case_level(),
        )
        for pathway in _mixed(random)
    ]
    sample = add_cases(scene, audit, tree, drawn, at(date(2020, 3, 18), 14))
    auditor = Auditor(tree.content, marker, scene.phrases, FLOORS)
    for case in sample:
        _add_returns(scene, random, audit, auditor, case)
    write_returns(scene, tree, sample)
    spreader = Spreader(scene, random, tree, sample, early_help=True)
    spreader.place_written(written.findings)
    spreader.place_short(lambda chance: chance.choice((0, 1, 1, 2, 2)))
    spreader.place_panels(sample[::6])
    meant = write_findings(scene, audit, tree, spreader.placed, panel_at=at(PANEL, 15))
    write_views(scene, audit, sample, PANEL)
    code(scene, audit, meant, at(PANEL + timedelta(days=7), 11))
    _moderate(scene, random, audit, marker, sample)
    add_recommendations(scene, audit, written.recommendations, meant, agreed=at(REPORT, 12))
    scene.session.add(
        ReportDraft(
            audit_id=audit.id,
            executive_summary=written.executive_summary,
            method_note=written.method,
            updated_at=at(REPORT, 16),
        )
    )
    return audit


def _plan(scene: Scene, tree: EditionTree, written: WrittenAudit) -> Audit:
    return add_audit(
        scene,
        AGENCIES,
        reference="BD-2020-01",
        title="Help and Protection 2019/20",
        area_id=scene.partnership.areas[AREA].id,
        edition_id=tree.id,
        stage=Stage.REPORTED,
        theme="How well children are identified, helped and protected, from the front door to a plan",
        terms_of_reference=written.terms_of_reference,
        key_lines_of_enquiry=written.key_lines_of_enquiry,
        period_start=PERIOD[0],
        period_end=PERIOD[1],
        fieldwork_opens_on=OPENS,
        returns_due_on=DUE,
        panel_on=PANEL,
        report_due_on=REPORT,
        lead_id=scene.partnership.qa_leads[AREA].id,
        created_at=at(date(2020, 2, 24), 10),
    )


def _mixed(random: Random) -> list[str]:
    pathways = [pathway for pathway, number in PATHWAYS for _ in range(number)]
    random.shuffle(pathways)
    return pathways


def _enquiries(random: Random, pathway: str) -> dict[str, int]:
    return {"s47_12_months": random.choice((1, 1, 2))} if pathway in {"s47", "child_protection"} else {}


def _involved(random: Random, pathway: str) -> list[str]:
    chances = INVOLVED[pathway]
    always = [key for key, chance in chances.items() if chance == 1]
    others = [key for key in chances if key not in always]
    random.shuffle(others)
    coming = [key for key in others if random.random() < chances[key]]
    coming += [key for key in others if key not in coming][: max(0, FEWEST - len(always) - len(coming))]
    return always + coming[: MOST - len(always)]


def _add_returns(scene: Scene, random: Random, audit: Audit, auditor: Auditor, case: Sampled) -> None:
    pathway = case.conditions["pathway"]
    for key in _involved(random, pathway):
        people = scene.partnership.auditors[key]
        person = people[case.row.number % len(people)]
        given = new_return(scene, audit, case, key, person)
        started = working_hour(random, OPENS + timedelta(days=random.randrange(1, 12)))
        done = working_hour(random, DUE - timedelta(days=random.randrange(-3, 8)))
        if INVOLVED[pathway][key] < 1 and random.random() < NOT_INVOLVED:
            submitted(given.row, started, started, person, reason=random.choice(scene.phrases.not_involved))
            continue
        submitted(given.row, started, done, person)
        given.answers = auditor.fill(_task(scene, auditor, case, given))


def _task(scene: Scene, auditor: Auditor, case: Sampled, given: Given) -> Task:
    levels = {
        section.key: auditor.marker.section_level(case.level, section.key, given.agency)
        for section in auditor.content.sections
    }
    sector = scene.partnership.agencies[given.agency].sector
    return Task(sector, case.conditions, levels, PERIOD[1])


def _moderate(scene: Scene, random: Random, audit: Audit, marker: Marker, sample: Sequence[Sampled]) -> None:
    panel = Panel(scene, random, audit, scene.partnership.editions["help_and_protection"], marker)
    open_to_panel(audit, sample, at(PANEL - timedelta(days=7), 9))
    for number, case in enumerate(sample):
        # A panel of two days, some six cases an hour.
        panel.judge(case, at(PANEL + timedelta(days=number // 25), 9 + number % 25 // 5, number % 5 * 11))
    panel.write()
