"""A page as blocks of text, each in the shape that it has: `read_blocks`."""
