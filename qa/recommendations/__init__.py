"""Recommendations, their actions, progress, evidence and verification."""
