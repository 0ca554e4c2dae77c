"""The sample of an audit: a population list, strata, a draw that can be repeated, cases replaced."""
