"""Findings for people, editors and CI systems: what each of them reads, as text or as data."""

FORMATS = ("text", "json", "github", "sarif", "junit")
