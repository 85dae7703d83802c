"""Words as jieba cuts them: the one tokenizer of rules, fuzzy deduplication and models.

It reads the lexicon and the model of the installed jieba, and gives its tokens, to the last one.

    text -> code points -> mark_ends (cutting.py, with lexicon.py) -> join_tokens (joining.py)
"""

from __future__ import annotations

import numpy as np

from models.kernels.arrays import Int64Array, UInt32Array
from models.text.segmenter.cutting import mark_ends
from models.text.segmenter.joining import join_tokens, measure_tokens
from models.text.segmenter.lexicon import read_lexicon

__all__ = ["cut", "cut_utf8", "read_lexicon", "spans"]


def cut(text: str, user_dictionary: str = "") -> list[str]:
    """The words, numbers and marks of a text in order, without white space.

    A lone surrogate becomes a question mark. For ``user_dictionary`` see `read_lexicon`.

    >>> cut("小明硕士毕业 at MIT, see example.com.")
    ['小明', '硕士', '毕业', 'at', 'MIT', ',', 'see', 'example', '.', 'com', '.']
    """
    return cut_utf8(text, user_dictionary).decode().split()


def spans(codes: UInt32Array) -> tuple[Int64Array, Int64Array]:
    """Where the same tokens begin in a text of these code points, and their sizes, (tokens,)."""
    return measure_tokens(mark_ends(codes, read_lexicon()))


def cut_utf8(text: str, user_dictionary: str = "") -> bytes:
    """The same tokens with one space between, as UTF-8.

    >>> cut_utf8("小明硕士毕业  at MIT").decode()
    '小明 硕士 毕业 at MIT'
    """
    codes = np.frombuffer(text.encode("utf-32-le", "replace"), np.uint32)
    return join_tokens(codes, mark_ends(codes, read_lexicon(user_dictionary))).tobytes()
