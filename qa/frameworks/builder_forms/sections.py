"""A section's own settings."""

from typing import Any

from qa.accounts.sectors import Sector
from qa.frameworks.builder_forms.base import number_of, on_one_line, weight_field
from qa.frameworks.builder_forms.conditions import ConditionForm, condition_data
from qa.frameworks.drafts.elements import Document, Kind
from qa.frameworks.drafts.subjects import offered
from qa.web.forms import checkboxes_field, long_text_field, text_field, tick_field

SECTORS = [(sector.value, sector.label) for sector in Sector]


class SectionForm(ConditionForm):
    """Title, guidance, who is asked it and when, and how much it counts."""

    known = frozenset({"title", "guidance", "sectors", "only_if", "weight"})

    title = text_field("Title", required="Enter the section's title", limit=200)
    guidance = long_text_field(
        "Guidance (optional)", hint="One to three sentences: what the section is about", limit=3000
    )
    sectors = checkboxes_field(
        "Who is asked this section (optional)", SECTORS, hint="Leave all empty to ask every sector."
    )
    weight = weight_field("How many times the section counts where sections are put together: 1 for most")
    closing = tick_field(
        "End the section with its grade and the impact on the child, as audits of cases do",
    )

    def values(self) -> dict[str, Any]:
        """The section without its questions."""
        weight = number_of(self.weight.data)
        return {
            "title": on_one_line(self.title.data),
            "guidance": self.guidance.data,
            "sectors": self.sectors.data,
            "only_if": self.condition(),
            "weight": None if weight == 1 else weight,
        }


def section_form(document: Document, key: str, part: Document | None = None) -> SectionForm:
    """The form of the section with that key ("": a new one), filled from it when it is given."""
    if part is None:
        form = SectionForm()
    else:
        data = {
            "title": part.get("title", ""),
            "guidance": part.get("guidance", ""),
            "sectors": list(part.get("sectors") or ()),
            "weight": str(part.get("weight", 1)),
            **condition_data(part),
        }
        form = SectionForm(formdata=None, data=data)
    form.offer(offered(document, Kind.SECTION, key))
    if key:
        del form.closing
    return form
