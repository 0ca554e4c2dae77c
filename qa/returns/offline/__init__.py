"""A return as an Excel workbook: downloaded, completed without a connection, and taken in again."""
