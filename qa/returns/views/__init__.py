"""Pages of returns and concerns."""

import qa.returns.views.completing
import qa.returns.views.concerns
import qa.returns.views.offline
import qa.returns.views.section
import qa.returns.views.work  # noqa: F401 - importing these hangs their pages on the blueprint
from qa.returns.views.blueprint import blueprint

__all__ = ["blueprint"]
