"""Readers of crawls: each yields pages, and losses for what could not be read."""
