"""How the shipped weights were made: run by hand, on labelled data that is not part of the tree."""
