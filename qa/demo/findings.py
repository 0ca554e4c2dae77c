"""Spreads findings over the cases of an audit and codes them to themes."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random

from sqlalchemy import insert

from qa.audits.lifecycle import ReturnState
from qa.audits.models import Audit
from qa.demo.fieldwork import Given, Sampled
from qa.demo.scene import Scene
from qa.demo.words import WrittenFinding
from qa.findings.models import FindingTheme
from qa.frameworks.content import Section
from qa.frameworks.editions import EditionTree
from qa.returns.models import Finding, FindingKind

# Words that say which of several agencies of a sector a finding is about.
HOSPITAL = re.compile(
    r"hospital|midwife|paediatric|medical examination|referral centre|doctor", re.IGNORECASE
)
# How likely a finding about a section is a strength, by the place of its grade.
STRENGTH = (0.9, 0.7, 0.3, 0.1)

Meant = tuple[Finding, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Placed:
    """A finding and where it belongs. given None: the panel's own."""

    case: Sampled
    given: Given | None
    section: str
    kind: FindingKind
    text: str
    themes: tuple[str, ...]


class Spreader:
    """Decides which return or panel each finding comes from."""

    def __init__(
        self,
        scene: Scene,
        random: Random,
        tree: EditionTree,
        sample: Sequence[Sampled],
        *,
        early_help: bool = False,
    ) -> None:
        self.scene = scene
        self.random = random
        self.tree = tree
        self.sample = sample
        self.early_help = early_help
        self.placed: list[Placed] = []
        self._count: Counter[int] = Counter()
        self._used: Counter[str] = Counter()

    def place_written(self, findings: Iterable[WrittenFinding]) -> None:
        """Give each written finding to one return whose agency could have written it; leave out those for
        which there is none.
        """
        for finding in findings:
            able = [
                (case, given)
                for case in self.sample
                for given in case.returns
                if self._could_write(given, finding)
            ]
            fitting = [pair for pair in able if self._fits(pair[1], finding)] or able
            if fitting:
                fewest = min(self._count[id(given)] for _, given in fitting)
                case, given = self.random.choice(
                    [pair for pair in fitting if self._count[id(pair[1])] == fewest]
                )
                self._add(
                    case, given, finding.section, FindingKind(finding.kind), finding.text, finding.themes
                )

    def _could_write(self, given: Given, finding: WrittenFinding) -> bool:
        agency = self.scene.partnership.agencies[given.agency]
        if agency.sector.value != finding.agency_sector or given.place(self.tree, finding.section) is None:
            return False
        if finding.agency_sector == "health":
            return (given.agency == "hospitals") is bool(HOSPITAL.search(finding.text))
        if finding.agency_sector == "local_authority" and self.early_help:
            return (given.agency == "bd_early_help") is (finding.section == "early_help")
        return True

    def _fits(self, given: Given, finding: WrittenFinding) -> bool:
        place = given.place(self.tree, finding.section)
        grades = len(self.tree.judgement_scale.grades)
        return place is not None and (place < grades / 2) is (finding.kind == FindingKind.STRENGTH)

    def place_short(self, how_many: Callable[[Random], int]) -> None:
        """Give every return that has answers some short findings about its sections."""
        for case in self.sample:
            for given in case.returns:
                sections = [
                    section
                    for section in self.tree.content.sections
                    if given.place(self.tree, section.key) is not None
                ]
                wanted = min(how_many(self.random), len(sections))
                for section in self.random.sample(sections, wanted):
                    self._place_short(case, given, section, given.place(self.tree, section.key) or 0)

    def place_panels(self, cases: Iterable[Sampled]) -> None:
        """Give each of those cases one finding in the panel's own words."""
        for case in cases:
            places = [
                (section, place)
                for section in self.tree.content.sections
                for given in case.returns[:1]
                if (place := given.place(self.tree, section.key)) is not None
            ]
            if places:
                section, place = self.random.choice(places)
                self._place_short(case, None, section, place)

    def _place_short(self, case: Sampled, given: Given | None, section: Section, place: int) -> None:
        strength = self.random.random() < STRENGTH[place]
        kind = FindingKind.STRENGTH if strength else FindingKind.AREA_FOR_IMPROVEMENT
        hints = sorted({theme for question in section.questions for theme in question.themes})
        themes = [theme for theme in hints if theme in self.scene.phrases.findings]
        theme = self.random.choice(themes)
        said = {entry.text for entry in self.placed if entry.case is case}
        texts = [text for text in self.scene.phrases.findings[theme][kind.value] if text not in said]
        if not texts:
            return
        fewest = min(self._used[text] for text in texts)
        text = self.random.choice([text for text in texts if self._used[text] == fewest])
        self._used[text] += 1
        self._add(case, given, section.key, kind, text, (theme,))

    def _add(
        self,
        case: Sampled,
        given: Given | None,
        section: str,
        kind: FindingKind,
        text: str,
        themes: tuple[str, ...],
    ) -> None:
        self.placed.append(Placed(case, given, section, kind, text, themes))
        self._count[id(given)] += 1


def write_findings(
    scene: Scene,
    audit: Audit,
    tree: EditionTree,
    placed: Sequence[Placed],
    *,
    panel_at: datetime | None = None,
) -> list[Meant]:
    """Write the findings; gives back each with the themes meant for it: see `code`.

    panel_at: when the panel wrote its own.
    """
    rows = []
    ordered = sorted(placed, key=lambda entry: entry.case.row.number)
    for entry in ordered:
        row = entry.given.row if entry.given else None
        rows.append(
            Finding(
                audit_id=audit.id,
                case_id=entry.case.row.id,
                return_id=row.id if row else None,
                section_id=tree.ids.sections[entry.section],
                agency_id=row.agency_id if row else None,
                kind=entry.kind,
                text=entry.text,
                released=row is None or row.state is ReturnState.SUBMITTED,
                created_at=(row.saved_at if row else panel_at) or scene.moment,
                created_by_id=row.auditor_id if row else audit.lead_id,
            )
        )
    scene.session.add_all(rows)
    scene.session.flush()
    return [(row, entry.themes) for row, entry in zip(rows, ordered, strict=True)]


def code(scene: Scene, audit: Audit, meant: Iterable[Meant], at: datetime) -> None:
    """Code findings to their themes."""
    rows = [
        {
            "finding_id": finding.id,
            "theme_id": scene.partnership.themes[theme],
            "coded_at": at,
            "coded_by_id": audit.lead_id,
        }
        for finding, themes in meant
        for theme in themes
    ]
    if rows:
        scene.session.execute(insert(FindingTheme), rows)
