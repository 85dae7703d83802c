"""Which lines of a page belong to its main text: labels made from the truth of the whole page."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from models.text.scripts import HAN

NOT_WORD = re.compile(r"[\W_]+")
GRAM, GRAM_CHINESE = 12, 4
"""Characters of a stretch that is looked up in the truth."""
MIN_INSIDE, MAX_OUTSIDE = 0.8, 0.2


def normalise(text: str) -> str:
    """Compatibility form, lower case, letters and digits alone."""
    return NOT_WORD.sub("", unicodedata.normalize("NFKC", text).casefold())


def label_lines(lines: Sequence[str], main: str, title: str = "") -> list[bool | None]:
    """True for a line of the main text, False for one that is not, None where it cannot be said.

    A line of two stretches or more is inside when at least 80% of its stretches occur in the truth,
    and outside when at most 20% do; a shorter one must equal a line of the truth ("home" is in most
    texts). The page's title counts as neither: some truths hold it.
    """
    whole = normalise(main)
    truth = {normalise(line) for line in main.split("\n")}
    grams = {size: set(_stretches(whole, size)) for size in (GRAM, GRAM_CHINESE)}
    heading = normalise(title)
    return [_label(normalise(line), truth, grams, heading) for line in lines]


def _stretches(text: str, size: int) -> list[str]:
    return [text[i : i + size] for i in range(len(text) - size + 1)]


def _label(line: str, truth: set[str], grams: dict[int, set[str]], heading: str) -> bool | None:
    size = GRAM_CHINESE if HAN.is_in(line) else GRAM
    if not line or (len(line) > 5 and line in heading):  # noqa: PLR2004
        return None
    if line in truth:
        return True
    if len(line) < 2 * size:
        return False if not any(line in row for row in truth) else None
    stretches = _stretches(line, size)
    inside = sum(stretch in grams[size] for stretch in stretches) / len(stretches)
    return True if inside >= MIN_INSIDE else False if inside <= MAX_OUTSIDE else None
