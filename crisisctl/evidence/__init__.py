"""Evidence: an incident as one archive that a stranger can check, and that can be read back."""
