"""The pages of frameworks, by what a person comes to do."""

from qa.frameworks.views import (
    building,
    checking,
    comparing,
    importing,
    library,
    preview,
    printing,
    starting,
    word,
)
from qa.frameworks.views.blueprint import blueprint

__all__ = [
    "blueprint",
    "building",
    "checking",
    "comparing",
    "importing",
    "library",
    "preview",
    "printing",
    "starting",
    "word",
]
