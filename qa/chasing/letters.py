"""What those who are chased are sent: pure. No message says anything about a child."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from qa.audits.lifecycle import ReturnState
from qa.chasing.grid import days_left

SUBJECT = "Returns that are due"
LONGEST_SUBJECT = 150
LONGEST_TEXT = 4_000


class Due(NamedTuple):
    """A return that somebody is written to about. auditor_id: who has it, None for nobody yet."""

    id: int
    agency_id: int
    auditor_id: int | None
    due_on: date
    state: ReturnState


class Recipient(NamedTuple):
    """Somebody to write to. guest: they have no account and open their return by a link.

    because: "auditor" of these returns, or "lead" of the agency when they are nobody's.
    """

    id: int
    name: str
    email: str
    guest: bool
    agency: str
    because: str
    returns: tuple[Due, ...]

    @property
    def earliest(self) -> date:
        """When the first of their returns was due."""
        return min(one.due_on for one in self.returns)


def usual_text(audit: str | None, sender: str) -> str:
    """The text that the sender may change. audit: its title; None for a confidential one."""
    of = f"the audit “{audit}”" if audit else "an audit you take part in"
    return (
        f"Returns for {of} are due. Please complete them, or tell me if something "
        f"stands in the way: I can extend a date.\n\nThank you.\n\n{sender}"
    )


def body(recipient: Recipient, text: str, address: str, today: date) -> str:
    """The whole message: the sender's text, then the person's returns and the way to them.

    address: of My work, or of one return.
    """
    number = len(recipient.returns)
    returns = "1 return" if number == 1 else f"{number:,} returns"
    whose = "yours" if recipient.because == "auditor" else f"{recipient.agency}’s, with no auditor yet"
    when = days_left(recipient.earliest, today)
    first = when if number == 1 else f"the first is {when}"
    lines = [f"Hello {recipient.name},", text, f"Not in yet: {returns}, {whose}; {first}."]
    if recipient.guest:
        lines.append("Open it by the link in the message that you were sent before.")
    else:
        lines.append(address)
    return "\n\n".join(lines) + "\n"


def grouped(
    returns: Sequence[Due], people: Sequence[tuple[int, str, str, bool, int, str]], names: dict[int, str]
) -> tuple[list[Recipient], list[Due]]:
    """Who is written to about which returns, by name; and the returns that nobody can be written to about.

    people: (person, name, e-mail, guest, agency, "auditor" or "lead"), a lead's rows for the agencies they
    lead, an auditor's with agency 0. names: of the agencies. A return goes to its auditor; one that nobody
    has goes to every lead of its agency.
    """
    auditors = {row[0]: row for row in people if row[5] == "auditor"}
    leads: dict[int, list[tuple[int, str, str, bool, int, str]]] = {}
    for row in people:
        if row[5] == "lead":
            leads.setdefault(row[4], []).append(row)
    own: dict[tuple[int, int, str], list[Due]] = {}
    found: dict[tuple[int, int, str], tuple[int, str, str, bool, int, str]] = {}
    nobody: list[Due] = []
    for one in returns:
        holder = auditors.get(one.auditor_id) if one.auditor_id is not None else None
        rows = [holder] if holder is not None else leads.get(one.agency_id, [])
        if not rows:
            nobody.append(one)
        for row in rows:
            key = (row[0], one.agency_id, row[5])
            found[key] = row
            own.setdefault(key, []).append(one)
    recipients = [
        Recipient(row[0], row[1], row[2], row[3], names.get(key[1], ""), row[5], tuple(own[key]))
        for key, row in found.items()
    ]
    return sorted(recipients, key=lambda one: (one.name, one.id, one.agency, one.because)), nobody
