"""A scale with its grades."""

from collections.abc import Mapping
from typing import Any

from qa.frameworks.builder_forms.base import BuilderForm, Row, RowsField, on_one_line
from qa.frameworks.builder_forms.choices import check_labels, filled, keyed
from qa.frameworks.drafts.elements import Document
from qa.frameworks.vocabulary import Colour
from qa.web.forms import text_field, tick_field

MOST_GRADES = 10
HIGHEST_SCORE = 100
LONGEST_DESCRIPTOR = 1500
RAMP = (Colour.GREEN, Colour.TURQUOISE, Colour.YELLOW, Colour.ORANGE, Colour.RED)
NOT_APPLICABLE_KEPT = "“Not applicable” is no grade: remove it here and tick the box above"


class ScaleForm(BuilderForm):
    """Name, whether "Not applicable" may be answered, grades best first."""

    known = frozenset({"name", "not_applicable", "grades"})

    name = text_field("Name", required="Enter the scale's name", limit=120)
    not_applicable = tick_field(
        "“Not applicable” may be answered instead of a grade; it never counts in a percentage",
    )
    grades = RowsField("Grades, best first")

    def check(self) -> None:
        """Grades are at least two, with names, scores and words that a framework takes."""
        rows = filled(self.grades.rows)
        if not 2 <= len(rows) <= MOST_GRADES:
            self.grades.error("", f"A scale has from 2 to {MOST_GRADES} grades")
        check_labels(self.grades, rows, 80, "Grade")
        for row in rows:
            self._check_grade(row, row.name.removeprefix("grades-"))

    def _check_grade(self, row: Row, name: str) -> None:
        score = row.text("score")
        if score and not (score.isdecimal() and score.isascii() and int(score[:9]) <= HIGHEST_SCORE):
            message = f"The score of grade {row.number} must be a whole number from 0 to {HIGHEST_SCORE}"
            self.grades.error(f"{name}-score", message)
        if len(row.text("descriptor")) > LONGEST_DESCRIPTOR:
            message = f"What grade {row.number} looks like must be {LONGEST_DESCRIPTOR:,} characters or fewer"
            self.grades.error(f"{name}-descriptor", message)
        if row.text("label").casefold() in {"not applicable", "n/a"}:
            self.grades.error(f"{name}-label", NOT_APPLICABLE_KEPT)

    def values(self) -> dict[str, Any]:
        """The scale. A grade without a score gets one from its place: 0 for the last."""
        found = keyed(filled(self.grades.rows), "grade")
        grades = [_grade(key, row, place, len(found)) for place, (key, row) in enumerate(found)]
        kept = None if self.not_applicable.data else False
        return {"name": on_one_line(self.name.data), "grades": grades, "not_applicable": kept}

    def shown(self) -> Mapping[str, str]:
        """The grades in words."""
        lines = [
            f"{row.text('label')}: score {row.text('score') or 'by its place'}, {row.text('colour')}, "
            f"{'meets' if row.text('meets') else 'below'} the standard. {row.text('descriptor')}"
            for row in filled(self.grades.rows)
        ]
        return {"grades": "\n".join(lines)}


def _colour_at(place: int, many: int) -> str:
    """The colour of a grade that was given none: green for the best, red for the last."""
    return RAMP[round(place * (len(RAMP) - 1) / max(many - 1, 1))].value


def _grade(key: str, row: Row, place: int, many: int) -> dict[str, Any]:
    score, colour = row.text("score"), row.text("colour")
    made = {
        "key": key,
        "label": on_one_line(row.text("label")),
        "score": int(score) if score else many - 1 - place,
        "colour": colour if colour in set(Colour) else _colour_at(place, many),
        "meets_standard": bool(row.text("meets")),
    }
    return {**made, "descriptor": row.text("descriptor")} if row.text("descriptor") else made


def scale_form(_document: Document, part: Document | None = None) -> ScaleForm:
    """The form, filled from a scale when it is given (an empty one: four empty grades)."""
    if part is None:
        return ScaleForm()
    data: dict[str, list[str]] = {}
    for number, grade in enumerate(part.get("grades") or [{}] * 4):
        data |= {
            f"{number}-key": [str(grade.get("key", ""))],
            f"{number}-label": [str(grade.get("label", ""))],
            f"{number}-score": [str(grade.get("score", ""))],
            f"{number}-colour": [str(grade.get("colour", ""))],
            f"{number}-meets": ["1"] if grade.get("meets_standard") else [],
            f"{number}-descriptor": [str(grade.get("descriptor", ""))],
        }
    values = {"name": part.get("name", ""), "not_applicable": part.get("not_applicable", True)}
    return ScaleForm(formdata=None, data={**values, "grades": data})
