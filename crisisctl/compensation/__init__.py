"""Making good: who was hurt, what the policy gives them, what it costs, and who got what."""
