"""DecodedBody streams over compressed files."""
