"""The form of a file: YAML, keys, types, names, examples."""

from crisisctl.lint.rules.form import examples, keys, reading

__all__ = ["examples", "keys", "reading"]
