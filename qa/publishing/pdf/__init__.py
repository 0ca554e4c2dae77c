"""The PDF rendering of a report."""

from importlib import import_module

from qa.publishing.document import ReportDocument


def render_pdf(document: ReportDocument, *, invariant: bool = False, base_url: str | None = None) -> bytes:
    """The document as a PDF. invariant: the same document gives the same bytes. base_url: what paths of the
    site are links to; without it they are plain text.

    ReportLab is loaded by the first report of a process: most processes start to answer pages.
    """
    pdf: bytes = import_module("qa.publishing.pdf.render").render_pdf(
        document, invariant=invariant, base_url=base_url
    )
    return pdf
