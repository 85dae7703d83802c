"""Any Hugging Face sequence classifier, by path or name: safetensors only, no remote code."""

from __future__ import annotations

from collections.abc import Sequence

from models.transformer.checkpoint import find_checkpoint
from models.transformer.network import (
    DECIMALS,
    TOKENS_PER_BATCH,
    batches_by_length,
    load_network,
)

MAX_TOKENS = 2_048
"""A text is judged on its first 2,048 tokens; the rest is not read."""


class TransformerClassifier:
    """Scores texts with a sequence classifier; loaded once per worker, on the GPU if there is one.

    ``labels`` are the label names of the checkpoint's ``id2label``, in their order. bfloat16 on a
    GPU, float32 on a CPU. Texts are cut to ``max_tokens``, sorted by length and batched up to
    ``tokens_per_batch``; results come back in the order that was asked. A checkpoint with one label
    gives its sigmoid, one with several their softmax.

    Raises ``ImportError`` without the models extra, ``ValueError`` for what is not a checkpoint.
    """

    def __init__(
        self,
        name: str,
        *,
        max_tokens: int = MAX_TOKENS,
        tokens_per_batch: int = TOKENS_PER_BATCH,
    ) -> None:
        self.name = name
        self.max_tokens = max_tokens
        self.tokens_per_batch = tokens_per_batch
        checkpoint = find_checkpoint(name)
        self.labels = checkpoint.labels
        self.network = load_network(checkpoint, "AutoModelForSequenceClassification")

    def score(self, items: Sequence[str]) -> list[dict[str, float]]:
        """The probability of each label for each text."""
        network = self.network
        encoded = [
            network.tokenizer(text, truncation=True, max_length=self.max_tokens)["input_ids"]
            or [network.padding]
            for text in items
        ]
        result: list[dict[str, float]] = [{} for _ in items]
        for batch in batches_by_length(list(map(len, encoded)), self.tokens_per_batch):
            rows = network.logits([encoded[i] for i in batch])
            chances = rows.sigmoid() if len(self.labels) == 1 else rows.softmax(dim=-1)
            for i, values in zip(batch, chances.tolist(), strict=True):
                rounded = (round(value, DECIMALS) for value in values)
                result[i] = dict(zip(self.labels, rounded, strict=True))
        return result
