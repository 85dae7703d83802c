"""One judgement per file. Nothing here imports pyspark at import time."""
