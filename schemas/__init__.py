"""The tables of the pipeline as typed Arrow schemas, and the records that fill them."""
