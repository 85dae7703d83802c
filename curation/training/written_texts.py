"""Texts that were written for this project: good ones of many kinds, and poor ones."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

KINDS = Path(__file__).with_name("written") / "kinds"
POOR = "poor"


@dataclass(frozen=True, slots=True)
class WrittenText:
    """A text as a web page has it. ``id`` is its kind and its number in the file of the kind."""

    id: str
    kind: str
    title: str
    text: str
    is_good: bool

    @property
    def is_for_tuning(self) -> bool:
        """Whether it may be learnt from: odd numbers may, even ones are there to report on."""
        return int(self.id.rpartition("-")[2]) % 2 == 1


def read_written(language: str, kinds: Path = KINDS) -> Iterator[WrittenText]:
    """The texts of a language, the good ones first; none of a language that has none."""
    yield from read_folder(kinds / language)
    yield from read_folder(kinds / language / POOR)


def read_folder(folder: Path) -> Iterator[WrittenText]:
    """The texts of a folder with a file for each kind; poor ones if that is its name."""
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            row = json.loads(line)
            is_good = folder.name != POOR
            yield WrittenText(row["id"], path.stem, row["title"], row["text"], is_good)
