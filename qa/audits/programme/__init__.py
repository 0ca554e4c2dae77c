"""A year's programme of planned audits for one area or for all areas together."""
