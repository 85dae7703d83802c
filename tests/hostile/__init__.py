"""Pages and texts that are made to break a parser, by code: the same for the same size."""
