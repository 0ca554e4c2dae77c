"""Writing a draft: its details, sections, questions, scales and case profile."""

from flask import render_template

from qa.accounts.access import current_person, requires
from qa.accounts.permissions import Permission
from qa.frameworks.checking import load_themes
from qa.frameworks.drafts import queries as drafts
from qa.frameworks.drafts.checks import check_draft
from qa.frameworks.forms import EditionForm
from qa.frameworks.views.blueprint import blueprint


@blueprint.get("/frameworks/drafts/<int:edition_id>")
@requires(Permission.FRAMEWORKS_MANAGE)
def draft(edition_id: int) -> str:
    """A draft as a whole: what it consists of, and what still keeps it from being published."""
    record = drafts.draft(current_person(), edition_id)
    checked = check_draft(record.document, load_themes().keys)
    form = EditionForm(data={"version": record.version})
    return render_template("frameworks/draft.html", draft=record, checked=checked, state_form=form)
