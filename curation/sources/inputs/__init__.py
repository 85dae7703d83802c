"""From what a person names to the files and splits to read."""
