"""Writing a draft: its details, sections, questions, scales and case profile."""

from qa.frameworks.views.building import adding, arranging, editing, overview, ready

__all__ = ["adding", "arranging", "editing", "overview", "ready"]
