"""The Section 11 self-assessment: every agency on itself, in panel stage, with some ratings moderated."""

from collections.abc import Sequence
from datetime import timedelta

from qa.accounts.sectors import Sector
from qa.audits.lifecycle import Stage
from qa.audits.models import Audit
from qa.demo import profiles, words
from qa.demo.answering import Auditor, Task
from qa.demo.fieldwork import Sampled, add_audit, add_cases, new_return, submitted, write_returns
from qa.demo.findings import HOSPITAL, Placed, write_findings
from qa.demo.grading import Marker, Tendency
from qa.demo.moderating import Panel, open_to_panel
from qa.demo.scene import Scene, at, working_hour, year_to
from qa.demo.words import WrittenAudit, WrittenFinding
from qa.frameworks.editions import EditionTree
from qa.returns.models import FindingKind

AREA = "havering"
KEY = "section_11"
CREATED, OPENS, DUE, PANEL = 110, 84, 30, 10
REPORT_IN = 35
JUDGED, OPENED = 5, 7
TENDENCY = Tendency(
    mean=0.55,
    sections={"training": 0.15, "views_of_children_families": 0.15, "line_of_accountability": -0.1},
    agencies={"voluntary": 0.2, "probation": 0.15, "police": -0.1, "schools": -0.15},
    divergence=0,
    worst=2,
    panel_worst=2,
)
TYPES = {
    Sector.LOCAL_AUTHORITY: ("council", "from_250"),
    Sector.POLICE: ("police", "from_250"),
    Sector.HEALTH: ("health_provider", "from_250"),
    Sector.EDUCATION: ("school_college", "from_50_to_249"),
    Sector.PROBATION: ("probation_justice", "from_50_to_249"),
    Sector.VOLUNTARY: ("voluntary_faith", "from_10_to_49"),
}
# Which agency of a sector the written evidence is about; a hospital's is told by its words.
ABOUT = {
    "local_authority": "havering_social_care",
    "health": "community_health",
    "education": "schools",
    "police": "police",
    "probation": "probation",
    "voluntary": "voluntary",
}


def add(scene: Scene) -> Audit:
    """Write the whole audit."""
    random = scene.chance(KEY)
    partnership = scene.partnership
    tree = partnership.editions[KEY]
    written = words.audit(KEY)
    marker = Marker(random, TENDENCY)
    agencies = tuple(partnership.agencies)
    audit = _plan(scene, tree, written)
    drawn = [
        (
            profiles.draw(tree.content, random, _facts(partnership.agencies[key].sector)),
            marker.case_level() / 2,
        )
        for key in agencies
    ]
    sample = add_cases(scene, audit, tree, drawn, at(scene.ago(OPENS + 2), 14), agencies)
    auditor = Auditor(tree.content, marker, scene.phrases)
    placed = []
    for key, case in zip(agencies, sample, strict=True):
        own = [finding for finding in written.findings if _about(finding) == key]
        _add_return(scene, audit, auditor, case, key, own)
        placed += [_placed(case, finding) for finding in own if _kind(finding)]
    write_returns(scene, tree, sample)
    write_findings(scene, audit, tree, placed)
    _moderate(scene, audit, marker, sample)
    return audit


def _facts(sector: Sector) -> dict[str, str]:
    kind, size = TYPES[sector]
    return {
        "agency_type": kind,
        "workforce_size": size,
        "children_directly": "yes",
        "commissions_services": "yes" if kind in {"council", "health_provider"} else "no",
        "first_return": "no",
    }


def _plan(scene: Scene, tree: EditionTree, written: WrittenAudit) -> Audit:
    partnership = scene.partnership
    start, end = year_to(scene.ago(OPENS))
    return add_audit(
        scene,
        tuple(partnership.agencies),
        reference=f"HAV-{scene.today.year}-01",
        title="Section 11 self-assessment",
        area_id=partnership.areas[AREA].id,
        edition_id=tree.id,
        stage=Stage.PANEL,
        theme="Each agency's arrangements to safeguard children; Havering leads it for the three boroughs",
        terms_of_reference=written.terms_of_reference,
        key_lines_of_enquiry=written.key_lines_of_enquiry,
        period_start=start,
        period_end=end,
        fieldwork_opens_on=scene.ago(OPENS),
        returns_due_on=scene.ago(DUE),
        panel_on=scene.ago(PANEL),
        report_due_on=scene.ago(-REPORT_IN),
        lead_id=partnership.qa_leads[AREA].id,
        created_at=at(scene.ago(CREATED), 10),
    )


def _about(finding: WrittenFinding) -> str:
    if finding.agency_sector == "health" and HOSPITAL.search(finding.text):
        return "hospitals"
    return ABOUT[finding.agency_sector]


def _add_return(
    scene: Scene, audit: Audit, auditor: Auditor, case: Sampled, key: str, own: Sequence[WrittenFinding]
) -> None:
    partnership, random, marker = scene.partnership, auditor.random, auditor.marker
    person = partnership.auditors[key][0]
    given = new_return(scene, audit, case, key, person)
    started = working_hour(random, scene.ago(OPENS - random.randrange(5, 25)))
    submitted(given.row, started, working_hour(random, scene.ago(DUE + random.randrange(0, 20))), person)
    levels = {
        section.key: marker.section_level(case.level, section.key, key)
        for section in auditor.content.sections
    }
    given.answers = auditor.fill(_task(partnership.agencies[key].sector, case, levels, audit, own))


def _task(
    sector: Sector, case: Sampled, levels: dict[str, float], audit: Audit, own: Sequence[WrittenFinding]
) -> Task:
    """What the agency's written words settle: a standard's grade, its evidence, what will improve."""
    evidence = [finding for finding in own if finding.kind == "evidence"]
    improvements = [finding for finding in own if finding.kind == "improvement"]
    return Task(
        sector,
        case.conditions,
        levels,
        audit.period_end,
        words={f"{finding.section}_grade": finding.text for finding in evidence}
        | {f"{finding.section}_improve": finding.text for finding in improvements},
        fixed={f"{finding.section}_grade": finding.grade for finding in evidence},
    )


def _kind(finding: WrittenFinding) -> FindingKind | None:
    if finding.kind == "improvement":
        return None
    return FindingKind.STRENGTH if finding.grade == "green" else FindingKind.AREA_FOR_IMPROVEMENT


def _placed(case: Sampled, finding: WrittenFinding) -> Placed:
    kind = _kind(finding) or FindingKind.AREA_FOR_IMPROVEMENT
    return Placed(case, case.returns[0], finding.section, kind, finding.text, finding.themes)


def _moderate(scene: Scene, audit: Audit, marker: Marker, sample: Sequence[Sampled]) -> None:
    panel = Panel(scene, marker.random, audit, scene.partnership.editions[KEY], marker)
    open_to_panel(audit, sample[:OPENED], at(scene.ago(PANEL + 3), 9))
    for number, case in enumerate(sample[:JUDGED]):
        panel.judge(case, at(scene.ago(PANEL) + timedelta(days=number // 3), 10 + number % 3))
    panel.write()
