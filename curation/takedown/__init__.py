"""Documents taken out of what is done: steps, the state that they left, and outputs."""
