"""A backup: every table as it stood at one moment, in one file; and a restore into an empty place."""
