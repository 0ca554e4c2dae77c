"""The PDF rendering of a report: `render_pdf` in `qa.reports.pdf.render`."""
