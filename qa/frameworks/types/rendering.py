"""Turns a field's view into HTML by our own lean macros.

GOV.UK's macros take about a millisecond for one question, which forty questions on a page cannot afford;
ours give the same markup. They need nothing of the application, so they have an environment of their own;
a page may also import them from `frameworks/answer_fields.html`.
"""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

from qa.frameworks.types.views import View

_TEMPLATES = Path(__file__).resolve().parents[1] / "templates"
_environment = Environment(
    loader=FileSystemLoader(_TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True
)


def render(view: View) -> Markup:
    """The field's HTML."""
    macros = _environment.get_template("frameworks/answer_fields.html").module
    return Markup(getattr(macros, view.macro)(view))  # noqa: S704 - the macros escape every value
