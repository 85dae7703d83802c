"""What the rules must know about a language: its words, marks and phrases, and the thresholds.

Both come from one TOML file for each language, ``conf/rules/{language}.toml``.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import Any

from stages.rules.phrase_list import PhraseList

PHRASES = (
    "advertisement",
    "registration",
    "spam",
    "notice",
    "policy",
    "filler",
    "wiki_diff",
    "more",
)


@dataclass(frozen=True)
class Lexicon:
    """The words, marks and phrases of a language, all in lower case.

    A bound word must not stand before one of the clash words, or, where ``bound_words_follow``,
    after one.

    ``titles``, ``urls`` and ``diff_urls`` are regular expressions, searched in the lower-case
    title and URL; ``hosts`` are host names, which stand for their subdomains too.
    """

    stop_words: frozenset[str]
    function_words: frozenset[str]
    bound_words: frozenset[str]
    clash_words: frozenset[str]
    bound_words_follow: bool
    end_marks: tuple[str, ...]
    ellipses: tuple[str, ...]
    bullets: tuple[str, ...]
    short_line_characters: int
    advertisement: tuple[str, ...]
    registration: tuple[str, ...]
    spam: tuple[str, ...]
    notice: tuple[str, ...]
    policy: tuple[str, ...]
    filler: tuple[str, ...]
    wiki_diff: tuple[str, ...]
    more: tuple[str, ...]
    titles: tuple[str, ...]
    urls: tuple[str, ...]
    diff_urls: tuple[str, ...]
    hosts: frozenset[str]

    @cached_property
    def phrases(self) -> Mapping[str, PhraseList]:
        """The phrase lists by name, ready for search."""
        return {name: PhraseList(getattr(self, name)) for name in PHRASES}

    @cached_property
    def patterns(self) -> Mapping[str, re.Pattern[str]]:
        """The compiled ``titles``, ``urls`` and ``diff_urls``; one that is empty never matches."""
        return {
            name: re.compile("|".join(getattr(self, name)) or r"(?!)")
            for name in ("titles", "urls", "diff_urls")
        }


class RulesFileError(ValueError):
    """A rules file that cannot be used; names file, key, value and rule."""


def read_toml(path: Path) -> dict[str, Any]:
    """The tables of a file. Raises RulesFileError or FileNotFoundError, in words for the user."""
    if not path.is_file():
        raise FileNotFoundError(f"there is no rules file {path}; name a folder with one")
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RulesFileError(f"{path}: not a TOML file: {error}") from error


def parse_lexicon(table: Any, file: Path) -> Lexicon:
    """The lexicon of the file's ``[lexicon]`` table. Every key must be there, none besides."""
    if not isinstance(table, dict):
        raise RulesFileError(f"{file}: lexicon = {table!r}: must be a table")
    kinds = {field.name: str(field.type) for field in fields(Lexicon)}
    for key in table.keys() - kinds.keys():
        raise RulesFileError(
            f"{file}: lexicon.{key} = {table[key]!r}: unknown key; known are {', '.join(kinds)}"
        )
    for key in kinds.keys() - table.keys():
        raise RulesFileError(f"{file}: lexicon.{key} is missing; an empty list is allowed")
    return Lexicon(**{key: _value(file, key, table[key], kind) for key, kind in kinds.items()})


def _value(file: Path, key: str, value: Any, kind: str) -> Any:
    if kind == "int":
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise RulesFileError(f"{file}: lexicon.{key} = {value!r}: must be a count, 0 or more")
        return value
    if kind == "bool":
        if not isinstance(value, bool):
            raise RulesFileError(f"{file}: lexicon.{key} = {value!r}: must be true or false")
        return value
    if not isinstance(value, list) or not all(isinstance(v, str) and v for v in value):
        raise RulesFileError(f"{file}: lexicon.{key} = {value!r}: must be a list of strings")
    if key in {"titles", "urls", "diff_urls"}:
        for pattern in value:
            _check_pattern(file, key, pattern)
    elif changed := [v for v in value if v != v.lower()]:
        raise RulesFileError(f"{file}: lexicon.{key}: {changed[0]!r} must be in lower case")
    return frozenset(value) if kind.startswith("frozenset") else tuple(value)


def _check_pattern(file: Path, key: str, pattern: str) -> None:
    try:
        re.compile(pattern)
    except re.error as error:
        raise RulesFileError(
            f"{file}: lexicon.{key}: {pattern!r} is no regular expression: {error}"
        ) from error
