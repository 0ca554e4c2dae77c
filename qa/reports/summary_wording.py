"""The sentences of a case's summary. Pure.

panel: with what the panel agreed and found. whole: with the other agencies' returns.
"""

EARLIER = (
    "Some answers were given in an earlier edition of the framework. They stay with the case and are on its "
    "pages; this summary shows the present edition’s."
)


def as_of(*, panel: bool, whole: bool) -> str:
    """At which point of the case's way the summary was made."""
    if panel:
        return "At the panel"
    return "Before the panel" if whole else "Own agency’s return"


def holds(*, panel: bool, whole: bool) -> str:
    """What the summary holds, and how to keep it."""
    if panel:
        what = "It holds what every agency sent in, and what the panel agreed and found."
    elif whole:
        what = "It holds the returns that are in. The panel has not opened the case yet."
    else:
        what = (
            "It holds your own agency’s return alone: the others’ can be read once the panel opens the case."
        )
    return f"{what} It holds no names of children or families. Keep it as you keep the case’s own record."
