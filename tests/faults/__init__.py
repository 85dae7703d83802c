"""Runs whose processes are killed at a moment drawn at random, and what is left of them."""
