"""Where a part of a draft is written: the one place that knows the builder's addresses by kind of part."""

from flask import url_for

from qa.frameworks.drafts.elements import Kind

_SETTINGS = frozenset({"title", "guidance", "sectors", "only_if", "weight"})
_PAGES = {
    Kind.DETAILS: "frameworks.draft_details",
    Kind.SCALE: "frameworks.draft_scale",
    Kind.PROFILE_FIELD: "frameworks.draft_profile_field",
    Kind.SECTION: "frameworks.draft_section",
    Kind.QUESTION: "frameworks.draft_question",
}
# What the framework as a whole lacks is added there.
_OF_THE_WHOLE = {
    "sections": "frameworks.add_section",
    "scales": "frameworks.draft_scales",
    "profile": "frameworks.draft_profile",
}


def part_address(edition_id: int, kind: Kind, key: str = "", field: str = "") -> str:
    """The address where that part of a draft is written. field: the key within it that is to be changed."""
    endpoint = _PAGES[kind]
    if kind is Kind.SECTION and field in _SETTINGS:
        endpoint = "frameworks.section_settings"
    if kind is Kind.DETAILS:
        return url_for(_OF_THE_WHOLE.get(field, endpoint), edition_id=edition_id)
    return url_for(endpoint, edition_id=edition_id, key=key)
