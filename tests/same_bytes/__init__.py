"""One crawl through one pipeline in every way that must not matter: the same bytes come out."""
