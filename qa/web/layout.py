"""What every template can use: static addresses, dates in words, navigation."""

import hashlib
from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from flask import Flask, request, url_for
from govuk_frontend_wtf.main import wtforms_errors
from jinja2 import BaseLoader, ChoiceLoader, PackageLoader, PrefixLoader
from markupsafe import Markup, escape
from werkzeug.routing import IntegerConverter, Map

from qa.db import LONDON, today
from qa.web.forms import Form, asked_before
from qa.web.headers import SUPPORTED_SCRIPT

STATIC = Path(__file__).parent / "static"
GOVUK = "vendor/govuk-frontend-6.6.0"
MOJ = "vendor/moj-frontend-11.1.0"


class NavigationItem(NamedTuple):
    """A link of the main navigation, shown to those for whom `shown` holds; active under its prefix."""

    text: str
    endpoint: str
    shown: Callable[[], bool]
    prefix: str


class RowNumber(IntegerConverter):
    """A number in an address that can be a row's: one that no column holds leads to no page."""

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map, max=2**31 - 1)


def init_app(app: Flask, navigation: Sequence[NavigationItem]) -> None:
    """Register loaders, filters and globals."""
    app.url_map.converters["int"] = RowNumber
    own = [app.jinja_loader] if app.jinja_loader else []
    packages: dict[str, BaseLoader] = {
        name: PackageLoader(name) for name in ("govuk_frontend_jinja", "govuk_frontend_wtf")
    }
    app.jinja_loader = ChoiceLoader([*own, PrefixLoader(packages)])
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.add_template_global(error_summary, "error_summary")
    app.add_template_filter(day, "day")
    app.add_template_filter(moment, "moment")
    app.add_template_filter(paragraphs, "paragraphs")
    app.add_template_filter(plural, "plural")
    app.add_template_global(static_url, "static_url")
    app.add_template_global(page_url, "page_url")
    app.add_template_global(today, "today")
    app.add_template_global(asked_before, "asked_before")
    # A page may leave out a link to a capability that is not part of this application.
    app.jinja_env.tests["endpoint"] = lambda name: name in app.view_functions
    app.jinja_env.globals.update(GOVUK=GOVUK, MOJ=MOJ, SUPPORTED_SCRIPT=Markup(SUPPORTED_SCRIPT))  # noqa: S704

    @app.context_processor
    def navigation_items() -> dict[str, object]:
        return {"navigation": [_shown(item) for item in navigation if item.shown()]}


def _shown(item: NavigationItem) -> dict[str, object]:
    here = request.path == item.prefix or request.path.startswith(item.prefix.rstrip("/") + "/")
    if item.prefix == "/":
        here = request.path == "/"
    return {"text": item.text, "href": url_for(item.endpoint), "active": here}


def error_summary(form: Form) -> dict[str, object]:
    """The error summary's parameters: each field's first error with a link to it, and what concerns the
    whole form without one.
    """
    params: dict[str, Any] = wtforms_errors(form)
    listed: list[dict[str, str]] = params["errorList"]
    of_fields = [error for error in listed if error["href"] != "#"]  # "#": the whole form
    return {**params, "errorList": [*({"text": message} for message in form.form_errors), *of_fields]}


@cache
def _fingerprint(name: str) -> str:
    return hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:10]


def static_url(name: str) -> str:
    """Address of a static file, with its fingerprint so that browsers may keep it for a year."""
    return url_for("static", filename=name, v=_fingerprint(name))


def page_url(number: int) -> str:
    """This list's address at another page, its filters kept."""
    place = request.view_args or {}
    arguments = {
        key: values
        for key, values in request.args.to_dict(flat=False).items()
        if key not in {"page", *place} and not key.startswith("_")
    }
    return url_for(request.endpoint or "", **place, **arguments, page=number)  # type: ignore[arg-type]


def day(value: date | None, missing: str = "") -> str:
    """27 March 2026. A moment is shown as its day in England."""
    if value is None:
        return missing
    if isinstance(value, datetime):
        value = value.astimezone(LONDON)
    return f"{value.day} {value:%B %Y}"


def moment(value: datetime | None, missing: str = "") -> str:
    """27 March 2026 at 2:05pm, in England's time."""
    if value is None:
        return missing
    local = value.astimezone(LONDON)
    return f"{day(local)} at {local.hour % 12 or 12}:{local:%M}{'am' if local.hour < 12 else 'pm'}"


def paragraphs(text: str | None) -> Markup:
    """Typed text as paragraphs: an empty line divides them, a line end is kept; all of it escaped."""
    blocks = [block.strip() for block in (text or "").split("\n\n")]
    return Markup("").join(
        Markup('<p class="govuk-body">{}</p>').format(
            Markup("<br>").join(escape(line) for line in block.split("\n"))
        )
        for block in blocks
        if block
    )


def plural(count: int, one: str, many: str | None = None) -> str:
    """1 case, 2 cases."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"
