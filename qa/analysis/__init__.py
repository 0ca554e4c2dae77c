"""Figures of an audit: grades, themes, returns."""
