"""Checkpoints trained from labels: documents and labels joined, folds by site, cards."""
