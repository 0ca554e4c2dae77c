"""Setting text in lines with the bundled typefaces: what the PDF and charts share."""
