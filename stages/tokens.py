"""Words as jieba cuts them: the one tokenizer of rules, fuzzy deduplication and token counts.

rjieba is the engine and jieba its oracle: ``tests/stages/test_tokens.py`` holds them equal.
"""

from __future__ import annotations

import re

_MARK = re.compile(r"[+#&._%\-]")
_LATIN_RUN = re.compile(r"([a-zA-Z0-9]+(?:\.\d+)?%?)")
_WORDS_WITH_MARKS = frozenset({"AT&T", "C#", "c#", "C++", "c++"})  # all that jieba's lexicon has


def cut(text: str) -> list[str]:
    """The words, numbers and marks of ``text`` in order, without white space.

    rjieba leaves Latin words and the marks between them in one piece ("example.com"); those are
    cut here as jieba cuts them.

    >>> cut("小明硕士毕业 at MIT, see example.com.")
    ['小明', '硕士', '毕业', 'at', 'MIT', ',', 'see', 'example', '.', 'com', '.']
    """
    import rjieba

    tokens = [token for token in rjieba.cut(text) if not token.isspace()]
    if not _MARK.search(text):
        return tokens
    return [piece for token in tokens for piece in _cut_marks(token)]


def _cut_marks(token: str) -> list[str]:
    if len(token) == 1 or token.isalnum() or token in _WORDS_WITH_MARKS:
        return [token]
    return [piece for piece in _LATIN_RUN.split(token) if piece]
