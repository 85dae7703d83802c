"""The 200 content classes: their names, their kinds, and the words that give each away.

A taxonomy is a TOML file: a table ``[[class]]`` for each class and ``fallback``, the id of the one
that takes what has too little evidence. The order of the file decides ties.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Annotated

from annotated_types import MinLen
from pydantic import AfterValidator, StringConstraints

from conf.records import RecordReader, read_table

CLASS_COUNT = 200


class Kind(StrEnum):
    """What a class is worth to a model that learns from text: sampling rates go by it."""

    KNOWLEDGE = "knowledge"
    NEUTRAL = "neutral"
    FORMULAIC = "formulaic"


def _lower_case(word: str) -> str:
    if not word or word != word.strip().lower():
        raise ValueError("must be a lower-case word or phrase")
    return word


def _unique(values: tuple[str, ...]) -> tuple[str, ...]:
    repeated = [value for value, count in Counter(values).items() if count > 1]
    if repeated:
        raise ValueError(f"{repeated[0]!r} stands twice, must be unique")
    return values


SnakeCase = Annotated[str, StringConstraints(pattern="^[a-z_][a-z0-9_]*$")]
Text = Annotated[str, MinLen(1)]
Lexicon = Annotated[
    tuple[Annotated[str, AfterValidator(_lower_case)], ...], AfterValidator(_unique)
]


@dataclass(frozen=True, slots=True)
class ContentClass:
    """One class. The lexicons are lower-case words and phrases, each at most once."""

    id: SnakeCase
    group: SnakeCase
    kind: Kind
    name_en: Text
    name_zh: Text
    lexicon_en: Lexicon
    lexicon_zh: Lexicon


@dataclass(frozen=True)
class Taxonomy:
    """All classes, in the order of their file. Raises ValueError for classes that clash."""

    classes: tuple[ContentClass, ...]
    fallback: Text

    def __post_init__(self) -> None:
        for field in ("id", "name_en", "name_zh"):
            _unique(tuple(getattr(one, field) for one in self.classes))
        if self.fallback not in self.by_id:
            raise ValueError(f"fallback {self.fallback!r} must be the id of a class")
        for one in self.classes:
            if one.id != self.fallback and not (one.lexicon_en and one.lexicon_zh):
                raise ValueError(f"class {one.id}: only the fallback may have an empty lexicon")

    @cached_property
    def by_id(self) -> Mapping[str, ContentClass]:
        """The classes by their id."""
        return {one.id: one for one in self.classes}


def read_taxonomy(path: Path, *, class_count: int = CLASS_COUNT) -> Taxonomy:
    """The taxonomy in a TOML file of exactly ``class_count`` classes.

    Raises ConfigError with file, key, value and rule for what is missing or malformed.
    """
    content, reader = read_table(path), RecordReader(str(path))
    tables = content.pop("class", [])
    if not isinstance(tables, list):
        raise reader.error("class", tables, "must be an array of tables: write [[class]] for each")
    classes = tuple(
        reader.record(ContentClass, table, f"class.{_name(table) or number}")
        for number, table in enumerate(tables)
    )
    if len(classes) != class_count:
        raise reader.error("class", None, f"stands {len(classes)} times, must be {class_count}")
    return reader.record(Taxonomy, content, given={"classes": classes})


def _name(table: object) -> object:
    return table.get("id") if isinstance(table, Mapping) else None
