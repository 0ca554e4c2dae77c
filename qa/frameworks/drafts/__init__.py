"""Drafts: editions that are still being written, kept as one document until they are published."""
