"""Words as jieba cuts them: the one tokenizer of rules, fuzzy deduplication and token counts.

rjieba is the engine and jieba its oracle: ``tests/stages/test_tokens.py`` holds them equal.
"""

from __future__ import annotations

import re

_PLAIN = bytes(range(0x30, 0x3A)) + bytes(range(0x61, 0x7B)) + b" "  # 0-9, a-z
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


def cut_standardised(text: str) -> bytes:
    """The tokens of standardised text with spaces between them, one or more, as UTF-8.

    The same tokens as `cut` gives, without a look at each of them: of 330 us for an article of 7 kB
    that leaves 290, of which rjieba itself takes 230.
    jieba leaves a run of Latin letters and digits in one piece, so text of these alone stays.

    >>> cut_standardised("小明硕士毕业 at mit").decode()
    '小明 硕士 毕业   at   mit'
    """
    import rjieba

    data = text.encode()
    if not data.translate(None, _PLAIN):
        return data
    return _cut_plus(" ".join(rjieba.cut(text))).encode()


def _cut_plus(tokens: str) -> str:
    """Tokens joined by spaces, those with a plus cut: the one mark that standardising leaves."""
    parts, done = [], 0
    while (plus := tokens.find("+", done)) >= 0:
        start = max(tokens.rfind(" ", done, plus) + 1, done)
        end = tokens.find(" ", plus) % (len(tokens) + 1)  # -1, none, becomes the length
        parts += [tokens[done:start], " ".join(_cut_marks(tokens[start:end]))]
        done = end
    return "".join([*parts, tokens[done:]])


def _cut_marks(token: str) -> list[str]:
    if len(token) == 1 or token.isalnum() or token in _WORDS_WITH_MARKS:
        return [token]
    return [piece for piece in _LATIN_RUN.split(token) if piece]
