"""What pages say where something is that is no part of a text: the lists of ``phrases.toml``."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

Lists = Mapping[str, Mapping[str, list[str]]]


def _read(path: Path) -> Lists:
    return tomllib.loads(path.read_text("utf-8"))


_LISTS = _read(Path(__file__).with_name("phrases.toml"))


def pattern(table: str, before: str = "", behind: str = "") -> re.Pattern[str]:
    """The lists of a table as one pattern, for all of a lower-case string; a group for each list.

    >>> pattern("headings").fullmatch("网友评论").lastgroup
    'comments'
    """
    groups = "|".join(
        f"(?P<{kind}>{'|'.join(expressions)})" for kind, expressions in _LISTS[table].items()
    )
    return re.compile(f"{before}(?:{groups}){behind}")
