"""Moving an open audit to a newer edition of its framework, and back."""
