"""Pages of samples: the list, its columns, the draw, what was drawn, a case replaced."""

import qa.audits.sampling.views.drawing
import qa.audits.sampling.views.drawn
import qa.audits.sampling.views.listing  # noqa: F401 each registers its pages
from qa.audits.sampling.views.base import blueprint

__all__ = ["blueprint"]
