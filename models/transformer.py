"""Any Hugging Face sequence classifier, by path or name: safetensors only, no remote code."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from models.checkpoint import Checkpoint, find_checkpoint, not_loadable, without_extra

MAX_TOKENS = 2_048
"""A text is judged on its first 2,048 tokens; the rest is not read."""

TOKENS_PER_BATCH = 16_384
"""Padding included: a batch is as many texts of like length as fit."""

DECIMALS = 4
"""Rounding hides most of what the other texts of a batch do to the last bits of a score."""


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
        self.tokenizer, self.model = load_model(checkpoint, "AutoModelForSequenceClassification")

    def score(self, items: Sequence[str]) -> list[dict[str, float]]:
        """The probability of each label for each text."""
        encoded = [
            self.tokenizer(text, truncation=True, max_length=self.max_tokens)["input_ids"]
            or [padding_of(self.tokenizer)]
            for text in items
        ]
        result: list[dict[str, float]] = [{} for _ in items]
        for batch in batches_by_length(list(map(len, encoded)), self.tokens_per_batch):
            rows = forward(self.model, self.tokenizer, [encoded[i] for i in batch])
            chances = rows.sigmoid() if len(self.labels) == 1 else rows.softmax(dim=-1)
            for i, values in zip(batch, chances.tolist(), strict=True):
                rounded = (round(value, DECIMALS) for value in values)
                result[i] = dict(zip(self.labels, rounded, strict=True))
        return result


def batches_by_length(lengths: Sequence[int], tokens_per_batch: int) -> Iterator[list[int]]:
    """Item numbers, longest first, in batches that stay within the budget with their padding.

    An item longer than the budget is a batch of its own. Equal lengths keep their order.

    >>> list(batches_by_length([2, 9, 3, 4], 10))
    [[1], [3, 2], [0]]
    """
    batch: list[int] = []
    for i in sorted(range(len(lengths)), key=lambda i: (-lengths[i], i)):
        if batch and (len(batch) + 1) * lengths[batch[0]] > tokens_per_batch:
            yield batch
            batch = []
        batch.append(i)
    if batch:
        yield batch


def load_model(checkpoint: Checkpoint, model_class: str) -> tuple[Any, Any]:
    """Tokenizer and model in evaluation mode, on the device where they will run.

    Decoders such as Qwen2 name no padding token, or one that their classifier does not know: the
    tokenizer's padding token, else its end token, is set on both.
    """
    try:
        import torch
        import transformers
    except ImportError as error:
        raise without_extra(checkpoint.name) from error
    on_gpu = torch.cuda.is_available()
    try:
        folder = checkpoint.folder
        tokenizer = transformers.AutoTokenizer.from_pretrained(folder, trust_remote_code=False)
        model = getattr(transformers, model_class).from_pretrained(
            folder,
            use_safetensors=True,
            trust_remote_code=False,
            dtype=torch.bfloat16 if on_gpu else torch.float32,
        )
    except OSError as error:
        raise not_loadable(checkpoint.name, error) from error
    model.config.pad_token_id = padding_of(tokenizer)
    return tokenizer, model.eval().to("cuda" if on_gpu else "cpu")


def padding_of(tokenizer: Any) -> int:
    """The token that fills a batch up: the tokenizer's own, else its end token, else number 0."""
    for token in (tokenizer.pad_token_id, tokenizer.eos_token_id):
        if token is not None:
            return int(token)
    return 0


def forward(model: Any, tokenizer: Any, rows: Sequence[Sequence[int]]) -> Any:
    """The logits of a batch of token rows as float32 on the CPU; rows are padded on the right."""
    import torch

    longest, padding = max(map(len, rows)), padding_of(tokenizer)
    filled = [[*row, *[padding] * (longest - len(row))] for row in rows]
    mask = [[1] * len(row) + [0] * (longest - len(row)) for row in rows]
    with torch.inference_mode():
        output = model(
            input_ids=torch.tensor(filled, device=model.device),
            attention_mask=torch.tensor(mask, device=model.device),
        )
    return output.logits.float().cpu()
