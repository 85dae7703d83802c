"""What pages say where something is that is no part of a text: the lists of ``phrases.toml``."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

Lists = Mapping[str, Mapping[str, list[str]]]


class Mention(NamedTuple):
    """What a lower-case string says as a whole; one without ``word`` does not say it."""

    word: str
    pattern: re.Pattern[str]


def _read(path: Path) -> tuple[Lists, tuple[Mention, ...]]:
    tables = tomllib.loads(path.read_text("utf-8"))
    mentions = tables.pop("mentions")
    return tables, tuple(
        Mention(word, re.compile(one["says"])) for one in mentions for word in one["words"]
    )


_LISTS, MENTIONS = _read(Path(__file__).with_name("phrases.toml"))


def pattern(
    table: str, before: str = "", behind: str = "", *, in_english: bool = False
) -> re.Pattern[str]:
    """The lists of a table as one pattern, for all of a lower-case string; a group for each list.

    What is ``in_english`` leaves out the expressions that have other letters: half of them, and of
    the time.

    >>> pattern("headings").fullmatch("网友评论").lastgroup
    'comments'
    >>> pattern("headings", in_english=True).fullmatch("网友评论")
    """
    asked = {
        kind: [one for one in expressions if _is_english(one) or not in_english]
        for kind, expressions in _LISTS[table].items()
    }
    groups = "|".join(f"(?P<{kind}>{'|'.join(own)})" for kind, own in asked.items() if own)
    return re.compile(f"{before}(?:{groups}){behind}")


def _is_english(expression: str) -> bool:
    """Whether an expression has no letters but those of ASCII."""
    return not any(char.isalpha() for char in expression if not char.isascii())
