"""Audits, their agencies and cases, and the allocation of returns."""
