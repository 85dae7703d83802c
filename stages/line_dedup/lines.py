"""The lines of one document: those at its edges, their digests, and the text without some."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from enum import StrEnum

from schemas.verdict import Edit


class LineDedupReason(StrEnum):
    """Why a line was cut, and why a document was removed."""

    REPEATED_LINE = "repeated_line"
    NOTHING_LEFT = "nothing_left"


def has_words(text: str) -> bool:
    """Whether there is a letter or a digit of any script: the rest is white space and symbols."""
    return any(map(str.isalnum, text))


def edge_lines(text: str, head: int, tail: int) -> list[tuple[int, str]]:
    r"""Number and content of the first ``head`` and last ``tail`` lines that have words.

    Lines end at "\n", and one at the very end starts no further line. The content is without the
    white space around it. Where head and tail overlap a line comes once.

    >>> edge_lines("Home\n---\n text\nmiddle\n© 2024\n", 2, 2)
    [(0, 'Home'), (3, 'middle'), (4, '© 2024')]
    """
    lines = text.removesuffix("\n").split("\n")
    first_of_tail = max(head, len(lines) - tail)
    numbers = [*range(min(head, len(lines))), *range(first_of_tail, len(lines))]
    return [(n, lines[n].strip()) for n in numbers if has_words(lines[n])]


def line_digest(line: str) -> int:
    """64 bits of BLAKE2b, signed.

    Among 10 billion different lines about three pairs share one, and a pair matters only if its
    lines together, but not apart, are too frequent.
    """
    data = line.encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(data, digest_size=8).digest(), "little", signed=True)


def cut_lines(text: str, numbers: Sequence[int]) -> tuple[str, tuple[Edit, ...]]:
    r"""The text without the lines of these numbers, the rest joined, and the edits that say so.

    >>> cut_lines("Home\ntext\nShare", [0, 2])[0]
    'text'
    """
    cut = frozenset(numbers)
    lines = text.split("\n")
    rest = "\n".join(line for n, line in enumerate(lines) if n not in cut)
    reason = LineDedupReason.REPEATED_LINE
    return rest, tuple(Edit(n, lines[n], reason) for n in sorted(cut))
