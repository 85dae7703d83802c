"""Extraction: HTML to text, title and markup measures, where no page can do harm."""

from stages.extract.extraction import Extraction, Tools, extract, extract_plain, load_tools
from stages.extract.main_text import ExtractionMethod, TextFormat
from stages.extract.stage import Extract, ExtractReason

__all__ = [
    "Extract",
    "ExtractReason",
    "Extraction",
    "ExtractionMethod",
    "TextFormat",
    "Tools",
    "extract",
    "extract_plain",
    "load_tools",
]
