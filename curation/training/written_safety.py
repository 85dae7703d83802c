"""Texts written for the safety model: unsafe ones, and good ones about the same subjects."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from models.safety import LANGUAGES

WRITTEN = Path(__file__).with_name("written") / "safety"
UNSAFE, SUBJECT = "unsafe", "subject"


@dataclass(frozen=True, slots=True)
class WrittenText:
    """A text, the subject that it is about, and whether it is unsafe.

    ``is_reported`` is true for the second half of each file: nothing is tuned on it.
    """

    language: str
    subject: str
    is_unsafe: bool
    is_reported: bool
    text: str


def written_texts(folder: Path = WRITTEN) -> list[WrittenText]:
    """All of them, the title as the first line of the text."""
    return [
        text
        for language in LANGUAGES
        for kind in (UNSAFE, SUBJECT)
        for text in _read(folder / language / f"{kind}.jsonl", language, is_unsafe=kind == UNSAFE)
    ]


def _read(path: Path, language: str, *, is_unsafe: bool) -> list[WrittenText]:
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    return [
        WrittenText(
            language,
            row["kind"],
            is_unsafe,
            2 * number >= len(rows),
            f"{row['title']}\n{row['text']}",
        )
        for number, row in enumerate(rows)
    ]
