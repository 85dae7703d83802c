"""Spark itself: Java, the session, progress."""
