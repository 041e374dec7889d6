"""How each shop system wants codes: its columns, its dates, and what it cannot say."""
