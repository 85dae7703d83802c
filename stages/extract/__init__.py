"""Extraction: HTML to text, title and markup measures, where no page can do harm."""

from stages.extract.extraction import Extraction, Tools, extract, extract_plain, load_tools
from stages.extract.main_text import Method
from stages.extract.stage import Extract, Reason

__all__ = [
    "Extract",
    "Extraction",
    "Method",
    "Reason",
    "Tools",
    "extract",
    "extract_plain",
    "load_tools",
]
