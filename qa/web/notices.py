"""Notices above the next page; what was done is flashed plainly and reads “Success”."""

from flask import flash

REFUSED = "refused"


def not_done(said: object) -> None:
    """Say above the next page why what was asked for is not done, so that nobody takes it for done."""
    flash(str(said), REFUSED)
