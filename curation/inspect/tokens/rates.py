"""How many tokens a character has, by language: as the step that counts tokens has counted them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import pyarrow as pa
import pyarrow.compute as pc

from curation.summaries.summary import Summary

Key = TypeVar("Key")


@dataclass(frozen=True)
class Rates:
    """``per_character`` by language, of what the first step ``counted_in`` counted of all it saw.

    Before that step nothing is counted: tokens are characters times the rate of their language, or
    where a kind is told that of both (``of_kinds``). None is known of a language that did not come
    so far. ``counted_in`` is None where no step counts.
    """

    per_character: Mapping[str, float] = field(default_factory=dict)
    of_kinds: Mapping[tuple[str, str], float] = field(default_factory=dict)
    counted_in: int | None = None

    def tokens(self, language: str, characters: int, kind: str = "") -> float | None:
        """How many tokens so many characters have; None where nobody can say."""
        if not characters:
            return 0.0
        rate = self.of_kinds.get((language, kind), self.per_character.get(language))
        return None if rate is None else rate * characters


def token_rates(summaries: Sequence[Summary]) -> Rates:
    """The rates of a run, by the summaries of its steps in order."""
    for place, summary in enumerate(summaries):
        if rates := _rates(summary.counts, lambda row: str(row[0]), ["language"]):
            labels = summary.labels.filter(pc.equal(summary.labels["column"], "page_type"))
            of_kinds = _rates(labels, lambda row: (str(row[0]), str(row[1])), ["language", "value"])
            return Rates(rates, of_kinds, place)
    return Rates()


def _rates(
    table: pa.Table, key: Callable[[Sequence[object]], Key], names: Sequence[str]
) -> dict[Key, float]:
    tokens, characters = Counter[Key](), Counter[Key]()
    columns = table.select([*names, "characters", "tokens"]).to_pydict().values()
    for *named, its_characters, its_tokens in zip(*columns, strict=True):
        if its_tokens and its_characters:
            characters[key(named)] += its_characters
            tokens[key(named)] += its_tokens
    return {one: tokens[one] / characters[one] for one in tokens}
