"""A small audit put together by hand, and its figures counted one by one: no SQL, nothing of the product."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from qa.accounts.models import Agency, Area
from qa.accounts.permissions import CurrentPerson, Role
from qa.accounts.sectors import Sector
from qa.audits.lifecycle import ReturnState, Stage
from qa.audits.models import Audit, Case, Return
from qa.db import now, today
from qa.findings.models import FindingTheme, Theme
from qa.frameworks.editions import EditionTree
from qa.moderation.models import Judgement
from qa.returns.models import Concern, FindingKind
from tests.support.factories import Maker

OUT, GOOD, RI, INAD, NA = "outstanding", "good", "requires_improvement", "inadequate", "not_applicable"
LABELS = ("Outstanding", "Good", "Requires improvement to be good", "Inadequate")
GRADES = (OUT, GOOD, RI, INAD)
TITLES = {"front_door": "Front door and threshold", "protection": "Child protection plan"}
SUBMITTED, AWAY = ReturnState.SUBMITTED, ReturnState.NOT_INVOLVED
BEGUN, NEW = ReturnState.IN_PROGRESS, ReturnState.NOT_STARTED
COUNCIL, HEALTH, POLICE = "City Council", "Health Trust", "Metropolitan Police"
STRENGTH, IMPROVE = FindingKind.STRENGTH, FindingKind.AREA_FOR_IMPROVEMENT


@dataclass(frozen=True)
class Given:
    """One return: whose, in which state, with which section grades, late or not."""

    case: str
    agency: str
    state: ReturnState
    front_door: str | None = None
    protection: str | None = None
    late: bool = False


CHILD_PROTECTION = ("C1", "C2", "C3")
EARLY_HELP = ("C4", "C5", "C6")
GIVEN = (
    Given("C1", COUNCIL, SUBMITTED, GOOD, GOOD),
    Given("C1", HEALTH, SUBMITTED, OUT, NA),
    Given("C1", POLICE, SUBMITTED, GOOD),
    Given("C2", COUNCIL, SUBMITTED, RI, INAD),
    Given("C2", HEALTH, AWAY),
    Given("C2", POLICE, BEGUN, GOOD, late=True),  # not submitted: in no figure of grades
    Given("C3", COUNCIL, SUBMITTED, NA, GOOD),
    Given("C3", HEALTH, NEW, late=True),
    Given("C4", COUNCIL, SUBMITTED, GOOD, INAD),  # graded before the case turned out to be early help
    Given("C4", POLICE, SUBMITTED, INAD),
    Given("C5", COUNCIL, BEGUN, RI),
    Given("C6", HEALTH, SUBMITTED, GOOD, late=True),  # in, so not late however long ago it was due
    Given("C6", POLICE, AWAY, GOOD),  # answered first, then said not to know the child
)
AGREED: dict[tuple[str, str | None], str | None] = {
    ("C1", None): GOOD,
    ("C1", "front_door"): GOOD,
    ("C1", "protection"): GOOD,
    ("C2", None): RI,
    ("C2", "front_door"): RI,
    ("C2", "protection"): None,
    ("C4", None): GOOD,
    ("C4", "front_door"): GOOD,
}
VOICE, DRIFT = "Voice of the child", "Timeliness and drift"


@dataclass(frozen=True)
class Found:
    """One finding: of which return, what it says, what it is coded to; released or not."""

    case: str
    agency: str
    section: str
    kind: FindingKind
    text: str
    themes: tuple[str, ...] = ()
    released: bool = True


FOUND = (
    Found("C1", COUNCIL, "front_door", STRENGTH, "Seen alone at each visit.", (VOICE,)),
    Found("C1", HEALTH, "front_door", STRENGTH, "Seen alone at each visit.", (VOICE,)),
    Found("C2", COUNCIL, "front_door", STRENGTH, "Seen alone at each visit.", (VOICE, DRIFT)),
    Found("C4", POLICE, "front_door", IMPROVE, "The decision took nine days.", (DRIFT,)),
    Found("C4", COUNCIL, "front_door", IMPROVE, "Feedback was not sent.", (DRIFT,)),
    Found("C6", HEALTH, "front_door", IMPROVE, "Feedback was not sent.", (VOICE,)),
    Found("C1", COUNCIL, "protection", IMPROVE, "The plan lists tasks.", ()),
    Found("C2", POLICE, "front_door", IMPROVE, "Never to be seen before it is submitted.", (VOICE,), False),
)


@dataclass
class Scene:
    """The audit and those who look at it. `made`: returns by case and agency."""

    area: Area
    other_area: Area
    edition: EditionTree
    audit: Audit
    agencies: dict[str, Agency]
    themes: dict[str, Theme]
    lead: CurrentPerson
    member: CurrentPerson
    agency_lead: CurrentPerson
    auditor: CurrentPerson
    other_lead: CurrentPerson
    other_member: CurrentPerson
    cases: dict[str, Case] = field(default_factory=dict)
    made: dict[tuple[str, str], Return] = field(default_factory=dict)

    @property
    def analysis(self) -> str:
        """The address of its analysis."""
        return f"/audits/{self.audit.id}/analysis"

    @property
    def report(self) -> str:
        """The address of its report."""
        return f"/audits/{self.audit.id}/report"


def build(make: Maker, *, stage: Stage = Stage.REPORTED, **values: Any) -> Scene:
    """The whole audit, every return, grade and finding of it."""
    scene = people(make, stage, **values)
    for number in range(1, 7):
        case = make.case(scene.audit, f"C{number}")
        pathway = "child_protection" if case.reference in CHILD_PROTECTION else "early_help"
        make.profile_value(case, scene.edition, "pathway", pathway)
        scene.cases[case.reference] = case
    for entry in GIVEN:
        scene.made[entry.case, entry.agency] = add_return(make, scene, entry)
    for (case_key, section), grade in AGREED.items():
        judge(make, scene, scene.cases[case_key], section, grade)
    for finding in FOUND:
        add_finding(make, scene, finding)
    return scene


def people(make: Maker, stage: Stage, **values: Any) -> Scene:
    """The audit without a case, and everybody."""
    area, other = make.area("Havering"), make.area("Redbridge")
    agencies = {
        COUNCIL: make.agency(COUNCIL, Sector.LOCAL_AUTHORITY, (area,)),
        HEALTH: make.agency(HEALTH, Sector.HEALTH, (area,)),
        POLICE: make.agency(POLICE, Sector.POLICE, (area,)),
    }
    edition: EditionTree = values.pop("edition", None) or make.edition()
    defaults = {"reference": "HAV-2026-01", "title": "Help and protection"}
    audit = make.audit(area, edition, tuple(agencies.values()), stage=stage, **{**defaults, **values})
    return Scene(
        area=area,
        other_area=other,
        edition=edition,
        audit=audit,
        agencies=agencies,
        themes={name: make.theme(name) for name in (VOICE, DRIFT)},
        lead=make.person(Role.QA_LEAD, area=area, name="Quinn Lead"),
        member=make.person(Role.PARTNERSHIP_MEMBER, area=area, name="Mo Member"),
        agency_lead=make.person(Role.AGENCY_LEAD, agency=agencies[HEALTH], name="Hana Health"),
        auditor=make.person(Role.AUDITOR, agency=agencies[HEALTH], name="Ari Auditor"),
        other_lead=make.person(Role.QA_LEAD, area=other, name="Olu Other"),
        other_member=make.person(Role.PARTNERSHIP_MEMBER, area=other, name="Ova Other"),
    )


def add_return(make: Maker, scene: Scene, entry: Given) -> Return:
    """A return with its section grades."""
    due = today() + timedelta(days=-3 if entry.late else 20)
    case, agency = scene.cases[entry.case], scene.agencies[entry.agency]
    row: Return = make.case_return(case, agency, state=entry.state, due_on=due)
    for question, grade in (("front_door_grade", entry.front_door), ("protection_grade", entry.protection)):
        if grade == NA:
            make.answer(row, scene.edition, question, code=NA)
        elif grade:
            make.answer(row, scene.edition, question, grade=grade)
    return row


def judge(make: Maker, scene: Scene, case: Case, section: str | None, grade: str | None) -> None:
    """What the panel agreed; grade None: not applicable."""
    ids = scene.edition.ids
    make.add(
        Judgement(
            audit_id=case.audit_id,
            case_id=case.id,
            section_id=ids.sections[section] if section else None,
            grade_id=ids.grades["ofsted", grade] if grade else None,
            reason="The returns agree.",
            decided_at=now(),
        )
    )


def add_finding(make: Maker, scene: Scene, entry: Found) -> None:
    """A finding coded to its themes."""
    row = make.finding(
        scene.made[entry.case, entry.agency],
        scene.edition,
        entry.text,
        kind=entry.kind,
        section=entry.section,
        released=entry.released,
    )
    for theme in entry.themes:
        make.add(FindingTheme(finding_id=row.id, theme_id=scene.themes[theme].id, coded_at=now()))


def raise_concern(make: Maker, scene: Scene, **values: object) -> None:
    """An immediate concern about the first case."""
    make.add(
        Concern(
            audit_id=scene.audit.id,
            area_id=scene.area.id,
            case_id=scene.cases["C1"].id,
            agency_id=scene.agencies[HEALTH].id,
            raised_by_id=scene.auditor.id,
            raised_at=now(),
            text="Words of a concern that no report may tell.",
            **values,
        )
    )


# What follows counts the lists above, one entry after another.


def share(part: int, whole: int) -> str:
    """A percentage with one decimal, halves up; a dash where there is nothing to count."""
    if not whole:
        return "–"
    tenths = (2000 * part + whole) // (2 * whole)
    return f"{tenths // 10}.{tenths % 10}%"


def grade_cells(grades: list[str]) -> list[str]:
    """Cells of a row of grades: each grade, those graded, at or above the standard, not applicable."""
    counts = Counter(grades)
    total = sum(counts[grade] for grade in GRADES)
    above = counts[OUT] + counts[GOOD]
    return [*(str(counts[grade]) for grade in GRADES), str(total), share(above, total), str(counts[NA])]


def counted(*, section: str = "", agency: str = "") -> list[str]:
    """The agencies' own grades that count: submitted, and of a section that was asked."""
    grades = []
    for entry in GIVEN:
        if entry.state is not SUBMITTED or (agency and entry.agency != agency):
            continue
        if entry.front_door and section in {"", "front_door"}:
            grades.append(entry.front_door)
        if entry.protection and section in {"", "protection"} and entry.case in CHILD_PROTECTION:
            grades.append(entry.protection)
    return grades


def agreed(section: str | None) -> list[str]:
    """What the panel agreed of a section, or of whole cases."""
    return [grade or NA for (_case, key), grade in AGREED.items() if key == section]


def rows_by_section() -> list[list[str]]:
    """The table of the agencies' own grades by section."""
    return [[title, *grade_cells(counted(section=key))] for key, title in TITLES.items()]


def rows_by_agency() -> list[list[str]]:
    """The table of each agency's own grades."""
    return [[name, *grade_cells(counted(agency=name))] for name in (COUNCIL, HEALTH, POLICE)]


def rows_agreed() -> list[list[str]]:
    """The table of agreed grades."""
    whole = ["Whole case", *grade_cells(agreed(None))]
    return [whole, *([title, *grade_cells(agreed(key))] for key, title in TITLES.items())]


def rows_side_by_side() -> list[list[str]]:
    """The agencies' own grades and the agreed ones."""
    rows = []
    for key, title in TITLES.items():
        own, ours = grade_cells(counted(section=key)), grade_cells(agreed(key))
        rows.append([title, own[4], own[5], ours[4], ours[5]])
    return rows


def rows_of_returns() -> list[list[str]]:
    """Returns by agency and state, with their sum."""
    rows = []
    for name in (COUNCIL, HEALTH, POLICE, ""):
        mine = [entry for entry in GIVEN if name in {"", entry.agency}]
        states = [sum(entry.state is state for entry in mine) for state in (SUBMITTED, AWAY, BEGUN, NEW)]
        late = sum(entry.late and entry.state in {BEGUN, NEW} for entry in mine)
        rows.append([name or "All agencies", *map(str, states), str(len(mine)), str(late)])
    return rows


def rows_of_themes() -> list[list[str]]:
    """Themes with the cases they were seen in, most cases first."""
    rows = []
    for theme in (VOICE, DRIFT):
        mine = [entry for entry in FOUND if entry.released and theme in entry.themes]
        kinds = [sum(entry.kind is kind for entry in mine) for kind in (STRENGTH, IMPROVE)]
        rows.append((len({entry.case for entry in mine}), theme, kinds))
    rows.sort(key=lambda row: -row[0])
    return [[theme, str(cases), *map(str, kinds)] for cases, theme, kinds in rows]


TABLES = {
    "Returns by agency: figures": rows_of_returns(),
    "Agencies’ own grades and agreed grades, side by side": rows_side_by_side(),
    "Agreed grades by section: figures": rows_agreed(),
    "Agencies’ own grades by section: figures": rows_by_section(),
    "Own grades of each agency: figures": rows_by_agency(),
    "Themes by number of cases: figures": rows_of_themes(),
}
"""Every table of figures by its caption, as it must be."""
