"""An edition, or a draft as far as it goes, as the auditors of a sector would see it: to be tried out.

What is typed is sent back and forth in the form and kept nowhere else.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from flask import render_template, request, url_for

from qa.accounts.access import current_person, requires
from qa.accounts.permissions import Permission
from qa.accounts.sectors import Sector
from qa.frameworks import queries
from qa.frameworks.content import FrameworkContent
from qa.frameworks.drafts import queries as drafts
from qa.frameworks.drafts.showable import showable
from qa.frameworks.previewing import previewed, read_typed
from qa.frameworks.reading import edition_tree
from qa.frameworks.states import EditionState
from qa.frameworks.views.blueprint import blueprint
from qa.frameworks.views.checking import Group, checked_draft, groups
from qa.problems import NotFound


class Faults(NamedTuple):
    """What is wrong with a draft. in_section: with each section and its questions; elsewhere: with the rest.

    gone: how many questions cannot be shown.
    """

    in_section: Mapping[str, tuple[Group, ...]]
    elsewhere: tuple[Group, ...]
    gone: int = 0


class Place(NamedTuple):
    """Where a preview belongs. caption: above its name; back: words and address of what it is a preview of.

    checks: the address of the draft's checks; "" for an edition.
    """

    caption: str
    back: tuple[str, str]
    checks: str = ""


@blueprint.route("/frameworks/drafts/<int:edition_id>/preview", methods=["GET", "POST"])
@requires(Permission.FRAMEWORKS_MANAGE)
def preview(edition_id: int) -> str:
    """A draft to be answered as an auditor would; what still breaks rules is named and linked to."""
    record = drafts.draft(current_person(), edition_id)
    checked = checked_draft(record.document)
    content, gone = checked.content, 0
    if content is None:
        shown = showable(record.document, checked.problems)
        content, gone = shown.content, len(shown.gone)
    listed = groups(edition_id, record.document, checked.problems)
    place = Place(
        f"Preview of the draft of edition {record.number}",
        (str(record.document.get("name") or "Draft"), url_for("frameworks.draft", edition_id=edition_id)),
        url_for("frameworks.checks", edition_id=edition_id),
    )
    return _page(content, place, _faults(listed, gone))


@blueprint.route("/frameworks/editions/<int:edition_id>/preview", methods=["GET", "POST"])
@requires(Permission.FRAMEWORKS_READ)
def preview_edition(edition_id: int) -> str:
    """A published or withdrawn edition to be answered as an auditor would. Raises NotFound for a draft."""
    queries.check_readable(current_person(), edition_id)
    tree = edition_tree(edition_id)
    if tree.state is EditionState.DRAFT:
        raise NotFound("no such edition")
    address = url_for("frameworks.edition", edition_id=edition_id)
    place = Place(f"Preview of edition {tree.number}", (tree.content.name, address))
    return _page(tree.content, place, Faults({}, ()))


def _faults(listed: Sequence[Group], gone: int) -> Faults:
    in_section: dict[str, tuple[Group, ...]] = {}
    for group in listed:
        if group.section_key:
            in_section[group.section_key] = (*in_section.get(group.section_key, ()), group)
    return Faults(in_section, tuple(group for group in listed if not group.section_key), gone)


def _page(content: FrameworkContent, place: Place, faults: Faults) -> str:
    """The page as it was sent for, or as its form came back."""
    sent = request.method == "POST"
    typed = read_typed(request.form if sent else request.args, content)
    page = previewed(content, typed, request.form.get("do", "show") if sent else "")
    return render_template(
        "frameworks/preview.html", page=page, place=place, faults=faults, sectors=tuple(Sector)
    )
