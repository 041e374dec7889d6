"""Walking a playbook over an incident: what may happen next, and what it records."""
