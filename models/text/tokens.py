"""The tokens of a text as numbers: which stand where, and what each is."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.kernels.arrays import Int32Array, Int64Array, UInt32Array, UInt64Array
from models.kernels.compile import inlined, kernel
from models.kernels.hashing import OFFSET, PRIME, empty_slots, slot_of
from models.text.characters import LETTER, WORD, lower_codes
from models.text.plain_words import DOTTED_I
from models.text.scripts import PLANES

_UNDERSCORE = 0x5F


class Tokens(NamedTuple):
    """The tokens of a text in their order, (tokens,), and their forms in lower case, (forms,).

    ``places`` and ``sizes`` say where a token stands. ``numbers`` are equal where tokens are, and
    ``folds`` where they are in any case: these number the forms. Both count from 0 in the order in
    which forms begin to stand. Of a form there are its hash (``plain_words.hashes_of``), how often
    it stands, its characters, and whether one of them is a letter or digit, and a letter. ``slots``
    lead from a hash to its form (`find_form`).
    """

    places: Int64Array
    sizes: Int64Array
    numbers: Int64Array
    folds: Int64Array
    hashes: UInt64Array
    counts: Int64Array
    lengths: Int64Array
    are_words: NDArray[np.bool_]
    have_letters: NDArray[np.bool_]
    slots: Int32Array


def number_tokens(
    codes: UInt32Array, kinds: UInt32Array, places: Int64Array, sizes: Int64Array
) -> Tokens:
    """Tokens by where they stand in a text of these codes and kinds.

    ``codes`` may go past ``PLANES``.
    """
    return _number(codes, kinds, lower_codes(), places, sizes)


@kernel(allocates=True)
def _number(
    codes: UInt32Array,
    kinds: UInt32Array,
    lower: UInt32Array,
    places: Int64Array,
    sizes: Int64Array,
) -> Tokens:
    size = len(places)
    numbers, folds = np.empty(size, np.int64), np.empty(size, np.int64)
    exact = np.empty(size, np.uint64)
    hashes = np.empty(size, np.uint64)
    counts, lengths = np.zeros(size, np.int64), np.empty(size, np.int64)
    are_words, have_letters = np.zeros(size, np.bool_), np.zeros(size, np.bool_)
    slots, exact_slots = empty_slots(size), empty_slots(size)
    forms = distinct = 0
    for token in range(size):
        value = folded = OFFSET
        seen = dotted = 0
        for place in range(places[token], places[token] + sizes[token]):
            code = codes[place]
            kind = kinds[place]
            low = lower[code] if code < PLANES else code
            value = (value ^ np.uint64(code)) * PRIME
            folded = (folded ^ np.uint64(low)) * PRIME
            seen |= kind if code != _UNDERSCORE else kind & ~WORD
            dotted += code == DOTTED_I  # its lower case is two characters
        slot = slot_of(exact_slots, exact, value)
        if exact_slots[slot] < 0:
            exact_slots[slot] = distinct
            exact[distinct] = value
            distinct += 1
        numbers[token] = exact_slots[slot]
        slot = slot_of(slots, hashes, folded)
        if slots[slot] < 0:
            slots[slot] = forms
            hashes[forms] = folded
            lengths[forms] = sizes[token] + dotted
            are_words[forms] = seen & WORD != 0
            have_letters[forms] = seen & LETTER != 0
            forms += 1
        folds[token] = slots[slot]
        counts[folds[token]] += 1
    return Tokens(
        places,
        sizes,
        numbers,
        folds,
        hashes[:forms],
        counts[:forms],
        lengths[:forms],
        are_words[:forms],
        have_letters[:forms],
        slots,
    )


@inlined
def find_form(tokens: Tokens, value: np.uint64) -> int:
    """The form with a hash; -1 if there is none."""
    return tokens.slots[slot_of(tokens.slots, tokens.hashes, value)]


@kernel()
def words_of(tokens: Tokens) -> tuple[Int64Array, Int64Array]:
    """The numbers of the tokens that are words, from 0 on without gaps, and their sizes."""
    numbers, sizes = np.empty(len(tokens.folds), np.int64), np.empty(len(tokens.folds), np.int64)
    renumbered = np.full(len(tokens.folds), -1)
    count = words = 0
    for token in range(len(tokens.folds)):
        if tokens.are_words[tokens.folds[token]]:
            number = tokens.numbers[token]
            if renumbered[number] < 0:
                renumbered[number] = words
                words += 1
            numbers[count], sizes[count] = renumbered[number], tokens.sizes[token]
            count += 1
    return numbers[:count], sizes[:count]
