"""Several heads on one base: one forward pass for all stages that ask for the same text.

All heads read the same rows: the title, if there is one, then the lines that are not blank, each
closed by the separator, in windows of whole lines. A head of texts reads the last separator of a
window, one of lines each line's own. Whichever stage comes first pays for the pass; the outputs of
all heads are remembered by the tokens of their window. Where a stage has cut lines in between, the
window is another one, and the pass is done again.
"""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate, islice, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from weakref import WeakValueDictionary

from models.base import TitledText, lines_of
from models.transformer.checkpoint import Checkpoint, find_checkpoint, not_loadable
from models.transformer.classifier import mean_chances
from models.transformer.heads import LINES, TEXT, read_heads
from models.transformer.lines import (
    MAIN_LABELS,
    MAX_TOKENS,
    MAX_WINDOWS,
    Window,
    encode_lines,
    fill,
    make_windows,
)
from models.transformer.loading import load_server
from models.transformer.long_texts import MAX_WINDOWS as MAX_MEAN_WINDOWS
from models.transformer.long_texts import LongTexts, Policy
from models.transformer.network import Form
from models.transformer.recent import Recent
from models.transformer.serving import DECIMALS, Row, chances_of
from models.transformer.tokens import ahead

if TYPE_CHECKING:
    from torch import Tensor


class Outputs(NamedTuple):
    """What the heads say of one window: those of texts once, those of lines for each line."""

    of_text: Mapping[str, Tensor]
    of_lines: Mapping[str, Tensor]


class SharedBase:
    """A base with its heads, one for all stages of a process."""

    def __init__(self, checkpoint: Checkpoint) -> None:
        from models.transformer.head_modules import joined_heads

        self._heads = tuple(read_heads(checkpoint.folder).values())
        try:
            layer = joined_heads(checkpoint.folder, self._heads)
        except ValueError as error:
            raise not_loadable(checkpoint.name, error) from error
        self.server = load_server(checkpoint, Form.BASE, layer)
        self.max_tokens = self.server.room(checkpoint.max_tokens(MAX_TOKENS))
        ends = accumulate((len(head.labels) for head in self._heads), initial=0)
        self._columns = {
            head.task: slice(start, end)
            for head, (start, end) in zip(self._heads, pairwise(ends), strict=True)
        }
        self._recent: Recent[Outputs] = Recent()

    def encode(self, lines: Sequence[str]) -> list[list[int]]:
        """The tokens of each line; those of one empty line where there is none."""
        return encode_lines(self.server.tokens, lines, self.max_tokens) or [[]]

    def outputs(self, windows: Sequence[Window], *, alone: bool = False) -> list[Outputs]:
        """What all heads say of each window, computed for those that are not remembered.

        ``alone`` computes each in a batch of its own, whatever is remembered.
        """
        keys = [_key(window) for window in windows]
        known = {} if alone else {key: self._recent.get(key) for key in keys}
        fresh = {
            key: window for key, window in zip(keys, windows, strict=True) if known.get(key) is None
        }
        rows = [Row(window.tokens, window.score_places) for window in fresh.values()]
        batches = [[row] for row in rows] if alone else [rows]
        logits = [output for batch in batches for output in self.server.outputs(batch)]
        made = {key: self._split(one) for key, one in zip(fresh, logits, strict=True)}
        for key, outputs in made.items():
            self._recent.add(key, outputs)
        return [made.get(key) or known[key] for key in keys]  # type: ignore[misc]

    def _split(self, logits: Tensor) -> Outputs:
        """(lines, labels of all heads) by head; copies, which hold no more than they show."""
        of_text, of_lines = {}, {}
        for head in self._heads:
            columns = self._columns[head.task]
            if head.reads == TEXT:
                of_text[head.task] = logits[-1:, columns].clone()
            else:
                of_lines[head.task] = logits[:, columns].clone()
        return Outputs(of_text, of_lines)


_loaded: WeakValueDictionary[tuple[object, ...], SharedBase] = WeakValueDictionary()


def shared_base(checkpoint: Checkpoint) -> SharedBase:
    """The base of a checkpoint, loaded once in a process as long as some stage has it."""
    key = _state_of(checkpoint.folder)
    found = _loaded.get(key)
    if found is None:
        found = _loaded[key] = SharedBase(checkpoint)
    return found


def _state_of(folder: Path) -> tuple[object, ...]:
    """What changes when a file of the folder does."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    states = [(str(path), path.stat().st_size, path.stat().st_mtime_ns) for path in files]
    return (str(folder.resolve()), *states)


def _key(window: Window) -> bytes:
    return hashlib.blake2b(array("q", window.tokens).tobytes(), digest_size=16).digest()


class TextHead:
    """A head of texts, in the place of a classifier of its own (``TransformerClassifier``)."""

    def __init__(self, name: str, *, long_texts: LongTexts = "as_trained") -> None:
        checkpoint = find_checkpoint(name).that_reads(TEXT)
        self.name = name
        self.labels = checkpoint.labels
        self.base = shared_base(checkpoint)
        self._task = checkpoint.task
        self._policy = checkpoint.policy(long_texts)

    @property
    def tolerance(self) -> float:
        """The most by which a probability differs with the texts beside its own."""
        return self.base.server.tolerance

    def score(self, items: Sequence[str | TitledText]) -> list[dict[str, float]]:
        """The probability of each label for each text."""
        return self._score(items, alone=False)

    def score_alone(self, item: str | TitledText) -> dict[str, float]:
        """The same for one text, in a batch of its own."""
        return self._score([item], alone=True)[0]

    def _score(self, items: Sequence[str | TitledText], *, alone: bool) -> list[dict[str, float]]:
        found = list(ahead(self._windows, list(enumerate(items))))
        windows = [window for own in found for window in own]
        outputs = iter(self.base.outputs(windows, alone=alone))
        logits = [[next(outputs).of_text[self._task] for _ in own] for own in found]
        return [mean_chances(self.labels, own) for own in logits]

    def _windows(self, numbered: tuple[int, str | TitledText]) -> list[Window]:
        number, item = numbered
        most, separator = self.base.max_tokens, self.base.server.network.separator
        encoded = self.base.encode(within_reach(lines_of(item), most * WINDOWS[self._policy]))
        if self._policy == "head_tail":
            encoded = both_ends(encoded, most)
        return list(islice(make_windows(number, encoded, separator, most), WINDOWS[self._policy]))


WINDOWS: Mapping[Policy, int] = {"head": 1, "head_tail": 1, "mean": MAX_MEAN_WINDOWS}
"""How many windows a head of texts reads."""


def within_reach(lines: Sequence[str], tokens: int) -> Sequence[str]:
    """The lines from both ends of a text that may be read: each has one token at least."""
    return lines if len(lines) <= 2 * tokens else [*lines[:tokens], *lines[-tokens:]]


def both_ends(lines: Sequence[list[int]], max_tokens: int) -> list[list[int]]:
    """Lines from the beginning that fill half of a window, and from the end the other half.

    >>> both_ends([[1], [2], [3], [4], [5]], 6)
    [[1], [5]]
    """
    sizes = [len(line) + 1 for line in lines]
    if sum(sizes) <= max_tokens:
        return list(lines)
    half = max_tokens // 2
    head = sum(total <= half for total in accumulate(sizes))
    tail = sum(total <= half for total in accumulate(reversed(sizes)))
    return [*lines[:head], *lines[len(lines) - min(tail, len(lines) - head) :]]


class LineHead:
    """A head of lines, in the place of a token classifier (``TransformerLineScorer``)."""

    def __init__(self, name: str) -> None:
        checkpoint = find_checkpoint(name).that_reads(LINES)
        self.name = name
        self.main = checkpoint.labels.index(checkpoint.label_among(MAIN_LABELS))
        self.base = shared_base(checkpoint)
        self._task = checkpoint.task

    @property
    def tolerance(self) -> float:
        """The most by which a probability differs with the documents beside its own."""
        return self.base.server.tolerance

    def score(
        self, items: Sequence[Sequence[str]], titles: Sequence[str] = ()
    ) -> list[list[float | None]]:
        """One score for each line of each document, in order; None for those beyond all windows."""
        return self._score(items, titles, alone=False)

    def score_alone(self, item: Sequence[str], title: str = "") -> list[float | None]:
        """The same for one document, in a batch of its own."""
        return self._score([item], [title], alone=True)[0]

    def _score(
        self, items: Sequence[Sequence[str]], titles: Sequence[str], *, alone: bool
    ) -> list[list[float | None]]:
        titled = [[t] if t.strip() else [] for t in titles] or [[] for _ in items]
        documents = [[*title, *lines] for title, lines in zip(titled, items, strict=True)]
        windows = list(self._windows(documents))
        result: list[list[float | None]] = [[] for _ in items]
        for window, outputs in zip(windows, self.base.outputs(windows, alone=alone), strict=True):
            chances = chances_of(outputs.of_lines[self._task])[:, self.main].tolist()
            result[window.document] += [round(chance, DECIMALS) for chance in chances]
        return [
            fill(scores[len(title) : len(title) + len(lines)], len(lines))
            for scores, title, lines in zip(result, titled, items, strict=True)
        ]

    def _windows(self, documents: Sequence[Sequence[str]]) -> Iterator[Window]:
        separator = self.base.server.network.separator
        for number, lines in enumerate(ahead(self.base.encode, documents)):
            made = make_windows(number, lines, separator, self.base.max_tokens)
            yield from islice(made, MAX_WINDOWS)
