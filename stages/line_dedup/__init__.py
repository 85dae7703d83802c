"""Line deduplication: head and tail lines that the corpus has too often are cut."""

from stages.line_dedup.lines import (
    LineDedupReason,
    cut_lines,
    edge_lines,
    has_words,
    line_digest,
)
from stages.line_dedup.stage import LineDedup

__all__ = ["LineDedup", "LineDedupReason", "cut_lines", "edge_lines", "has_words", "line_digest"]
