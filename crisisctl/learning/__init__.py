"""Learning from all incidents: figures, what was alike, what plans should learn, what is due."""
