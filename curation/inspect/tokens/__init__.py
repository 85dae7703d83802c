"""Tokens in and out of every step of a run, by language and by kind of page."""

from curation.inspect.tokens.flow import Flow, TokenRow, rows_of_run, token_rows
from curation.inspect.tokens.rates import Rates, token_rates

__all__ = ["Flow", "Rates", "TokenRow", "rows_of_run", "token_rates", "token_rows"]
