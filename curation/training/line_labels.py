"""Which lines of a page belong to its main text: labels that were read, or made from its truth."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from curation.training.page_labels import LABELS
from models.main_content.truth import shares_inside
from models.text.letters import letters_of

MAX_CLUTTER = 0.6
"""Of a document with more, the guides differ: it lists other pages, and page_type removes those."""

LineLabels = Mapping[str, bool]
"""Whether a line is main text, by the digest of it."""

MIN_INSIDE, MAX_OUTSIDE = 0.8, 0.2
MIN_TITLE_CHARS = 6


def label_lines(lines: Sequence[str], truth: str, title: str = "") -> list[bool | None]:
    """True for a line of the main text, False for one that is not, None where it cannot be said.

    A line is inside when at least 80% of it occurs in the truth, and outside when at most 20% does
    (``shares_inside``); a short one must equal a line of the truth. The page's title counts as
    neither: some truths hold it.

    >>> label_lines(["the bridge of Aldon was built in 1931", "Skip to content", "- - -"],
    ...             "Some say that the bridge of Aldon was built in 1931.")
    [True, False, None]
    """
    heading = _letters(title)
    shares = shares_inside(lines, truth)
    return [
        None if _is_part_of(heading, line) else _label(share)
        for line, share in zip(lines, shares.tolist(), strict=True)
    ]


def _label(share: float) -> bool | None:
    """A share that is not a number is neither."""
    return True if share >= MIN_INSIDE else False if share <= MAX_OUTSIDE else None


def _is_part_of(heading: str, line: str) -> bool:
    letters = _letters(line)
    return len(letters) >= MIN_TITLE_CHARS and letters in heading


def _letters(text: str) -> str:
    return letters_of(text).casefold()


def read_line_labels(folder: Path = LABELS) -> dict[str, LineLabels]:
    """The labels of the lines of each document by its name; a line may have been left out.

    ``docs/annotation/clutter.md`` says what they mean. Without documents of which more than
    ``MAX_CLUTTER`` is clutter.
    """
    found: dict[str, LineLabels] = {}
    for path in sorted(folder.glob("lines_*.jsonl")):
        for row in map(json.loads, path.read_text("utf-8").splitlines()):
            values = [value for _, value in row["lines"]]
            if row["pass"] == 1 and values.count(0) <= MAX_CLUTTER * len(values):
                found[row["id"]] = {digest: bool(value) for digest, value in row["lines"]}
    return found
