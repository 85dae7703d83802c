"""Pages written for the types that few labelled pages have, as extraction leaves them.

``written/page_types/LANGUAGE/TYPE.jsonl`` has a row for each: ``id``, ``title``, ``url``, ``text``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PAGE_TYPES = Path(__file__).with_name("written") / "page_types"


@dataclass(frozen=True, slots=True)
class WrittenPage:
    """A page, and its type. ``id`` is the type and its number in the file of the type."""

    id: str
    type: str
    title: str
    url: str
    text: str

    @property
    def is_for_tuning(self) -> bool:
        """Whether it may be learnt from: odd numbers may, even ones are there to report on."""
        return int(self.id.rpartition("-")[2]) % 2 == 1


def read_written_pages(language: str, folder: Path = PAGE_TYPES) -> Iterator[WrittenPage]:
    """The pages of a language, a type after the other; none of a language that has none."""
    for path in sorted((folder / language).glob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            row = json.loads(line)
            yield WrittenPage(row["id"], path.stem, row["title"], row["url"], row["text"])
