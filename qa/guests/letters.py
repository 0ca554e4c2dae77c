"""The letters to guests: a link, and a code. Neither says anything about a child."""

from datetime import date
from textwrap import shorten
from typing import NamedTuple

from qa.guests.codes import LASTS
from qa.web.layout import day

ROOM = 120
"""Letters of an agency's name in a subject."""


class Letter(NamedTuple):
    """A subject of one line and a plain text."""

    subject: str
    body: str


def link_letter(name: str, sender: str, agency: str, audit: str | None, due_on: date, link: str) -> Letter:
    """Asks somebody to complete a return. audit: its title; None for a confidential one."""
    exercise = f"the audit “{audit}”" if audit else "an audit"
    return Letter(
        f"Please complete a return for {shorten(agency, ROOM, placeholder='…')} by {day(due_on)}",
        f"""Hello {name},

{sender} asks you to complete a return for {agency}, as part of {exercise} of how well
local services protect children.

Open it here. You need no account:

{link}

The page sends a code to this e-mail address; type it in and the return opens. You can stop and
come back as often as you like, until the end of {day(due_on)}.

No message names a child. If you do not know which child's record the return is about, ask {sender}.

If you did not expect this message you need do nothing. Please do not pass it on.
""",
    )


def code_letter(code: str) -> Letter:
    """Gives a code."""
    minutes = int(LASTS.total_seconds() // 60)
    return Letter(
        "Your code for Audit Together",
        f"""Your code is {code}

Type it into the page that asked for it. It works for {minutes} minutes, once.

If you did not ask for a code you need do nothing, and nobody from Audit Together will ever ask you for one.
""",
    )
