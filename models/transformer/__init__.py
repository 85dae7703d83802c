"""Checkpoints of the Hugging Face form as classifiers of texts and of lines.

Nothing here imports PyTorch before a model is loaded.
"""

from __future__ import annotations

from models.transformer.checkpoint import find_checkpoint
from models.transformer.classifier import TransformerClassifier
from models.transformer.lines import TransformerLineScorer
from models.transformer.long_texts import LongTexts
from models.transformer.shared import LineHead, TextHead

__all__ = [
    "LineHead",
    "LongTexts",
    "TextHead",
    "TransformerClassifier",
    "TransformerLineScorer",
    "load_classifier",
    "load_line_scorer",
]


def load_classifier(
    name: str, long_texts: LongTexts = "as_trained"
) -> TransformerClassifier | TextHead:
    """The classifier of texts that a checkpoint is, or the head of that name behind a ``#``."""
    if find_checkpoint(name).head:
        return TextHead(name, long_texts=long_texts)
    return TransformerClassifier(name, long_texts=long_texts)


def load_line_scorer(name: str) -> TransformerLineScorer | LineHead:
    """The judge of lines that a checkpoint is, or the head of that name behind a ``#``."""
    return LineHead(name) if find_checkpoint(name).head else TransformerLineScorer(name)
