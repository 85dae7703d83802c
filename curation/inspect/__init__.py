"""Looking at a run: reports, stories, rankings."""
