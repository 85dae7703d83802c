"""Finished shards put where others find them."""
