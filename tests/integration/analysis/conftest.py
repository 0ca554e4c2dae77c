"""The audit put together by hand."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.integration.analysis import scene as scenes
from tests.integration.analysis.scene import Scene
from tests.support.factories import Maker
from tests.support.kept import kept
from tests.support.pages import Browser

Visit = Callable[[str], Browser]


@pytest.fixture
@kept
def scene(make: Maker) -> Scene:
    """The audit, reported."""
    return scenes.build(make)
