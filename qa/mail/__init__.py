"""Outgoing mail: written in the transaction of the change it speaks of, delivered after the commit."""
