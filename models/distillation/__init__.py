"""Embedded models that learn from what a checkpoint says, and how far the two agree."""
