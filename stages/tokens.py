"""Words as jieba cuts them: the one tokenizer of rules, fuzzy deduplication and token counts.

rjieba is the engine and jieba its oracle: ``tests/stages/test_tokens.py`` holds them equal.
"""

from __future__ import annotations


def cut(text: str) -> list[str]:
    """The words, numbers and marks of ``text`` in order, without white space.

    >>> cut("小明硕士毕业 at MIT.")
    ['小明', '硕士', '毕业', 'at', 'MIT', '.']
    """
    import rjieba

    return [token for token in rjieba.cut(text) if not token.isspace()]
