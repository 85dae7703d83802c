"""Words as the embedded models see them: jieba's cut, folded.

Folded means lower case, simplified characters, and no plural ending in English.
"""

from __future__ import annotations

from models.text import segmenter
from models.text.traditional import simplify

MIN_FOLDED = 4  # shorter words keep their s: gas, bus, dns


def fold(token: str) -> str:
    """A token without the plural ending of English.

    >>> [fold(token) for token in ("galaxies", "stars", "glass", "gas", "星系")]
    ['galaxy', 'star', 'glass', 'gas', '星系']
    """
    if len(token) < MIN_FOLDED or token[-1] != "s" or token.endswith(("ss", "us", "is")):
        return token
    return token[:-3] + "y" if token.endswith("ies") else token[:-1]


def cut(text: str) -> list[str]:
    """The folded words, numbers and marks of a text, in order, without white space.

    A lone surrogate, which no UTF-8 can hold, becomes a question mark.

    >>> cut("Quantum 计算机的 Galaxies")
    ['quantum', '计算机', '的', 'galaxy']
    >>> cut("經濟學") == cut("经济学")
    True
    """
    if not text.isascii():
        text = simplify(text)
    return list(map(fold, segmenter.cut(text.lower())))
