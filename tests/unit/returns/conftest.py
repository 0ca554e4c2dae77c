from pathlib import Path

import pytest

from qa.frameworks.checking import check_file, load_themes
from qa.frameworks.content import FrameworkContent

SMALL = Path(__file__).parents[2] / "support" / "small_framework.yaml"


@pytest.fixture(scope="session")
def small() -> FrameworkContent:
    """A framework with a question of every type."""
    result = check_file(SMALL, load_themes().keys)
    assert result.content is not None, [str(problem) for problem in result.problems]
    return result.content
