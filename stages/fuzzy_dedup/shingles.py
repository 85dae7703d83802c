"""Documents as sets of shingles: where each run of five tokens lies in one buffer of bytes.

Joined by single spaces, every shingle of a document is a span of the document's own tokens, so
none is ever made as a string. A shingle that occurs twice has two spans: to a set it is one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.kernels.compile import kernel
from models.text.segmenter import cut_utf8
from stages.standardise import standardise

SPACE = 0x20
NEWLINE = 0x0A


@dataclass(frozen=True, slots=True)
class Shingles:
    """Spans of ``buffer`` (uint8): those of document d are ``offsets[d]`` to ``offsets[d + 1]``."""

    buffer: np.ndarray
    starts: np.ndarray
    lengths: np.ndarray
    offsets: np.ndarray


def shingle(texts: Sequence[str], width: int, user_dictionary: str = "") -> Shingles:
    """The shingles of ``width`` tokens of each text, standardised.

    A text of fewer tokens is one shingle of all of them; one without tokens has none. For
    ``user_dictionary`` see `models.text.segmenter.read_lexicon`.

    >>> s = shingle(["One, two, three!", ""], 2)
    >>> [bytes(s.buffer[i:][:n]) for i, n in zip(s.starts, s.lengths)], s.offsets.tolist()
    ([b'one two', b'two three'], [0, 2, 2])
    """
    lines = [cut_utf8(standardise(_well_formed(text)), user_dictionary) for text in texts]
    buffer = np.frombuffer(bytearray(b"\n".join([*lines, b""])), np.uint8)
    spans = np.empty((2, int(np.count_nonzero(buffer <= SPACE))), np.int64)
    offsets = np.zeros(len(lines) + 1, np.int64)
    _span(buffer, width, spans, offsets)
    total = offsets[-1]
    return Shingles(buffer, spans[0, :total], spans[1, :total], offsets)


def _well_formed(text: str) -> str:
    """The text, with lone surrogates (which UTF-8 cannot hold) replaced by question marks."""
    return text.encode("utf-8", "replace").decode() if _has_surrogates(text) else text


def _has_surrogates(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False


@kernel("void(uint8[::1], int64, int64[:,::1], int64[::1])", allocates=True)
def _span(buffer: np.ndarray, width: int, spans: np.ndarray, offsets: np.ndarray) -> None:
    """Fill ``spans`` (starts, lengths) and ``offsets`` from lines of tokens a space apart."""
    heads = np.empty(width, np.int64)  # where the last `width` tokens of the line start, in a ring
    found, line, tokens, head = 0, 0, 0, 0
    for i in range(buffer.shape[0]):
        byte = buffer[i]
        if byte not in (SPACE, NEWLINE):
            continue
        if i > head:
            heads[tokens % width] = head
            tokens += 1
        if tokens >= width or (byte == NEWLINE and tokens > 0):
            first = heads[tokens % width] if tokens >= width else heads[0]
            spans[0, found] = first
            spans[1, found] = i - first
            found += 1
        head = i + 1
        if byte == NEWLINE:
            tokens = 0
            line += 1
            offsets[line] = found
