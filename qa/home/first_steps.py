"""The first steps of a new installation, shown to administrators until they are done."""

from typing import NamedTuple

from flask import url_for

from qa.accounts.permissions import CurrentPerson, Role
from qa.home.queries import groundwork


class Step(NamedTuple):
    """One step: what to do, why, where, and whether it is done. Without an address it must wait."""

    text: str
    hint: str
    href: str
    done: bool


def first_steps(person: CurrentPerson) -> list[Step]:
    """The steps for an administrator while any is left; none for anybody else, or once all are done."""
    if not person.has_role(Role.ADMINISTRATOR):
        return []
    there = groundwork()
    if there.laid:
        return []
    agencies = url_for("accounts.agencies") if there.area else ""
    return [
        Step(
            "Add the areas",
            "The local authority areas that share this installation",
            url_for("accounts.areas"),
            there.area,
        ),
        Step("Add the agencies", "The organisations that take part in audits", agencies, there.agency),
        Step(
            "Invite people",
            "At least one QA lead, who plans the audits; then auditors and agency leads",
            url_for("accounts.people") if there.area else "",
            there.qa_lead,
        ),
        Step(
            "Publish frameworks",
            "The QA lead chooses the audit tools, ready-made ones or their own",
            url_for("frameworks.library"),
            there.framework,
        ),
    ]
