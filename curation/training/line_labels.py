"""Which lines of a page belong to its main text: labels made from the truth of the whole page."""

from __future__ import annotations

from collections.abc import Sequence

from models.main_content.truth import shares_inside
from models.text.letters import letters_of

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
