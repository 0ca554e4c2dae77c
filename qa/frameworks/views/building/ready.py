"""Ready-made scales and profile fields, put into a draft at a click."""

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from qa.accounts.access import requires
from qa.accounts.permissions import Permission
from qa.frameworks.drafts.closing import judged_on
from qa.frameworks.drafts.editing import added
from qa.frameworks.drafts.elements import Document, Kind
from qa.frameworks.drafts.ready_profile import READY_FIELDS
from qa.frameworks.drafts.ready_scales import READY_SCALES
from qa.frameworks.views.blueprint import blueprint
from qa.frameworks.views.building import base
from qa.problems import NotFound
from qa.web.notices import not_done


def with_ready(document: Document, kind: Kind, key: str) -> Document:
    """With a ready-made part, under its own key where that is free. Raises NotFound for an unknown one."""
    made = (READY_SCALES if kind is Kind.SCALE else READY_FIELDS).get(key)
    if made is None:
        raise NotFound(f"no ready-made {kind} {key}")
    values = {"key": key, **made}
    if values.get("pathway") and any(field.get("pathway") for field in document.get("profile") or ()):
        values.pop("pathway")
    after, new = added(document, kind, values)
    if kind is Kind.SCALE and not document.get("judgement_scale"):
        after = judged_on(after, new)
    return after


@blueprint.post("/frameworks/drafts/<int:edition_id>/scales/ready-made")
@requires(Permission.FRAMEWORKS_MANAGE)
def add_ready_scale(edition_id: int) -> Response:
    """Add a ready-made scale."""
    key = request.form.get("ready", "")
    said = f"Added the scale {base.quoted(READY_SCALES.get(key, {}).get('name', ''))}"
    base.change(edition_id, lambda document: with_ready(document, Kind.SCALE, key), said, ["scales"])
    return base.saved(f"{said}.", url_for("frameworks.draft_scales", edition_id=edition_id))


@blueprint.post("/frameworks/drafts/<int:edition_id>/profile/ready-made")
@requires(Permission.FRAMEWORKS_MANAGE)
def add_ready_fields(edition_id: int) -> Response:
    """Add the ready-made profile fields that were ticked."""
    keys = request.form.getlist("ready")
    address = url_for("frameworks.draft_profile", edition_id=edition_id)
    if not keys:
        not_done("Nothing was added: tick the fields to add first.")
        return redirect(address)

    def apply(document: Document) -> Document:
        for key in keys:
            document = with_ready(document, Kind.PROFILE_FIELD, key)
        return document

    said = f"Added {len(keys)} profile field{'' if len(keys) == 1 else 's'}"
    base.change(edition_id, apply, said, ["profile"])
    return base.saved(f"{said}.", address)
