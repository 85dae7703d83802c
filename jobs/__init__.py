"""Entry points for spark-submit: a few lines each, over the code path of the command line."""
