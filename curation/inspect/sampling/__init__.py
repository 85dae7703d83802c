"""Documents of a run drawn by lot, to be looked at: which, and how they are shown."""
