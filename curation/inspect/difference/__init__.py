"""Two runs held against each other, document by document."""
