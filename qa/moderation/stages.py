"""When a panel works: pure."""

from qa.audits.lifecycle import Stage

MODERATION_STAGES = frozenset({Stage.FIELDWORK, Stage.PANEL})
"""The stages in which cases are opened to the panel and grades agreed."""

NOT_NOW = "Grades are agreed while the audit is in fieldwork or at the panel stage. Take it back there first"
