"""The front desk: commands, prompts, screen, and the one error door."""
