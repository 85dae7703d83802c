"""Decoded streams over compressed files."""
