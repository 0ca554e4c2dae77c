"""Findings and the themes they are coded to."""
