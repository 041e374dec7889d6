"""Playbooks: the model, the YAML reader, values, conditions, the search path."""
