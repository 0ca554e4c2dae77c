"""Forms of moving an audit to a newer edition."""

from wtforms import HiddenField

from qa.web.forms import Form


class MoveForm(Form):
    """The button that moves the audit. seen: what the page said would become of the answers."""

    seen = HiddenField()


class UndoForm(Form):
    """The button that undoes a move."""
