"""WARC and ARC records, and the HTTP responses in them."""
