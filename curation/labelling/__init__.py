"""Labels for training: drawn from a run, given by people or a language model, stored by content."""
