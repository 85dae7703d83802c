"""What is read of a text that has more tokens than a model takes: one of three stated policies."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Literal

LongTexts = Literal["as_trained", "head", "head_tail", "mean"]
"""``as_trained`` is what the checkpoint's own curation.json says, else ``head``."""

Policy = Literal["head", "head_tail", "mean"]
POLICIES: tuple[Policy, ...] = ("head", "head_tail", "mean")

MAX_WINDOWS = 8
"""Of a text by ``mean``: 16,384 tokens at 2,048."""

CHARS_PER_TOKEN = 8
"""A text is cut to so many characters for each token that is wanted, twice as many as most have,
and to more where it turns out to have fewer tokens."""
MAX_CHARS_PER_TOKEN = 64
"""So a text of 10 MB costs no more than one of 128 KiB at 2,048 tokens."""

Encode = Callable[[str], Sequence[int]]


def read_text(encode: Encode, text: str, room: int, policy: Policy) -> list[list[int]]:
    """The rows of at most ``room`` tokens that stand for a text: one, or several by ``mean``.

    ``head``: its first tokens. ``head_tail``: half of the room from its beginning, half from its
    end. ``mean``: up to ``MAX_WINDOWS`` windows, all full, at even distances from the first token
    to the last one that is read. A text that fits is one row of all its tokens.

    >>> [read_text(lambda text: list(map(int, text)), "123456789", 4, p) for p in POLICIES]
    [[[1, 2, 3, 4]], [[1, 2, 8, 9]], [[1, 2, 3, 4], [3, 4, 5, 6], [6, 7, 8, 9]]]
    """
    return READERS[policy](encode, text, room)


def first_tokens(encode: Encode, text: str, count: int) -> list[int]:
    """The first tokens of a text, or all; not all of it is cut into tokens."""
    chars = CHARS_PER_TOKEN * count
    found = encode(text[:chars])
    while len(found) < count and chars < min(len(text), MAX_CHARS_PER_TOKEN * count):
        chars *= 2
        found = encode(text[:chars])
    return list(found[:count])


def last_tokens(encode: Encode, text: str, count: int) -> list[int]:
    """The last tokens of a text, or all; not all of it is cut into tokens."""
    if not count:
        return []
    chars = CHARS_PER_TOKEN * count
    found = encode(text[-chars:])
    while len(found) < count and chars < min(len(text), MAX_CHARS_PER_TOKEN * count):
        chars *= 2
        found = encode(text[-chars:])
    return list(found[-count:])


def _head(encode: Encode, text: str, room: int) -> list[list[int]]:
    return [first_tokens(encode, text, room)]


def _head_tail(encode: Encode, text: str, room: int) -> list[list[int]]:
    first = first_tokens(encode, text, room + 1)
    if len(first) <= room:
        return [first]
    tail = room // 2
    return [[*first[: room - tail], *last_tokens(encode, text, tail)]]


def _mean(encode: Encode, text: str, room: int) -> list[list[int]]:
    tokens = first_tokens(encode, text, MAX_WINDOWS * room)
    last = len(tokens) - room
    if last <= 0:
        return [tokens]
    gaps = -(-len(tokens) // room) - 1
    starts = [last * number // gaps for number in range(gaps + 1)]
    return [tokens[start : start + room] for start in starts]


READERS: Mapping[Policy, Callable[[Encode, str, int], list[list[int]]]] = {
    "head": _head,
    "head_tail": _head_tail,
    "mean": _mean,
}
