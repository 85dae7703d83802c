"""The batches of a pipeline, and the state that they leave for later ones."""
