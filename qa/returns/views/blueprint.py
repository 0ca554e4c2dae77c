"""The blueprint that every page of returns hangs on."""

from flask import Blueprint

from qa.accounts.access import may
from qa.accounts.permissions import Permission
from qa.returns.due import due

blueprint = Blueprint("returns", "qa.returns", template_folder="templates")


@blueprint.context_processor
def words() -> dict[str, object]:
    """What templates of returns use: a due date in words, and whether concerns can be raised at all."""
    return {"due": due, "may_raise": lambda: may(Permission.CONCERNS_RAISE)}
