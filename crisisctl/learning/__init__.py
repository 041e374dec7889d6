"""Learning from all incidents: figures, what was alike, what the plans should learn, what is due."""
