"""The shipped playbooks and templates, broken in many small ways, to measure what lint catches."""
