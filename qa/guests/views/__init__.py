"""Pages of links: a link's own, and those of the people who send them."""

import qa.guests.views.opening
import qa.guests.views.sending  # noqa: F401 - importing these hangs their pages on the blueprint
from qa.guests.views.blueprint import blueprint

__all__ = ["blueprint"]
