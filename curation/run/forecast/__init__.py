"""What a run will take, from a sample of its crawl that is run first."""
