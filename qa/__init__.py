"""Audit Together: multi-agency safeguarding audits, from framework to closed recommendation."""
