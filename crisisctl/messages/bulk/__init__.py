"""Bulk messages: one text for each person on a list, the common parts rendered only once."""
