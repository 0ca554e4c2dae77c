"""The Word rendering of a report."""

from importlib import import_module

from qa.publishing.document import ReportDocument


def render_docx(document: ReportDocument, *, base_url: str | None = None) -> bytes:
    """The document as a Word file (.docx). base_url: what paths of the site are links to; without it they
    are plain text.

    python-docx is loaded by the first report of a process: most processes start to answer pages.
    """
    docx: bytes = import_module("qa.publishing.word.render").render_docx(document, base_url=base_url)
    return docx
