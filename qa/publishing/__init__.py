"""ReportDocument and its renderings: PDF, web page and charts. Knows nothing of audits."""
