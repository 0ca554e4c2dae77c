"""Reminders by e-mail: what is due, in one message a day at most; overdue concerns at once."""
