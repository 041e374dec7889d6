"""Prove playbooks and messages before the crisis: rules yield findings; paths are walked."""
