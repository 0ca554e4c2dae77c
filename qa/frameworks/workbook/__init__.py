"""A framework as an Excel workbook: laid out, written, and read with every fault said by sheet and cell."""
