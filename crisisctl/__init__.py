"""crisisctl walks a team through a crisis, step by step, and keeps the record."""

__version__ = "0.1.0"
