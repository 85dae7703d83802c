"""Lines at the head and tail of a text that ask, link or claim: share, subscribe, 责任编辑."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MAX_LINES = 8  # looked at from each end


@dataclass(frozen=True)
class KeywordLines:
    """What such a line looks like at each end, and how long it is at most."""

    head: re.Pattern[str]
    tail: re.Pattern[str]
    max_chars: int

    def trim(self, lines: Sequence[str]) -> list[str]:
        """The lines without those at either end; a text is never emptied.

        Source: the dots.llm1 report, appendix C, names keyword filtering without its keywords.
        """
        start = self._count(lines[:MAX_LINES], self.head)
        end = self._count(lines[::-1][:MAX_LINES], self.tail)
        kept = list(lines[start : len(lines) - end])
        return kept or list(lines)

    def _count(self, lines: Sequence[str], pattern: re.Pattern[str]) -> int:
        for number, line in enumerate(lines):
            if len(line) > self.max_chars or not pattern.fullmatch(line):
                return number
        return len(lines)


def load_keyword_lines(path: Path) -> KeywordLines:
    """Read the file; raises ``ValueError``, naming file and key, for what does not fit."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"{path}: not valid TOML: {error}") from error
    unknown = set(content) - {"head", "tail", "max_chars"}
    if unknown:
        raise ValueError(f"{path}: unknown key {min(unknown)!r}; known are head, tail, max_chars")
    max_chars = content.get("max_chars")
    if type(max_chars) is not int or max_chars < 1:
        raise ValueError(f"{path}: max_chars must be a whole number >= 1, not {max_chars!r}")
    head, tail = (_compile(path, key, content.get(key)) for key in ("head", "tail"))
    return KeywordLines(head, tail, max_chars)


def _compile(path: Path, key: str, patterns: Any) -> re.Pattern[str]:
    if not isinstance(patterns, list) or not all(isinstance(entry, str) for entry in patterns):
        raise ValueError(f"{path}: {key} must be a list of regular expressions")
    for pattern in patterns:
        try:
            re.compile(pattern)
        except re.error as error:
            raise ValueError(f"{path}: {key}: {pattern!r}: {error}") from error
    # Without a pattern nothing may match, where an empty alternation would match empty lines.
    return re.compile("|".join(f"(?:{p})" for p in patterns) or r"(?!)", re.IGNORECASE)
