"""The trail: the append-only record of who changed and who read what."""
