"""How processor time grows with hostile input: every stage and every parser."""
