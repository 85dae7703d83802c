"""Damaged input for all that reads what others wrote: seeded, in blocks, each of which is kept."""
