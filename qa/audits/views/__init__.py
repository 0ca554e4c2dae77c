"""Pages of audits, their cases and their allocation."""

import qa.audits.views.allocation
import qa.audits.views.allotting
import qa.audits.views.cases
import qa.audits.views.hub
import qa.audits.views.importing
import qa.audits.views.lists
import qa.audits.views.plan  # noqa: F401 each registers its pages
from qa.audits.views.base import blueprint

__all__ = ["blueprint"]
