"""What other thresholds would change in a run, told by what the run has stored."""
