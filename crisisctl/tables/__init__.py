"""Files of rows, from any program and of any size: decoded, split into cells, shared out."""
