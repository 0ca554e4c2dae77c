"""A browser of sorts: signs in, fetches pages, fills in forms, and reviews every page it gets."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from xml.etree.ElementTree import Element

import html5lib
from flask import Flask
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import event, select
from sqlalchemy.engine import Engine
from werkzeug.test import TestResponse

from qa.accounts.models import Person
from qa.accounts.signing_in import _start
from qa.db import db
from tests.support.plugin import chosen_database

NAMESPACE = "{http://www.w3.org/1999/xhtml}"
# What html5lib calls errors though the HTML standard allows it inside SVG.
TOLERATED = {"non-void-element-with-trailing-slash"}


@dataclass
class Page:
    """A page as it came: its status, its text, and its parsed tree."""

    response: TestResponse
    statements: int

    def __post_init__(self) -> None:
        self.status = self.response.status_code
        self.html = self.response.get_data(as_text=True) if self.is_html else ""
        self._parser = html5lib.HTMLParser(strict=False, namespaceHTMLElements=True)

    @cached_property
    def tree(self) -> Element:
        """The parsed page. Made when first asked for: it takes as long as the page itself."""
        made: Element = self._parser.parse(self.html)
        return made

    @property
    def invalid(self) -> list[str]:
        """What of the page is not valid HTML."""
        _ = self.tree
        errors = [(place, code) for place, code, _details in self._parser.errors if code not in TOLERATED]
        return [f"invalid HTML at {place}: {code}" for place, code in errors]

    @property
    def is_html(self) -> bool:
        """Whether this is a page and not a file."""
        return self.response.mimetype == "text/html"

    @property
    def text(self) -> str:
        """What a reader reads in the main part, white space folded."""
        main = self.find("main")
        return " ".join(" ".join((main if main is not None else self.tree).itertext()).split())

    def find(self, tag: str) -> Element | None:
        """The first element of that name."""
        return self.tree.find(f".//{NAMESPACE}{tag}")

    def all(self, tag: str, root: Element | None = None) -> list[Element]:
        """Every element of that name."""
        return (root if root is not None else self.tree).findall(f".//{NAMESPACE}{tag}")

    @property
    def heading(self) -> str:
        """The page's h1."""
        found = self.find("h1")
        return " ".join("".join(found.itertext()).split()) if found is not None else ""

    @property
    def links(self) -> dict[str, str]:
        """Addresses of links by their text."""
        return {" ".join("".join(a.itertext()).split()): a.get("href", "") for a in self.all("a")}

    @property
    def errors(self) -> list[str]:
        """The messages of the error summary."""
        for div in self.all("div"):
            if "govuk-error-summary" in (div.get("class") or "").split():
                return [" ".join("".join(li.itertext()).split()) for li in self.all("li", div)]
        return []

    def field_error(self, name: str) -> str:
        """The message next to a field; empty when there is none."""
        for p in self.all("p"):
            if p.get("id") == f"{name}-error":
                return " ".join("".join(p.itertext()).split()).removeprefix("Error: ")
        return ""

    def form(self, holding: str = "") -> dict[str, str | list[str]]:
        """What the page's form would send now; holding: a field's name, when there are several forms."""
        for form in self.all("form"):
            data = _fields(form)
            names = {e.get("name") for e in form.iter() if e.get("name")}
            is_sign_out = (form.get("action") or "").endswith("/sign-out")
            if (holding in names) if holding else not is_sign_out:
                return data
        raise AssertionError(f"no form holding {holding!r} on {self.heading!r}")


def _kind_of(sent: Mapping[str, object]) -> str:
    """How the form is sent. A long one as a browser sends a form without a file.

    Werkzeug 3.1.9 loses a field of a multipart form when an empty one lies at the edge of a chunk (64 KiB).
    """
    return "application/x-www-form-urlencoded" if len(sent) > 300 else "multipart/form-data"


def _fields(form: Element) -> dict[str, str | list[str]]:
    data: dict[str, str | list[str]] = {}
    disabled = {
        element
        for fieldset in form.iter(f"{NAMESPACE}fieldset")
        if fieldset.get("disabled") is not None
        for element in fieldset.iter()
    }
    for element in form.iter():
        name, value = element.get("name"), _value(element)
        if not name or value is None or element.get("disabled") is not None or element in disabled:
            continue
        present = data.get(name)
        if present is None:
            data[name] = value
        else:
            data[name] = [*(present if isinstance(present, list) else [present]), value]
    return data


def _value(element: Element) -> str | None:
    """What a control would send; None when it sends nothing."""
    tag, kind = element.tag.removeprefix(NAMESPACE), element.get("type", "text")
    if tag == "textarea":
        return "".join(element.itertext()).removeprefix("\n")
    if tag == "select":
        options = list(element.iter(f"{NAMESPACE}option"))
        chosen = [option for option in options if option.get("selected") is not None] or options[:1]
        return chosen[0].get("value", "") if chosen else None
    if tag != "input" or kind in {"submit", "file", "button"}:
        return None
    if kind in {"checkbox", "radio"}:
        return element.get("value", "on") if element.get("checked") is not None else None
    return element.get("value", "")


class Browser:
    """One person's browser."""

    def __init__(self, app: Flask, email: str | None) -> None:
        self.app = app
        self.client = app.test_client()
        if email:
            self.sign_in(email)

    def sign_in(self, email: str) -> None:
        """Sign in without the form (the form has its own tests), to spare every test the password's cost."""
        with self.app.app_context():
            person_id = db.session.scalars(select(Person.id).where(Person.email == email)).one()
            token = _start(person_id, "")
            db.session.remove()
        with self.client.session_transaction() as session:
            session["sign_in"] = token

    def get(self, address: str, *, status: int = 200, follow: bool = True) -> Page:
        """Fetch a page, check its status and review it."""
        with counting() as counted:
            response = self.client.get(address, follow_redirects=follow)
        return self._reviewed(response, status, len(counted))

    def post(
        self,
        address: str,
        data: Mapping[str, object] | None = None,
        *,
        status: int = 200,
        follow: bool = True,
        token: bool = True,
    ) -> Page:
        """Send a form with a fresh token; follows the redirect unless told not to."""
        sent = dict(data or {})
        if token:
            sent["csrf_token"] = self.token()
        with counting() as counted:
            response = self.client.post(
                address, data=sent, follow_redirects=follow, content_type=_kind_of(sent)
            )
        return self._reviewed(response, status, len(counted))

    def submit(
        self,
        address: str,
        changes: Mapping[str, object],
        *,
        status: int = 200,
        holding: str = "",
        follow: bool = True,
    ) -> Page:
        """Open the page, change some of its form's fields, send the form."""
        page = self.get(address)
        return self.post(address, {**page.form(holding), **changes}, status=status, follow=follow)

    def token(self) -> str:
        """A CSRF token that fits this browser, as any page would carry it."""
        with self.client.session_transaction() as session:
            raw = session.setdefault("csrf_token", secrets.token_hex())
        return str(URLSafeTimedSerializer(self.app.secret_key or "", salt="wtf-csrf-token").dumps(raw))

    def _reviewed(self, response: TestResponse, status: int, statements: int) -> Page:
        page = Page(response, statements)
        assert page.status == status, (
            f"{response.request.path}: {page.status}, not {status}: {page.text[:600]}"
        )
        # Pages are the same on every database: they are reviewed on one.
        if chosen_database() == "sqlite" and page.is_html and not 300 <= status < 400:
            problems = list(review(page))
            assert not problems, f"{response.request.path}: {problems}"
        assert "default-src 'none'" in response.headers["Content-Security-Policy"]
        response.close()  # and with it the files of the request
        return page


def review(page: Page) -> Iterator[str]:
    """What is wrong with a page's HTML."""
    yield from page.invalid
    ids = Counter(element.get("id") for element in page.tree.iter() if element.get("id"))
    yield from (f"the id {name} stands {count} times" for name, count in ids.items() if count > 1)
    headings = page.all("h1")
    if len(headings) != 1:
        yield f"{len(headings)} h1 headings"
    title = page.find("title")
    if title is None or len("".join(title.itertext())) <= len(" – Audit Together"):
        yield "no title"
    yield from _unsafe(page)
    yield from _unlabelled(page)


def _unsafe(page: Page) -> Iterator[str]:
    for form in page.all("form"):
        if form.get("method", "get").lower() == "post" and "csrf_token" not in _fields(form):
            yield "a form without a token"
    for element in page.tree.iter():
        if element.get("style") or any(name.startswith("on") for name in element.attrib):
            yield f"<{element.tag.removeprefix(NAMESPACE)}> carries a style or script the policy refuses"


def _unlabelled(page: Page) -> Iterator[str]:
    labelled = {label.get("for") for label in page.all("label")}
    for tag in ("input", "select", "textarea"):
        for element in page.all(tag):
            named = (
                element.get("id") in labelled or element.get("aria-label") or element.get("aria-labelledby")
            )
            if element.get("type") not in {"hidden", "submit"} and not named:
                yield f"<{tag} name={element.get('name')}> has no label"


class counting:  # noqa: N801 used as a word: `with counting() as statements:`
    """Collects the SQL statements sent inside the block, BEGIN and PRAGMA apart."""

    def __enter__(self) -> list[str]:
        self.statements: list[str] = []
        event.listen(Engine, "before_cursor_execute", self._note)
        return self.statements

    def __exit__(self, *_exc: object) -> None:
        event.remove(Engine, "before_cursor_execute", self._note)

    def _note(self, _conn: object, _cursor: object, statement: str, *_rest: object) -> None:
        self.statements.append(statement)
