"""Any Hugging Face token classifier as a judge of lines: one pass, all lines in view."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from models.transformer.checkpoint import find_checkpoint
from models.transformer.heads import LINES
from models.transformer.loading import load_server
from models.transformer.network import Form
from models.transformer.serving import DECIMALS, Row, chances_of
from models.transformer.tokens import TextTokens, ahead

MAX_TOKENS = 8_192
MAX_LINE_TOKENS = 256
"""A line is judged on its first 256 tokens; the rest is not read."""

CHARS_PER_TOKEN = 64
"""Nor are more characters of it than this for each of them cut into tokens."""

MAX_WINDOWS = 64
"""Lines behind the last of them, 524,288 tokens at 8,192, are not judged."""

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
    a decoder a line sees only the lines before it, with an encoder all of them. Titles are not
    read.

    Raises ``ValueError`` for a checkpoint none of whose labels is in ``MAIN_LABELS``.
    """

    def __init__(self, name: str, *, max_tokens: int = MAX_TOKENS) -> None:
        checkpoint = find_checkpoint(name).that_reads(LINES)
        self.name = name
        self.main = checkpoint.labels.index(checkpoint.label_among(MAIN_LABELS))
        self.server = load_server(checkpoint, Form.OF_TOKENS)
        self.max_tokens = self.server.room(checkpoint.max_tokens(max_tokens))

    @property
    def tolerance(self) -> float:
        """The most by which a probability differs with the documents beside its own."""
        return self.server.tolerance

    def score(
        self,
        items: Sequence[Sequence[str]],
        titles: Sequence[str] = (),  # noqa: ARG002 - a head of several reads them
    ) -> list[list[float | None]]:
        """One score for each line of each document, in order; None for those beyond all windows."""
        windows: list[Window] = []
        outputs = self.server.outputs(self._rows(items, windows))
        result: list[list[float | None]] = [[] for _ in items]
        for window, logits in zip(windows, outputs, strict=True):
            chances = chances_of(logits)[:, self.main].tolist()
            result[window.document] += [round(chance, DECIMALS) for chance in chances]
        return [fill(scores, len(lines)) for scores, lines in zip(result, items, strict=True)]

    def score_alone(self, item: Sequence[str], title: str = "") -> list[float | None]:
        """The same for one document, in a batch of its own."""
        return self.score([item], [title])[0]

    def _rows(self, items: Sequence[Sequence[str]], windows: list[Window]) -> Iterator[Row]:
        """The rows of all documents while they are cut; ``windows`` gets what they are."""
        separator = self.server.network.separator
        for number, lines in enumerate(ahead(self._encode, items)):
            made = make_windows(number, lines, separator, self.max_tokens)
            for window in islice(made, MAX_WINDOWS):
                windows.append(window)
                yield Row(window.tokens, window.score_places)

    def _encode(self, lines: Sequence[str]) -> list[list[int]]:
        return encode_lines(self.server.tokens, lines, self.max_tokens)


def encode_lines(tokens: TextTokens, lines: Sequence[str], max_tokens: int) -> list[list[int]]:
    """The tokens of each line, as many as are read; a separator fits behind them."""
    most = max(1, min(MAX_LINE_TOKENS, max_tokens - 1))
    return [
        cut[:most] for cut in tokens.encode_all([line[: most * CHARS_PER_TOKEN] for line in lines])
    ]


def fill(scores: list[float | None], lines: int) -> list[float | None]:
    """The scores of as many lines, None for those behind the last that has one.

    >>> fill([0.5], 3)
    [0.5, None, None]
    """
    return [*scores, *[None] * (lines - len(scores))]


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
        tokens += [*line, separator]
        places.append(len(tokens) - 1)
    if tokens:
        yield Window(document, tokens, places)
