"""Tokens and words, and words in the one form that the embedded models compare.

A *token* is a word or a mark, as its language cuts it (`models.text.languages`); a *word* is a
token that holds a letter or a digit. Two cutters make tokens: the segmenter, which is jieba's, and
`spaced_words`. The embedded models take the segmenter's for every language, *folded*: in lower
case, in simplified characters, without the plural ending of English. A lone surrogate, which no
UTF-8 can hold, is a question mark to the segmenter; between blanks it stays what it is.
"""

from __future__ import annotations

import numpy as np

from models.kernels.arrays import Int64Array, UInt32Array, UInt64Array
from models.kernels.compile import kernel
from models.kernels.hashing import OFFSET, PRIME
from models.text import segmenter
from models.text.scripts import codes_of
from models.text.traditional import simple_codes, simplify

MIN_FOLDED = 4  # shorter words keep their s: gas, bus, dns
_E, _I, _S, _Y = b"eisy"
_SINGULAR_BEFORE_S = tuple(b"sui")


def is_word(token: str) -> bool:
    """Whether a token holds a letter or a digit.

    >>> is_word("n't"), is_word("…")
    (True, False)
    """
    return any(map(str.isalnum, token))


def without_plural(token: str) -> str:
    """A token without the plural ending of English.

    >>> [without_plural(token) for token in ("galaxies", "stars", "glass", "gas", "星系")]
    ['galaxy', 'star', 'glass', 'gas', '星系']
    """
    if len(token) < MIN_FOLDED or token[-1] != "s" or token.endswith(("ss", "us", "is")):
        return token
    return token[:-3] + "y" if token.endswith("ies") else token[:-1]


def folded_words(text: str) -> list[str]:
    """The folded words, numbers and marks of a text in any language, in order, without blanks.

    >>> folded_words("Quantum 计算机的 Galaxies")
    ['quantum', '计算机', '的', 'galaxy']
    >>> folded_words("經濟學") == folded_words("经济学")
    True
    """
    if not text.isascii():
        text = simplify(text)
    tokens = segmenter.cut(text.lower())
    plurals = {one: without_plural(one) for one in set(tokens) if one[-1] == "s"}
    return list(map(plurals.get, tokens, tokens))


def folded_hashes(text: str) -> UInt64Array:
    """The hashes of the folded words of a text, in order, (tokens,).

    >>> folded_hashes("Galaxies 經濟").tolist() == folded_hashes("galaxy 经济").tolist()
    True
    """
    codes = simple_codes()[codes_of(text.lower())]
    return _hash_folded(codes, *segmenter.spans(codes))


@kernel()
def _hash_folded(codes: UInt32Array, places: Int64Array, sizes: Int64Array) -> UInt64Array:
    hashes = np.empty(len(places), np.uint64)
    for token in range(len(places)):
        first, end = places[token], places[token] + sizes[token]
        is_plural = sizes[token] >= MIN_FOLDED and codes[end - 1] == _S
        is_plural = is_plural and codes[end - 2] not in _SINGULAR_BEFORE_S
        ends_in_y = is_plural and codes[end - 3] == _I and codes[end - 2] == _E
        value = OFFSET
        for place in range(first, end - (3 if ends_in_y else 1 if is_plural else 0)):
            value = (value ^ np.uint64(codes[place])) * PRIME
        hashes[token] = (value ^ np.uint64(_Y)) * PRIME if ends_in_y else value
    return hashes
