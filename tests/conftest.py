"""Loads what every test may use: see tests/support/plugin.py."""

pytest_plugins = ("tests.support.plugin",)
