"""Frameworks: editions, sections, questions and scales; loading, checking and editing them."""
