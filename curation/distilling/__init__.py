"""Embedded models taught by a checkpoint: a sample scored, weights fitted, a card written."""
