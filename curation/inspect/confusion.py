"""What the category model makes of labelled texts: which classes it takes for which."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from curation.errors import UsageError

KEYS = ("title", "text", "category")


@dataclass(frozen=True, slots=True)
class LabelledText:
    """A document's title and text, and the class that it should get."""

    title: str
    text: str
    category: str


def read_labelled(path: Path) -> list[LabelledText]:
    """The rows of a JSONL file with ``category`` and ``title`` or ``text``.

    Raises UsageError with the line for one that is no such row.
    """
    found = []
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            try:
                row = json.loads(line)
            except ValueError as error:
                raise UsageError(f"{path}, line {number}: is no JSON: {error}") from error
            values = [row.get(key) or "" for key in KEYS] if isinstance(row, Mapping) else []
            if not values or not values[2] or not all(isinstance(one, str) for one in values):
                raise UsageError(f"{path}, line {number}: needs category, and title or text")
            found.append(LabelledText(*values))
    return found


def confusion_lines(wanted: Sequence[str], found: Sequence[str]) -> Iterator[str]:
    """For each wanted class its texts, the share that got it, and what the others got instead.

    >>> list(confusion_lines(["film", "film"], ["film", "music"]))
    ['film 2 0.50: music 1', 'all 2 0.50']
    """
    pairs = Counter(zip(wanted, found, strict=True))
    for name, count in sorted(Counter(wanted).items()):
        right = pairs[name, name]
        others = sorted(_others(pairs, name), key=lambda one: (-one[1], one[0]))
        wrong = ", ".join(f"{other} {times}" for other, times in others)
        yield f"{name} {count} {right / count:.2f}" + (f": {wrong}" if wrong else "")
    right = sum(times for (one, other), times in pairs.items() if one == other)
    yield f"all {len(wanted)} {right / max(len(wanted), 1):.2f}"


def _others(pairs: Mapping[tuple[str, str], int], name: str) -> Iterable[tuple[str, int]]:
    return [(got, times) for (one, got), times in pairs.items() if one == name and got != name]


def confusion(path: Path, model: str, taxonomy: str) -> Iterator[str]:
    """The confusion of the model of this name over a labelled file, in lines."""
    from models import category

    rows = read_labelled(path)
    scores = category.load(model, taxonomy=taxonomy).score([f"{r.title}\n{r.text}" for r in rows])
    yield from confusion_lines([row.category for row in rows], [one.category for one in scores])
