"""Loads what every test may use: see tests/support."""

pytest_plugins = ("tests.support.plugin", "tests.support.application")
