"""`flask --app app people ...`: the first person of a real installation, and others."""

import re

import click
from flask.cli import AppGroup
from sqlalchemy import func, inspect, or_, select

from qa.accounts.access import is_demonstration
from qa.accounts.inviting import invite, invite_again
from qa.accounts.links import set_password_link
from qa.accounts.managing import change_roles
from qa.accounts.models import Agency, Area, Person, PersonRole
from qa.accounts.permissions import Grant, Role
from qa.db import db
from qa.mail.outbox import deliver_waiting
from qa.problems import Refused
from qa.web.addresses import LOCAL
from qa.web.forms import EMAIL, clean

group = AppGroup("people", help="Invite people.")
ROLES = [role.value for role in Role]


class Wrong(click.ClickException):
    """What is wrong with the command, and the remedy."""


@group.command("invite")
@click.argument("email")
@click.option("--administrator", is_flag=True, help="Make the person an administrator.")
@click.option("--name", help="The person's full name; made from the address if left out.")
@click.option("--role", type=click.Choice(ROLES), help="Another role than administrator.")
@click.option("--area", help="The role's area by name, or `all`: for QA leads and partnership members.")
@click.option("--agency", help="The role's agency by name: for auditors and agency leads.")
def invite_person(
    email: str,
    *,
    administrator: bool,
    name: str | None,
    role: str | None,
    area: str | None,
    agency: str | None,
) -> None:
    """Invite the person who signs in as EMAIL, and print the link to choose a password.

    For somebody who is here already: gives the role, and a new link if they never chose a password.
    """
    if administrator == bool(role):
        raise Wrong("Say which role: --administrator, or --role with --area or --agency.")
    _check_database()
    email = email.strip().lower()
    if not EMAIL.fullmatch(email) or len(email) > 254:
        raise Wrong(f"{email!r} is not an e-mail address. Give one like name@example.org.")
    grant = _grant(Role.ADMINISTRATOR if administrator else Role(role or ""), area, agency)
    link: str | None
    try:
        known = db.session.scalar(select(Person).where(Person.email == email))
        if known is None:
            _, link = invite(None, clean(name)[:120] or _name_from(email), email, [grant], set_password_link)
            click.echo(f"{email} is invited as {grant.role.label}. Open this link to choose a password:")
        else:
            if not known.active:
                raise Wrong(f"{email} is deactivated. An administrator can reactivate them under People.")
            link = _again(known.id, known.password_hash is not None, grant)
    except Refused as refusal:
        raise Wrong(str(refusal)) from None
    if link:
        _show(link)


def _check_database() -> None:
    if not inspect(db.engine).has_table(Person.__tablename__):
        raise Wrong("The database has no tables yet. Make them first: flask --app app db upgrade")
    if is_demonstration():
        raise Wrong(
            "This is a demonstration database: real people are not invited to it. For a real installation "
            "set DATABASE_URL to an empty database, or move the demonstration's file away."
        )


def _again(person_id: int, has_password: bool, grant: Grant) -> str | None:
    """Give a person who is here one more role, and a new link if they have no password yet."""
    query = select(PersonRole.role, PersonRole.area_id, PersonRole.agency_id)
    held = [Grant(*row) for row in db.session.execute(query.where(PersonRole.person_id == person_id))]
    if grant not in held:
        change_roles(None, person_id, None, [*held, grant])
        click.echo(f"They were here already, and now hold the role: {grant.role.label}.")
    else:
        click.echo(f"They were here already, with the role: {grant.role.label}.")
    if has_password:
        click.echo("They sign in with the password they have; the sign-in page helps if it is forgotten.")
        return None
    click.echo("They never chose a password. Open this new link to choose one:")
    return invite_again(None, person_id, set_password_link)


def _show(link: str) -> None:
    click.echo(f"\n  {link}\n")
    click.echo("It works once, for 14 days.")
    if link.startswith(LOCAL):
        click.echo("PUBLIC_URL is not set, so the link leads to this machine, as `python app.py` serves it.")
    done = deliver_waiting()
    if done.problem or done.failed:
        click.echo(
            f"The same link could not be mailed yet ({done.problem or 'refused by the mail server'}); "
            "`flask --app app mail send` tries again.",
            err=True,
        )


def _grant(role: Role, area: str | None, agency: str | None) -> Grant:
    """The role with its place. Raises Wrong when a place is missing or unknown."""
    if role in {Role.QA_LEAD, Role.PARTNERSHIP_MEMBER} and area is None:
        raise Wrong(f"The role {role.label} needs --area: an area's name, or all.")
    if role in {Role.AUDITOR, Role.AGENCY_LEAD} and agency is None:
        raise Wrong(f"The role {role.label} needs --agency: an agency's name.")
    area_id = None if area is None or area.lower() == "all" else _number_of(Area, area)
    return Grant(role, area_id, None if agency is None else _number_of(Agency, agency))


def _number_of(kind: type[Area | Agency], name: str) -> int:
    other = Area.slug if kind is Area else Agency.short_name
    fits = or_(func.lower(kind.name) == name.lower(), func.lower(other) == name.lower())
    found = db.session.scalars(select(kind.id).where(fits)).all()
    if len(found) == 1:
        return found[0]
    word = "area" if kind is Area else "agency"
    names = ", ".join(db.session.scalars(select(kind.name).order_by(kind.name)))
    if not names:
        raise Wrong(f"There is no {word} yet. An administrator adds them in the browser.")
    raise Wrong(
        f"There {'is no' if not found else 'is more than one'} {word} called {name!r}. Here are: {names}."
    )


def _name_from(email: str) -> str:
    """ada.quill@example.org is Ada Quill, until somebody says better."""
    words = re.split(r"[._\-+]+", email.partition("@")[0])
    return " ".join(word.capitalize() for word in words if word) or email
