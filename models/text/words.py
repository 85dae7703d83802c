"""Tokens and words, and words in the one form that the embedded models compare.

A *token* is a word or a mark, as its language cuts it (`models.text.languages`); a *word* is a
token that holds a letter or a digit. Two cutters make tokens: the segmenter, which is jieba's, and
`spaced_words`. The embedded models take the segmenter's for every language, *folded*: in lower
case, in simplified characters, without the plural ending of English. A lone surrogate, which no
UTF-8 can hold, is a question mark to the segmenter; between blanks it stays what it is.
"""

from __future__ import annotations

from models.text import segmenter
from models.text.traditional import simplify

MIN_FOLDED = 4  # shorter words keep their s: gas, bus, dns


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
    return list(map(without_plural, segmenter.cut(text.lower())))
