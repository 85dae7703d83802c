"""The vectors of the latest texts: one stage after another asks for the same document's."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from models.kernels.arrays import Float32Array
from models.memories import register

CAPACITY = 1024
"""More than the batches of a chain hold; 2 KB a vector and as much again for its text."""


class RecentVectors:
    """What ``encode`` gives, remembered. A vector must hang on its text alone, not on its batch."""

    def __init__(self, encode: Callable[[Sequence[str]], Float32Array]) -> None:
        self._encode = encode
        self._known: dict[str, Float32Array] = {}
        register(self)

    def forget(self) -> None:
        """Know no vector any more."""
        self._known = {}

    def of(self, texts: Sequence[str]) -> Float32Array:
        """A row for each of some texts, of which there is at least one."""
        found = {text: self._known[text] for text in texts if text in self._known}
        fresh = [text for text in dict.fromkeys(texts) if text not in found]
        if fresh:
            made = dict(zip(fresh, self._encode(fresh), strict=True))
            found |= made
            self._known |= made
            for text in list(self._known)[:-CAPACITY]:
                del self._known[text]
        return np.stack([found[text] for text in texts])
