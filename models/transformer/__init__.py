"""Checkpoints of the Hugging Face form as classifiers of texts and of lines.

Nothing here imports PyTorch before a model is loaded.
"""

from models.transformer.classifier import TransformerClassifier
from models.transformer.lines import TransformerLineScorer

__all__ = ["TransformerClassifier", "TransformerLineScorer"]
