"""A run's report: one HTML file, made of untrusted pages, that loads nothing."""

from curation.inspect.report.page import render, write_report

__all__ = ["render", "write_report"]
