"""All that a draft's checks found, on one page: what keeps it from being published, and gentle advice."""

from collections.abc import Iterable
from functools import cache
from itertools import groupby
from typing import NamedTuple

from flask import render_template

from qa.accounts.access import current_person, requires
from qa.accounts.permissions import Permission
from qa.frameworks.checking import load_themes
from qa.frameworks.drafts import queries as drafts
from qa.frameworks.drafts.checks import DraftChecked, DraftProblem, check_draft
from qa.frameworks.drafts.elements import Document, Kind, sections_of
from qa.frameworks.drafts.gentle import Advice
from qa.frameworks.drafts.minutes import RULE
from qa.frameworks.naming import sentence
from qa.frameworks.views.blueprint import blueprint
from qa.frameworks.views.links import part_address


class Line(NamedTuple):
    """One thing found: what, what to do, and where it is done."""

    message: str
    remedy: str
    address: str


class Group(NamedTuple):
    """What was found about one part. section: the title of a question's section.

    section_key: of a question's section, or of the section itself; "" for other parts.
    """

    part: str
    section: str
    section_key: str
    lines: tuple[Line, ...]


@cache
def theme_keys() -> frozenset[str]:
    """The themes that questions may name: those every installation starts with."""
    return load_themes().keys


def checked_draft(document: Document) -> DraftChecked:
    """What the checks find in a draft."""
    return check_draft(document, theme_keys())


@blueprint.get("/frameworks/drafts/<int:edition_id>/checks")
@requires(Permission.FRAMEWORKS_MANAGE)
def checks(edition_id: int) -> str:
    """What is still to put right before the draft can be published, and what could be better."""
    record = drafts.draft(current_person(), edition_id)
    found = checked_draft(record.document)
    return render_template(
        "frameworks/checks.html",
        draft=record,
        checked=found,
        problems=groups(edition_id, record.document, found.problems),
        advice=groups(edition_id, record.document, found.gentle),
        minutes_rule=RULE,
    )


def groups(edition_id: int, document: Document, found: Iterable[DraftProblem | Advice]) -> tuple[Group, ...]:
    """What was found, part by part, in the document's order, with the address of each part."""
    titles = {section["key"]: str(section.get("title") or "") for section in sections_of(document)}
    return tuple(
        Group(
            "The framework as a whole" if kind is Kind.DETAILS else sentence(part),
            titles.get(section or "", ""),
            section or (key if kind is Kind.SECTION else ""),
            tuple(
                Line(one.message, one.remedy, part_address(edition_id, kind, key, one.field))
                for one in listed
            ),
        )
        for (kind, key, part, section), listed in groupby(
            found, key=lambda one: (one.kind, one.key, one.part, one.section)
        )
    )
