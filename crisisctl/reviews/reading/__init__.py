"""How a file of reviews is read: bytes, rows or objects, columns, cells."""
