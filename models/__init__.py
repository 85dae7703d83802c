"""What has weights or a vocabulary, and its training. Imports neither pyspark nor stages."""
