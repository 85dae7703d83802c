"""A part: the unit of work, read, judged and written by one task."""
