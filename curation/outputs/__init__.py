"""What is made of the documents that are kept."""
