"""Opens cases to the panel and writes what it agreed."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from random import Random
from typing import Any

from sqlalchemy import insert

from qa.audits.models import Audit
from qa.demo.fieldwork import Sampled
from qa.demo.grading import Marker
from qa.demo.scene import Scene
from qa.frameworks.conditions import visible
from qa.frameworks.editions import EditionTree
from qa.moderation.models import Judgement


def open_to_panel(audit: Audit, cases: Iterable[Sampled], at: datetime) -> None:
    """Let the agencies with a return on the cases see each other's."""
    for case in cases:
        case.row.panel_opened_at = at
        case.row.panel_opened_by_id = audit.lead_id


class Panel:
    """Agrees a grade for each section that applies to a case, and for the whole case."""

    def __init__(self, scene: Scene, random: Random, audit: Audit, tree: EditionTree, marker: Marker) -> None:
        self.scene = scene
        self.random = random
        self.audit = audit
        self.tree = tree
        self.marker = marker
        self.scale = tree.judgement_scale
        self.rows: list[dict[str, Any]] = []

    def judge(self, case: Sampled, at: datetime, *, sections: int | None = None) -> None:
        """Judge a case. sections: only so many of them and not the whole, as halfway through a meeting."""
        asked = visible(self.tree.content, None, case.conditions, {}).sections
        keys = [section.key for section in self.tree.content.sections if section.key in asked]
        agreed: list[int] = []
        for key in keys if sections is None else keys[:sections]:
            places = [place for given in case.returns if (place := given.place(self.tree, key)) is not None]
            place = self.marker.agreed(places, len(self.scale.grades) - 1)
            agreed += [] if place is None else [place]
            self._write(case, key, place, at, self._reason(place))
        if sections is None and agreed:
            mean = sum(agreed) / len(agreed)
            whole = self.marker.agreed([round(mean)], len(self.scale.grades) - 1) or 0
            self._write(case, None, whole, at, self.random.choice(self._words(whole, "overall")))

    def _reason(self, place: int | None) -> str:
        if place is None:
            return "No agency that answered works in this area of practice, so there was nothing to judge."
        return self.random.choice(self._words(place, "panel_reasons"))

    def _words(self, place: int, kind: str) -> Sequence[str]:
        words: Sequence[str] = getattr(self.scene.phrases, kind)[self.scale.grades[place].key]
        return words

    def _write(
        self, case: Sampled, section: str | None, place: int | None, at: datetime, reason: str
    ) -> None:
        grade = None if place is None else self.scale.grades[place].key
        self.rows.append(
            {
                "audit_id": self.audit.id,
                "case_id": case.row.id,
                "section_id": self.tree.ids.sections[section] if section else None,
                "grade_id": self.tree.ids.grades[(self.scale.key, grade)] if grade else None,
                "reason": reason,
                "decided_at": at,
                "decided_by_id": self.audit.lead_id,
            }
        )

    def write(self) -> None:
        """Write the judgements."""
        self.scene.session.execute(insert(Judgement), self.rows)
