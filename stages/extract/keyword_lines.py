"""Lines at the head and tail of a text that ask, link or claim: share, subscribe, 责任编辑."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from conf.records import RecordReader, read_table
from stages.base import Positive

MAX_LINES = 8  # looked at from each end


@dataclass(frozen=True)
class KeywordLines:
    """A file like ``conf/keyword_lines.toml``: what such a line is at each end, and its length.

    ``head`` and ``tail`` are regular expressions of which one must match the whole line; case does
    not count. Raises ValueError, naming key and expression, for one that is malformed.
    """

    head: tuple[str, ...]
    tail: tuple[str, ...]
    max_chars: Positive

    def __post_init__(self) -> None:
        for key, expressions in (("head", self.head), ("tail", self.tail)):
            for expression in expressions:
                try:
                    re.compile(expression)
                except re.error as error:
                    raise ValueError(f"{key}: {expression!r}: {error}") from error

    @cached_property
    def _patterns(self) -> tuple[re.Pattern[str], re.Pattern[str]]:
        return _any_of(self.head), _any_of(self.tail)

    def main_part(self, lines: Sequence[str]) -> slice:
        """Where the lines lie that are not such lines at either end; a text is never emptied.

        Source: the dots.llm1 report, appendix C, names keyword filtering without its keywords.
        """
        head, tail = self._patterns
        start = self._count(lines[:MAX_LINES], head)
        end = self._count(lines[::-1][:MAX_LINES], tail)
        return slice(start, len(lines) - end) if start + end < len(lines) else slice(None)

    def _count(self, lines: Sequence[str], pattern: re.Pattern[str]) -> int:
        for number, line in enumerate(lines):
            if len(line) > self.max_chars or not pattern.fullmatch(line):
                return number
        return len(lines)


def _any_of(expressions: Sequence[str]) -> re.Pattern[str]:
    # Without one nothing may match, where an empty alternation would match empty lines.
    return re.compile("|".join(f"(?:{e})" for e in expressions) or r"(?!)", re.IGNORECASE)


def load_keyword_lines(path: Path) -> KeywordLines:
    """Read the file. Raises ConfigError, naming file and key, for what does not fit."""
    return RecordReader(str(path)).record(KeywordLines, read_table(path))
