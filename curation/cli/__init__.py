"""The command line: `curate` and what its commands do."""
