"""Delivery: where each channel's texts go, how they are handed over, and what came of it."""
