"""Forms of the library."""

from collections.abc import Sequence

from wtforms.fields import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs

from qa.frameworks.vocabulary import FrameworkKind, Method
from qa.web.forms import Form, file_field, long_text_field, radio_field, select_field, text_field

ALL_AREAS = "all"
CHECK, DRAFT, PUBLISH = "check", "draft", "publish"
NEXT, OWN = "next", "own"
LONGEST_NAME = 120  # as in the schema of framework files
NEEDS_NAME = "Enter a name for the new framework"


class EditionForm(Form):
    """Publish, withdraw or restore: nothing to type, but the version travels with it."""


class ImportForm(Form):
    """A framework file."""

    file = file_field(
        "Framework file",
        required="Choose a framework file",
        hint="An Excel workbook (.xlsx) or a YAML file (.yaml, .yml)",
    )
    publish = radio_field(
        "What to do with it",
        [
            (CHECK, "Check it and tell me what it would become, without keeping anything"),
            (DRAFT, "Keep it as a draft"),
            (PUBLISH, "Publish it at once"),
        ],
        required="Choose what to do with it",
    )


class _AreaForm(Form):
    area = radio_field("Who can use it", required="Choose who can use it")

    def offer_areas(self, areas: Sequence[tuple[int, str]]) -> None:
        """Offer all areas together, and each of these alone."""
        alone = [(str(number), f"{name} only") for number, name in areas]
        self.area.choices = [SelectChoice(*pair) for pair in ((ALL_AREAS, "All areas"), *alone)]

    @property
    def area_id(self) -> int | None:
        """The area chosen; None for all of them."""
        return None if self.area.data == ALL_AREAS else int(self.area.data)


class SharingForm(_AreaForm):
    """Who can use a framework. Its version is the number of the area that kept it, 0 for all areas."""

    @property
    def seen_area_id(self) -> int | None:
        """The area that kept the framework when the form was opened."""
        return self.version_number or None


class BlankForm(_AreaForm):
    """A new framework."""

    name = text_field("Name", required=NEEDS_NAME, hint="What people will call it", limit=LONGEST_NAME)
    summary = long_text_field(
        "Summary", required="Enter a summary", hint="What it looks at, in a sentence or two", limit=2_000
    )
    kind = radio_field(
        "What is audited",
        [
            (FrameworkKind.CASE_AUDIT.value, "Cases: work with children and families"),
            (FrameworkKind.SELF_ASSESSMENT.value, "Agencies: each assesses itself"),
        ],
        required="Choose what is audited",
    )
    method = radio_field(
        "Who answers",
        [
            (Method.MULTI_AGENCY.value, "Several agencies on each case"),
            (Method.SINGLE_AGENCY.value, "One agency"),
        ],
        required="Choose who answers",
    )


class CopyForm(_AreaForm):
    """A framework of its own, made from a shipped one."""

    name = text_field("Name of the new framework", required=NEEDS_NAME, limit=LONGEST_NAME)


class FromEditionForm(_AreaForm):
    """A draft from an edition that is here: the framework's next one, or a framework of its own."""

    edition = select_field(
        "Edition to start from",
        required="Choose an edition to start from",
        hint="Everything it says is copied into the draft",
    )
    what = radio_field(
        "What to make of it",
        [(NEXT, "The next edition of the same framework"), (OWN, "A framework of its own")],
        required="Choose what to make of it",
    )
    name = text_field("Name of the new framework", limit=LONGEST_NAME)

    def offer_editions(self, editions: Sequence[tuple[str, str]]) -> None:
        """Offer these editions: number and name."""
        self.edition.choices = [SelectChoice(*pair) for pair in (("", "Choose an edition"), *editions)]

    def validate(self, extra_validators: object = None) -> bool:
        """A framework of its own needs a name and somebody to use it."""
        alone = self.what.data == OWN
        if not alone:
            self.area.data = ALL_AREAS
        right: bool = super().validate(extra_validators)
        if alone and not self.name.data:
            self.name.errors = [*self.name.errors, NEEDS_NAME]
            right = False
        return right
