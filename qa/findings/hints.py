"""Which themes a section's findings are likely to belong to: pure."""

from collections import Counter

from qa.frameworks.content import FrameworkContent


def suggested_themes(content: FrameworkContent, section: str | None) -> tuple[str, ...]:
    """Keys of the themes that the section's questions hint at, those of most questions first.

    section: its key; None, for a finding on the whole case, suggests nothing.
    """
    if section is None:
        return ()
    hints = Counter(theme for question in content.section(section).questions for theme in question.themes)
    # most_common keeps the framework's order among equals.
    return tuple(theme for theme, _ in hints.most_common())
