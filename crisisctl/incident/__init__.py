"""Incidents: their events, the fold that is their state, and the journal they live in."""
