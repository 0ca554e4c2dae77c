"""The PDF rendering of a report."""

from qa.publishing.pdf.render import render_pdf

__all__ = ["render_pdf"]
