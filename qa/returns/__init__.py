"""Completing and submitting a return, and raising a concern."""
