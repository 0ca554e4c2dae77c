"""Loads what every test may use: see tests/support."""

from hypothesis import settings

pytest_plugins = ("tests.support.plugin", "tests.support.application")

# Half of Hypothesis's usual number, where a test does not say its own: the whole run has twenty minutes.
settings.register_profile("suite", max_examples=50)
settings.load_profile("suite")
