"""The 200 content classes: their names, their kinds, and the words that give each away.

A taxonomy is a TOML file: a table ``[[class]]`` for each class and ``fallback``, the id of the one
that takes what has too little evidence. The order of the file decides ties.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Any

CLASS_COUNT = 200


class Kind(StrEnum):
    """What a class is worth to a model that learns from text: sampling rates go by it."""

    KNOWLEDGE = "knowledge"
    NEUTRAL = "neutral"
    FORMULAIC = "formulaic"


@dataclass(frozen=True, slots=True)
class ContentClass:
    """One class. The lexicons are lower-case words and phrases, each at most once."""

    id: str
    group: str
    kind: Kind
    name_en: str
    name_zh: str
    lexicon_en: tuple[str, ...]
    lexicon_zh: tuple[str, ...]


@dataclass(frozen=True)
class Taxonomy:
    """All classes, in the order of their file."""

    classes: tuple[ContentClass, ...]
    fallback: str

    @cached_property
    def by_id(self) -> Mapping[str, ContentClass]:
        """The classes by their id."""
        return {one.id: one for one in self.classes}


def read_taxonomy(path: Path, *, class_count: int = CLASS_COUNT) -> Taxonomy:
    """The taxonomy in a TOML file of exactly ``class_count`` classes.

    Raises FileNotFoundError, or ValueError with file, key, value and rule for what is malformed.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"{path}: not TOML: {error}") from error
    _refuse_unknown(path, "top level", content, {"fallback", "class"})
    tables = content.get("class", [])
    fallback = content.get("fallback")
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise ValueError(f"{path}: class is not an array of tables: write [[class]] for each")
    classes = tuple(_read_class(path, number, table) for number, table in enumerate(tables, 1))
    if len(classes) != class_count:
        raise ValueError(f"{path}: [[class]] stands {len(classes)} times, must be {class_count}")
    _refuse_repeats(path, [one.id for one in classes], "id")
    _refuse_repeats(path, [one.name_en for one in classes], "name_en")
    _refuse_repeats(path, [one.name_zh for one in classes], "name_zh")
    if fallback not in {one.id for one in classes}:
        raise ValueError(f"{path}: fallback = {fallback!r} must be the id of a class")
    for one in classes:
        if one.id != fallback and not (one.lexicon_en and one.lexicon_zh):
            raise ValueError(f"{path}: class {one.id}: only the fallback may have an empty lexicon")
    return Taxonomy(classes, fallback)


def _read_class(path: Path, number: int, table: Mapping[str, Any]) -> ContentClass:
    where = f"class {table.get('id', f'number {number}')}"
    texts = ("id", "group", "kind", "name_en", "name_zh")
    lexicons = ("lexicon_en", "lexicon_zh")
    _refuse_unknown(path, where, table, {*texts, *lexicons})
    for key in (*texts, *lexicons):
        if key not in table:
            raise ValueError(f"{path}: {where}: {key} is missing")
    for key in texts:
        if not isinstance(table[key], str) or not table[key]:
            raise ValueError(f"{path}: {where}: {key} = {table[key]!r} must be a non-empty text")
    for key in ("id", "group"):
        if not (table[key].isascii() and table[key].isidentifier() and table[key].islower()):
            raise ValueError(f"{path}: {where}: {key} = {table[key]!r} must be snake_case")
    if table["kind"] not in set(Kind):
        kinds = ", ".join(Kind)
        raise ValueError(f"{path}: {where}: kind = {table['kind']!r} must be one of {kinds}")
    for key in lexicons:
        _check_lexicon(path, f"{where}: {key}", table[key])
    return ContentClass(
        id=table["id"],
        group=table["group"],
        kind=Kind(table["kind"]),
        name_en=table["name_en"],
        name_zh=table["name_zh"],
        lexicon_en=tuple(table["lexicon_en"]),
        lexicon_zh=tuple(table["lexicon_zh"]),
    )


def _check_lexicon(path: Path, where: str, words: object) -> None:
    if not isinstance(words, list):
        raise ValueError(f"{path}: {where} = {words!r} must be a list of words")  # noqa: TRY004
    for word in words:
        if not isinstance(word, str) or not word.strip() or word != word.strip().lower():
            raise ValueError(f"{path}: {where}: {word!r} must be a lower-case word or phrase")
    _refuse_repeats(path, words, where)


def _refuse_unknown(path: Path, where: str, table: Mapping[str, Any], known: set[str]) -> None:
    unknown = sorted(set(table) - known)
    if unknown:
        allowed = ", ".join(sorted(known))
        raise ValueError(f"{path}: {where}: unknown key {unknown[0]!r}; allowed: {allowed}")


def _refuse_repeats(path: Path, values: list[str], where: str) -> None:
    seen: set[str] = set()
    for value in values:
        if value in seen:
            raise ValueError(f"{path}: {where}: {value!r} stands twice, must be unique")
        seen.add(value)
