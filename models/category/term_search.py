"""Counts the words and phrases of lexicons in a text, in one compiled pass over its tokens.

The tokens are those of ``models.text.words.folded_words``, which makes a string of each and takes
most of a classifier's time. Here a token is its characters' hash: 64 bits tell all words apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from models.kernels.arrays import Int32Array, Int64Array, UInt8Array, UInt32Array, UInt64Array
from models.kernels.compile import inlined, kernel
from models.text.segmenter import read_lexicon
from models.text.segmenter.cutting import BLANK, END, mark_ends
from models.text.traditional import simplify
from models.text.words import MIN_FOLDED

Term = tuple[str, ...]
"""The folded tokens of a word or phrase."""

_OFFSET, _PRIME = np.uint64(14695981039346656037), np.uint64(1099511628211)
_MIX, _32 = np.uint64(0x9E3779B97F4A7C15), np.uint64(32)
_E, _I, _S, _U, _Y = map(ord, "eisuy")


class TermTable(NamedTuple):
    """Terms in sorted order, (terms,), words of one token before phrases.

    ``slots`` (a power of 2) lead from a hash to the number of a token, whose own hash is in
    ``hashes`` (tokens,); -1 is free. ``words`` (tokens,) is the term that a token is, or -1. The
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
    hashes = np.array([_hash_of(token) for token in tokens], np.uint64)
    slots = np.full(1 << (4 * len(tokens)).bit_length(), np.int32(-1))
    for number, value in enumerate(hashes):
        slots[_slot_of(slots, hashes, value)] = number
    alone = np.full(len(tokens), -1)
    alone[[numbers[word] for (word,) in words]] = np.arange(len(words))
    begins = [numbers[phrase[0]] for phrase in phrases]
    return TermTable(
        slots,
        hashes,
        alone,
        np.searchsorted(begins, np.arange(len(tokens) + 1)),
        np.cumsum([0, *map(len, phrases)]),
        np.array([numbers[token] for phrase in phrases for token in phrase], np.int64),
    )


def count_terms(text: str, table: TermTable) -> tuple[Int64Array, int]:
    """How often each term stands in a text, (terms,), and how many tokens the text has."""
    if not text.isascii():
        text = simplify(text)
    codes = np.frombuffer(bytearray(text.lower().encode("utf-32-le", "replace")), np.uint32)
    tokens = _number_tokens(codes, mark_ends(codes, read_lexicon()), table)
    return _count(tokens, table, int((table.words >= 0).sum())), len(tokens)


def _hash_of(token: str) -> np.uint64:
    codes = np.frombuffer(token.encode("utf-32-le"), np.uint32)
    return _hash(codes, 0, len(codes))


@kernel()
def _hash(codes: UInt32Array, start: int, end: int) -> np.uint64:
    """FNV-1a over code points."""
    value = _OFFSET
    for place in range(start, end):
        value = (value ^ np.uint64(codes[place])) * _PRIME
    return value


@kernel()
def _slot_of(slots: Int32Array, hashes: UInt64Array, value: np.uint64) -> np.uint64:
    """Where a hash leads from, or the free slot where it would."""
    mask = np.uint64(len(slots) - 1)
    slot = (value * _MIX) >> _32 & mask
    while slots[slot] >= 0 and hashes[slots[slot]] != value:
        slot = (slot + np.uint64(1)) & mask
    return slot


@kernel()
def _number_tokens(codes: UInt32Array, marks: UInt8Array, table: TermTable) -> Int64Array:
    """The number of each token, -1 for one that no term has, (tokens,); writes to ``codes``."""
    tokens = np.empty(len(codes), np.int64)
    size = start = 0
    for place in range(len(codes)):
        if marks[place] == END:
            value = _hash(codes, start, _fold_plural(codes, start, place + 1))
            tokens[size] = table.slots[_slot_of(table.slots, table.hashes, value)]
            size += 1
        if marks[place] in (END, BLANK):
            start = place + 1
    return tokens[:size]


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
def _fold_plural(codes: UInt32Array, start: int, end: int) -> int:
    """Where a token ends without the plural ending of English (``words.without_plural``)."""
    if end - start < MIN_FOLDED or codes[end - 1] != _S or codes[end - 2] in (_S, _U, _I):
        return end
    if codes[end - 2] == _E and codes[end - 3] == _I:
        codes[end - 3] = _Y
        return end - 2
    return end - 1


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
