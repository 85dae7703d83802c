"""What makes weights: commands run by hand, on labelled data that is not part of the tree."""
