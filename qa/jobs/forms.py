"""Stopping a job needs no more than its version."""

from qa.web.forms import Form


class CancelForm(Form):
    """The button that cancels."""
