"""A draft as the auditors of a sector would see it."""
