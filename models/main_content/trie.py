"""Alternatives of plain text as a trie for compiled loops, each with the bits it stands for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from models.kernels.arrays import Int16Array, Int64Array

BEFORE, AFTER = 1, 2
_EDGE = r"\b"


class Trie(NamedTuple):
    """Nodes, of which 0 is the first.

    ``letters`` numbers the codes of characters, those alike that differ in case; 0 is in no text.
    ``following`` (nodes, letters) is the next node, or 0. ``ends`` (nodes, 4) are the bits of what
    ends at a node, by whether it must begin a word (``BEFORE``), end one (``AFTER``), or both.
    """

    letters: Int16Array
    following: Int16Array
    ends: Int64Array


def make_trie(patterns: Sequence[str], codes: int) -> Trie:
    r"""The trie of some patterns, bit by bit, in texts of the first ``codes`` characters.

    A pattern is alternatives of lower-case text, ``\b`` before or behind some: ``crumb|\bads\b``.
    """
    names = [
        (
            bit,
            name.replace(_EDGE, ""),
            BEFORE * name.startswith(_EDGE) | AFTER * name.endswith(_EDGE),
        )
        for bit, pattern in enumerate(patterns)
        for name in pattern.split("|")
    ]
    alphabet = sorted({char for _, name, _ in names for char in name})
    numbers = {char: number for number, char in enumerate(alphabet, 1)}
    edges: list[dict[int, int]] = [{}]
    ends = [[0] * 4]
    for bit, name, kind in names:
        node = 0
        for char in name:
            node = edges[node].setdefault(numbers[char], len(edges))
            if node == len(edges):
                edges.append({})
                ends.append([0] * 4)
        ends[node][kind] |= 1 << bit
    following = np.zeros((len(edges), len(numbers) + 1), np.int16)
    for node, edge in enumerate(edges):
        following[node, list(edge)] = list(edge.values())
    letters = [numbers.get(chr(code).lower(), 0) for code in range(codes)]
    return Trie(np.array(letters, np.int16), following, np.array(ends))
