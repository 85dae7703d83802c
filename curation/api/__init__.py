"""The engine from Python, for notebooks: what ``import curation`` offers. Nothing starts Spark."""
