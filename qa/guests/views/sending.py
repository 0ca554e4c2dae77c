"""Pages of those who send links: one return's, and an audit's list of them."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from qa.accounts.access import current_person, requires
from qa.accounts.permissions import Permission
from qa.guests import sending
from qa.guests.forms import LinkForm
from qa.guests.queries import link_return, links_of_audit, links_of_return
from qa.guests.views.blueprint import blueprint, link_address
from qa.problems import Refused, Stale
from qa.web.errors import conflict_page
from qa.web.notices import not_done
from qa.web.paging import page_number

KEPT = " The case is audited twice, so the return stays in their name. Give it to another auditor."


@blueprint.route("/returns/<int:return_id>/link", methods=["GET", "POST"])
@requires(Permission.RETURNS_SEND_LINK)
def send(return_id: int) -> str | Response:
    """Send a link to a return, and see those that were sent."""
    person, form = current_person(), LinkForm()
    if form.validate_on_submit():
        try:
            name = sending.send_link(
                person,
                return_id,
                form.name.data or "",
                form.email.data or "",
                form.version_number,
                link_address,
            )
        except Refused as refusal:
            form.refuse(refusal)
        except Stale as stale:
            back = url_for("guests.send", return_id=return_id)
            return conflict_page(form, stale, back, "to whom this return is given")
        else:
            flash(f"A link is on its way to {name}. The return is theirs to complete.")
            return redirect(url_for("guests.send", return_id=return_id))
    record, links = links_of_return(person, return_id)
    if not form.is_submitted():
        form.version.data = str(record.version)
    return render_template("guests/send.html", record=record, links=links, form=form)


@blueprint.get("/audits/<int:audit_id>/links")
@requires(Permission.RETURNS_SEND_LINK)
def links(audit_id: int) -> str:
    """The links to an audit's returns, with how far each has come."""
    return render_template(
        "guests/links.html", found=links_of_audit(current_person(), audit_id, page_number())
    )


@blueprint.post("/links/<int:link_id>/again")
@requires(Permission.RETURNS_SEND_LINK)
def send_again(link_id: int) -> Response:
    """Send a link again."""
    person = current_person()
    return_id = link_return(person, link_id)
    try:
        name = sending.send_again(person, link_id, link_address)
        flash(f"A new link is on its way to {name}. The one sent before no longer works.")
    except Refused as refusal:
        not_done(refusal)
    return redirect(url_for("guests.send", return_id=return_id))


@blueprint.post("/links/<int:link_id>/revoke")
@requires(Permission.RETURNS_SEND_LINK)
def revoke(link_id: int) -> Response:
    """Revoke a link at once."""
    person = current_person()
    return_id = link_return(person, link_id)
    revoked = sending.revoke(person, link_id)
    flash(f"The link of {revoked.name} is revoked: it opens nothing any more.{KEPT if revoked.kept else ''}")
    return redirect(url_for("guests.send", return_id=return_id))
