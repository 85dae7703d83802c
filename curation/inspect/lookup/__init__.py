"""Single pages of a run, found without reading the others."""
