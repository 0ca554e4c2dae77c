"""Reading PDF files as a reader does."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

from pypdf import PdfReader

from tests.support.pages import Page


def squeezed(text: str) -> str:
    """The text without white space: where lines break is the setter's business."""
    return "".join(text.split())


@dataclass(frozen=True)
class Entry:
    """A heading in the outline. level: from 1; page: where it leads, from 1."""

    title: str
    level: int
    page: int


class Pdf:
    """A PDF file, opened."""

    def __init__(self, content: bytes) -> None:
        self.reader = PdfReader(io.BytesIO(content), strict=True)
        self.pages = [" ".join(page.extract_text().split()) for page in self.reader.pages]

    @property
    def text(self) -> str:
        """Every page."""
        return " ".join(self.pages)

    @property
    def outline(self) -> list[Entry]:
        """The outline in order."""
        return list(self._entries(self.reader.outline, 1))

    def _entries(self, items: Any, level: int) -> Any:
        for item in items:
            if isinstance(item, list):
                yield from self._entries(item, level + 1)
            else:
                page = self.reader.get_destination_page_number(item)
                assert page is not None
                yield Entry(str(item.title), level, page + 1)

    def holds(self, *cells: str) -> bool:
        """Whether those texts stand one after another, wherever lines and columns break."""
        return squeezed("".join(cells)) in squeezed(self.text)


def pdf(page: Page) -> Pdf:
    """The file that a page gave."""
    assert page.response.mimetype == "application/pdf"
    return Pdf(page.response.get_data())
