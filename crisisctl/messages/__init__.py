"""Messages: found, rendered, measured, written out."""
