"""Counts the words and phrases of lexicons in a text, in one compiled pass over its tokens.

The tokens are those of ``models.text.words.folded_words``, each as its hash.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from models.kernels.arrays import Int32Array, Int64Array, UInt64Array
from models.kernels.compile import inlined, kernel
from models.kernels.hashing import numbers_of, slots_for
from models.text.plain_words import hashes_of
from models.text.words import folded_hashes

Term = tuple[str, ...]
"""The folded tokens of a word or phrase."""


class TermTable(NamedTuple):
    """Terms in sorted order, (terms,), words of one token before phrases.

    ``slots`` lead from a hash to the number of a token (``models.kernels.hashing``), whose own hash
    is in ``hashes`` (tokens,). ``words`` (tokens,) is the term that a token is, or -1. The
    phrases that begin with token t are ``first_phrase[t]`` up to ``first_phrase[t + 1]``, and
    phrase p has the tokens ``parts[first_part[p]:first_part[p + 1]]``.
    """

    slots: Int32Array
    hashes: UInt64Array
    words: Int64Array
    first_phrase: Int64Array
    first_part: Int64Array
    parts: Int64Array


def make_table(words: Sequence[Term], phrases: Sequence[Term]) -> TermTable:
    """The table of sorted words of one token, and of sorted phrases of several."""
    tokens = sorted({token for term in (*words, *phrases) for token in term})
    numbers = {token: number for number, token in enumerate(tokens)}
    hashes = hashes_of(tuple(tokens))
    alone = np.full(len(tokens), -1)
    alone[[numbers[word] for (word,) in words]] = np.arange(len(words))
    begins = [numbers[phrase[0]] for phrase in phrases]
    return TermTable(
        slots_for(hashes),
        hashes,
        alone,
        np.searchsorted(begins, np.arange(len(tokens) + 1)),
        np.cumsum([0, *map(len, phrases)]),
        np.array([numbers[token] for phrase in phrases for token in phrase], np.int64),
    )


def count_terms(text: str, table: TermTable) -> tuple[Int64Array, int]:
    """How often each term stands in a text, (terms,), and how many tokens the text has."""
    tokens = numbers_of(folded_hashes(text), table.hashes, table.slots)
    return _count(tokens, table, int((table.words >= 0).sum())), len(tokens)


@kernel()
def _count(tokens: Int64Array, table: TermTable, word_count: int) -> Int64Array:
    """How often each term stands, (terms,)."""
    counts = np.zeros(word_count + len(table.first_part) - 1, np.int64)
    for place, token in enumerate(tokens):
        if token < 0:
            continue
        if table.words[token] >= 0:
            counts[table.words[token]] += 1
        for phrase in range(table.first_phrase[token], table.first_phrase[token + 1]):
            counts[word_count + phrase] += _stands(phrase, tokens, place, table)
    return counts


@inlined
def _stands(phrase: int, tokens: Int64Array, place: int, table: TermTable) -> bool:
    """Whether the tokens from a place on are a phrase's."""
    first, past = table.first_part[phrase], table.first_part[phrase + 1]
    if place + past - first > len(tokens):
        return False
    for part in range(first, past):  # noqa: SIM110 (numba compiles no generator)
        if tokens[place + part - first] != table.parts[part]:
            return False
    return True
