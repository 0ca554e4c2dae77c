"""A return as the bytes of an Excel workbook."""

from importlib import import_module

from qa.returns.offline.layout import Form


def form_bytes(form: Form) -> bytes:
    """The workbook. The library that writes it is large, and most processes never need it."""
    raw: bytes = import_module("qa.returns.offline.excel").write(form)
    return raw
