"""Bringing in a framework from the tables of a Word document: every guess is confirmed by a person first."""
