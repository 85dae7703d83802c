"""The 200 content classes: their names, their kinds, and the words that give each away.

A taxonomy is a TOML file: a table ``[[class]]`` for each class and ``fallback``, the id of the one
that takes what has too little evidence. The order of the file decides ties. A class has a name and
a lexicon in every language of the taxonomy, ``name_fr`` and ``lexicon_fr`` in "fr".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Annotated

from annotated_types import MinLen
from pydantic import AfterValidator, StringConstraints

from conf.records import RecordReader, parse_table, read_content

CLASS_COUNT = 200
NAME, LEXICON = "name_", "lexicon_"  # keys of a class, before the code of a language


class ClassKind(StrEnum):
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
Words = Annotated[tuple[Annotated[str, AfterValidator(_lower_case)], ...], AfterValidator(_unique)]


@dataclass(frozen=True, slots=True)
class ContentClass:
    """One class, with its name and its lexicon by language.

    A lexicon has lower-case words and phrases, each at most once.
    """

    id: SnakeCase
    group: SnakeCase
    kind: ClassKind
    names: Mapping[str, Text]
    lexicons: Mapping[str, Words]


@dataclass(frozen=True)
class Taxonomy:
    """All classes, in the order of their file. Raises ValueError for classes that clash."""

    classes: tuple[ContentClass, ...]
    fallback: Text

    def __post_init__(self) -> None:
        _unique(tuple(one.id for one in self.classes))
        for language in self.languages:
            _unique(tuple(one.names[language] for one in self.classes))
        if self.fallback not in self.by_id:
            raise ValueError(f"fallback {self.fallback!r} must be the id of a class")
        for one in self.classes:
            if one.id != self.fallback and not all(one.lexicons.values()):
                raise ValueError(f"class {one.id}: only the fallback may have an empty lexicon")

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that every class has a lexicon in."""
        return tuple(self.classes[0].lexicons) if self.classes else ()

    @cached_property
    def by_id(self) -> Mapping[str, ContentClass]:
        """The classes by their id."""
        return {one.id: one for one in self.classes}


def read_taxonomy(path: Path, *, class_count: int = CLASS_COUNT) -> Taxonomy:
    """The taxonomy in a TOML file of exactly ``class_count`` classes.

    Raises ConfigError with file, key, value and rule for what is missing or malformed.
    """
    return _parse(read_content(path), str(path), class_count)


@lru_cache(maxsize=4)
def _parse(data: bytes, file: str, class_count: int) -> Taxonomy:
    """The same of what has been read: a plan asks four times, and parsing takes 90 ms."""
    content, reader = parse_table(data, file), RecordReader(file)
    tables = content.pop("class", [])
    if not isinstance(tables, list):
        raise reader.error("class", tables, "must be an array of tables: write [[class]] for each")
    languages = _languages(tables)
    classes = tuple(
        _class(reader, table, f"class.{_name(table) or number}", languages)
        for number, table in enumerate(tables)
    )
    if len(classes) != class_count:
        raise reader.error("class", None, f"stands {len(classes)} times, must be {class_count}")
    return reader.record(Taxonomy, content, given={"classes": classes})


def _languages(tables: Iterable[object]) -> tuple[str, ...]:
    """The languages that any class has a lexicon in, in order."""
    keys = {key for table in tables if isinstance(table, Mapping) for key in table}
    return tuple(sorted(key.removeprefix(LEXICON) for key in keys if key.startswith(LEXICON)))


def _class(reader: RecordReader, table: object, key: str, languages: Sequence[str]) -> ContentClass:
    """One class, with a name and a lexicon in each of the languages."""
    if not isinstance(table, Mapping):
        raise reader.error(key, table, "must be a table")
    left = dict(table)
    by_language: dict[str, dict[str, object]] = {NAME: {}, LEXICON: {}}
    for prefix, hint in ((NAME, Text), (LEXICON, Words)):
        for language in languages:
            name = prefix + language
            if name not in left:
                raise reader.error(f"{key}.{name}", None, "is required")
            by_language[prefix][language] = reader.value(hint, left.pop(name), f"{key}.{name}")
    given = {"names": by_language[NAME], "lexicons": by_language[LEXICON]}
    return reader.record(ContentClass, left, key, given)


def _name(table: object) -> object:
    return table.get("id") if isinstance(table, Mapping) else None
