"""Texts: words, shapes, scripts."""
