"""Any Hugging Face token classifier as a judge of lines: one pass, all lines in view."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from models.transformer.checkpoint import find_checkpoint
from models.transformer.network import (
    DECIMALS,
    TOKENS_PER_BATCH,
    batches_by_length,
    load_network,
)

MAX_TOKENS = 8_192
MAX_LINE_TOKENS = 256
"""A line is judged on its first 256 tokens; the rest is not read."""

MAIN_LABELS = ("main", "keep", "LABEL_1")
"""What a checkpoint may call the label of main text; the first that it has counts."""


@dataclass(frozen=True, slots=True)
class Window:
    """Whole lines of one document as token numbers, and where each line's score stands."""

    document: int
    tokens: list[int]
    score_places: list[int]


class TransformerLineScorer:
    """Scores every line of a document in one pass: the probability that it is main text.

    The lines' tokens follow one another, each line closed by a separator (the tokenizer's own
    separator token, else its end token); the score of a line is read at its separator. A document
    of more than ``max_tokens`` is cut into windows between lines, which do not see each other. With
    a decoder a line sees only the lines before it, with an encoder all of them.

    Raises ``ValueError`` for a checkpoint none of whose labels is in ``MAIN_LABELS``.
    """

    def __init__(self, name: str, *, max_tokens: int = MAX_TOKENS) -> None:
        self.name = name
        self.max_tokens = max_tokens
        checkpoint = find_checkpoint(name)
        self.main = checkpoint.labels.index(checkpoint.label_among(MAIN_LABELS))
        self.network = load_network(checkpoint, "AutoModelForTokenClassification")

    def score(self, items: Sequence[Sequence[str]]) -> list[list[float]]:
        """One score for each line of each document, in order."""
        separator = self.network.separator
        windows = [
            window
            for number, lines in enumerate(items)
            for window in make_windows(number, self._encode(lines), separator, self.max_tokens)
        ]
        scores: list[list[float]] = [[] for _ in windows]
        lengths = [len(window.tokens) for window in windows]
        for batch in batches_by_length(lengths, TOKENS_PER_BATCH):
            logits = self.network.logits([windows[i].tokens for i in batch])
            chances = logits.softmax(dim=-1)[:, :, self.main]
            for i, row in zip(batch, chances.tolist(), strict=True):
                scores[i] = [round(row[place], DECIMALS) for place in windows[i].score_places]
        result: list[list[float]] = [[] for _ in items]
        for window, values in zip(windows, scores, strict=True):
            result[window.document].extend(values)
        return result

    def _encode(self, lines: Sequence[str]) -> list[list[int]]:
        if not lines:
            return []
        encoded = self.network.tokenizer(list(lines), add_special_tokens=False)["input_ids"]
        return [tokens[:MAX_LINE_TOKENS] for tokens in encoded]


def make_windows(
    document: int, lines: Sequence[Sequence[int]], separator: int, max_tokens: int
) -> Iterator[Window]:
    """The lines of a document, each closed by the separator, in windows of at most ``max_tokens``.

    >>> [w.tokens for w in make_windows(0, [[5], [6, 7], [8]], 1, 5)]
    [[5, 1, 6, 7, 1], [8, 1]]
    """
    tokens: list[int] = []
    places: list[int] = []
    for line in lines:
        if tokens and len(tokens) + len(line) + 1 > max_tokens:
            yield Window(document, tokens, places)
            tokens, places = [], []
        tokens = [*tokens, *line, separator]
        places = [*places, len(tokens) - 1]
    if tokens:
        yield Window(document, tokens, places)
