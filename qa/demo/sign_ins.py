"""The demonstration's headline sign-ins, as a table for the terminal."""

from sqlalchemy import select

from qa.accounts.models import Person
from qa.accounts.permissions import Role
from qa.db import db
from qa.demo import words
from qa.demo.partnership import PASSWORD

TITLES = ("Name", "Role", "E-mail", "What they can do")


def sign_in_lines() -> list[str]:
    """The lines that say how to sign in: one password, and a row for each person who can still sign in."""
    people = [person for person in words.partnership().people if person.headline]
    emails = [person.email for person in people]
    present = set(db.session.scalars(select(Person.email).where(Person.email.in_(emails), Person.active)))
    rows = [
        (person.name, Role(person.roles[0].role).label, person.email, person.can)
        for person in people
        if person.email in present
    ]
    widths = [max(len(row[column]) for row in (TITLES, *rows)) for column in range(len(TITLES) - 1)]
    lines = [_line(row, widths) for row in (TITLES, *rows)]
    lines.insert(1, "-" * max(len(line) for line in lines))
    return [f"Sign in as any of these people. The password is the same for all: {PASSWORD}", "", *lines]


def _line(row: tuple[str, ...], widths: list[int]) -> str:
    cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=False)]
    return "  ".join([*cells, row[-1]])
