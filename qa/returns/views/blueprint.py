"""The blueprint that every page of returns hangs on."""

from flask import Blueprint, url_for

from qa.accounts.access import current_person, may
from qa.accounts.permissions import Permission
from qa.returns.due import due

blueprint = Blueprint("returns", "qa.returns", template_folder="templates")


@blueprint.context_processor
def words() -> dict[str, object]:
    """What templates of returns use: a due date in words, whether concerns can be raised at all, and the
    first of a page's breadcrumbs.
    """
    return {"due": due, "may_raise": lambda: may(Permission.CONCERNS_RAISE), "from_work": _from_work}


def _from_work() -> list[tuple[str, str]]:
    """The breadcrumb of the person's work; none for a guest, who has one return."""
    return [] if current_person().is_guest else [("My work", url_for("returns.my_work"))]
