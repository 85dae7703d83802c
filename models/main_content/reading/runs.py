"""Text between two boundaries, as it is collected."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache

import numpy as np
import numpy.typing as npt

from models.text import scripts

_CJK = f"[{scripts.HAN.ranges}\u3000-\u303f\uff01-\uff60]"
_BREAK_IN_HAN = re.compile(rf"(?<={_CJK})[ \t]*\r?\n\s*(?={_CJK})")


@dataclass(slots=True)
class Run:
    """Pieces of text, and how much of them stands in links and in strong type."""

    pieces: list[str] = field(default_factory=list)
    link_chars: int = 0
    links: int = 0
    strong_chars: int = 0

    def take(self, text: str | None, in_link: bool, in_strong: bool) -> None:
        """Add a piece of text."""
        if text:
            self.pieces.append(text)
            if in_link:
                self.link_chars += len(text.strip())
            if in_strong:
                self.strong_chars += len(text.strip())

    def last(self) -> str:
        """The last piece; "" if there is none."""
        return self.pieces[-1] if self.pieces else ""

    def reset(self) -> None:
        """Count anew."""
        self.link_chars = self.links = self.strong_chars = 0


@cache
def cjk_table() -> npt.NDArray[np.bool_]:
    """Whether each code point up to ``PLANES`` is Han or its punctuation; the last is for more."""
    table = scripts.HAN.table.copy()
    table[0x3000:0x3040] = table[0xFF01:0xFF61] = True
    return table


def collapse(text: str) -> str:
    r"""White space as single blanks; a source line that ends between Han characters is no blank.

    >>> collapse(" 一行写\n  到这里 \n of a line ")
    '一行写到这里 of a line'
    """
    text = text.strip()
    if "\n" in text and not text.isascii():
        text = _BREAK_IN_HAN.sub("", text)
    return " ".join(text.split())
