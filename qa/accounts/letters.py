"""The letters of accounts: an invitation, and a link for a new password."""

from datetime import datetime
from typing import NamedTuple

from qa.web.layout import moment


class Letter(NamedTuple):
    """A subject of one line and a plain text."""

    subject: str
    body: str


def invitation(name: str, inviter: str | None, link: str, until: datetime) -> Letter:
    """Asks somebody to choose a password. inviter None: from the command line."""
    asks = f"{inviter} has set up" if inviter else "There is"
    return Letter(
        "Set up your Audit Together account",
        f"""Hello {name},

{asks} an Audit Together account for you. Audit Together is where safeguarding
partners audit their work with children and families.

Choose your password here:

{link}

The link works once, until {moment(until)}. If it has run out, ask your administrator to send another.

If you did not expect this message you need do nothing: without the link nobody can sign in as you.
""",
    )


def reset(name: str, link: str, until: datetime) -> Letter:
    """Gives a link for a new password."""
    return Letter(
        "Choose a new Audit Together password",
        f"""Hello {name},

Somebody, we hope you, asked for a new password for your Audit Together account.

Choose it here:

{link}

The link works once, until {moment(until)}.

If it was not you, you need do nothing: your password stays as it is.
""",
    )
