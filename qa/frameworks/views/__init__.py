"""The pages of frameworks, by what a person comes to do."""

from qa.frameworks.views import (
    building,
    comparing,
    importing,
    library,
    preview,
    printing,
    starting,
)
from qa.frameworks.views.blueprint import blueprint

__all__ = ["blueprint", "building", "comparing", "importing", "library", "preview", "printing", "starting"]
