"""The forms in which a draft is written, one module for each part of it."""
