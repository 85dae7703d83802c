"""Extraction: HTML to text, title and markup measures, where no page can do harm."""

from stages.extract.extraction import Extraction, FoundBy, extract, extract_plain
from stages.extract.main_text import ExtractionMethod, TextFormat
from stages.extract.stage import Extract, ExtractReason
from stages.extract.tools import Tools, load_tools

__all__ = [
    "Extract",
    "ExtractReason",
    "Extraction",
    "ExtractionMethod",
    "FoundBy",
    "TextFormat",
    "Tools",
    "extract",
    "extract_plain",
    "load_tools",
]
