"""Any Hugging Face sequence classifier, by path or name: safetensors only, no remote code."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from models.transformer.checkpoint import find_checkpoint
from models.transformer.heads import TEXT
from models.transformer.loading import load_server
from models.transformer.long_texts import LongTexts, read_text
from models.transformer.network import TOKENS_PER_BATCH, Form
from models.transformer.serving import DECIMALS, Row, chances_of
from models.transformer.tokens import ahead

if TYPE_CHECKING:
    from torch import Tensor

MAX_TOKENS = 2_048
"""Of a text, special ones included; how the rest is read is a policy."""


class TransformerClassifier:
    """Scores texts with a sequence classifier; loaded once per worker, on the GPU that it has.

    ``labels`` are the label names of the checkpoint's ``id2label``, in their order. Of a text with
    more than ``max_tokens`` tokens it is read what ``long_texts`` says; the chances of several
    windows are averaged. A checkpoint with one label gives its sigmoid, one with several their
    softmax. Batches have up to ``tokens_per_batch`` tokens; results come back in the order that was
    asked.

    Raises ``ImportError`` without the models extra, ``ValueError`` for what is not a checkpoint.
    """

    def __init__(
        self,
        name: str,
        *,
        long_texts: LongTexts = "as_trained",
        max_tokens: int = MAX_TOKENS,
        tokens_per_batch: int = TOKENS_PER_BATCH,
    ) -> None:
        checkpoint = find_checkpoint(name).that_reads(TEXT)
        self.name = name
        self.labels = checkpoint.labels
        self._policy = checkpoint.policy(long_texts)
        self.server = load_server(checkpoint, Form.OF_TEXTS)
        outputs = self.server.model.config.num_labels
        if outputs != len(self.labels):
            raise ValueError(
                f"model {name!r} gives {outputs} numbers, and id2label in its config.json names "
                f"{list(self.labels)}: name each of them"
            )
        self.server.tokens_per_batch = tokens_per_batch
        self.max_tokens = self.server.room(checkpoint.max_tokens(max_tokens))

    @property
    def tolerance(self) -> float:
        """The most by which a probability differs with the texts beside its own."""
        return self.server.tolerance

    def score(self, items: Sequence[str]) -> list[dict[str, float]]:
        """The probability of each label for each text."""
        counts: list[int] = []
        outputs = iter(self.server.outputs(self._rows(items, counts)))
        logits = [[next(outputs) for _ in range(count)] for count in counts]
        return [mean_chances(self.labels, windows) for windows in logits]

    def score_alone(self, item: str) -> dict[str, float]:
        """The same for one text, in a batch of its own."""
        return self.score([item])[0]

    def _rows(self, items: Sequence[str], counts: list[int]) -> Iterator[Row]:
        """The rows of all texts while they are cut; ``counts`` gets how many each text has."""
        for rows in ahead(self._read, items):
            counts.append(len(rows))
            yield from (Row(row, [self.server.place_of(row)]) for row in rows)

    def _read(self, text: str) -> list[list[int]]:
        tokens = self.server.tokens
        room = max(1, self.max_tokens - len(tokens.prefix) - len(tokens.suffix))
        found = read_text(tokens.encode, text, room, self._policy)
        return [tokens.enclose(row) or [self.server.network.padding] for row in found]


def mean_chances(labels: Sequence[str], windows: Sequence[Tensor]) -> dict[str, float]:
    """The chances of the labels, averaged over windows of logits (1, labels), rounded."""
    import torch

    chances = chances_of(torch.cat(list(windows))).mean(dim=0).tolist()
    values = (round(value, DECIMALS) for value in chances)
    return dict(zip(labels, values, strict=True))
