"""Text made comparable: what is left of it when case, punctuation and spacing are taken away."""

from __future__ import annotations

import hashlib
import unicodedata

from models.text.folding import fold


def standardise(text: str) -> str:
    r"""NFD, lower case, without punctuation, words a single space apart; idempotent.

    Text of nothing but punctuation and white space becomes "". Source: dots.llm1 report, appendix
    C.1, identity removal. Deviations: none known; its "punctuation" is read as Unicode's general
    category P, so that symbols ("+", "$") stay, and its "spaces" as what ``str.split`` splits on.

    >>> standardise("Hello,  Wörld!\n你好。") == "hello wo\u0308rld 你好"
    True
    """
    bare = fold(unicodedata.normalize("NFD", text))
    # Marks that stood on two sides of a punctuation mark now stand together and need their order.
    return bare if bare.isascii() else unicodedata.normalize("NFD", bare)


def identity(text: str) -> str:
    """The MD5 of the standardised text's UTF-8 as 32 hex characters; of "" as of any other text.

    Lone surrogates, which UTF-8 cannot hold, are encoded as if it could.

    >>> identity("Hello, world!") == identity("hello   WORLD")
    True
    """
    return digest(text).hex()


def digest(text: str) -> bytes:
    """The 16 bytes that :func:`identity` spells."""
    data = standardise(text).encode("utf-8", "surrogatepass")
    return hashlib.md5(data, usedforsecurity=False).digest()
