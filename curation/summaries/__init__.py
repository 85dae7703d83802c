"""What a part or a step made, in tables that can be added: counts, histograms, samples."""
