"""Reports: one `ReportDocument`, rendered as a PDF and as a web page, so that no two of them can disagree."""
