"""What a library of tokenizers does for us, whichever it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

Ids = npt.NDArray[np.int64]


class TokenizerError(ValueError):
    """A tokenizer is missing, cannot be read, or has no token that can end a document."""


class Engine(Protocol):
    """A vocabulary and how it cuts texts. It adds no token, and reads none off a text.

    ``size`` is one more than the largest id.
    """

    size: int

    def encode(self, texts: Sequence[str]) -> list[Ids]:
        """The ids of each text."""

    def count(self, texts: Sequence[str]) -> list[int]:
        """How many ids each text has."""

    def decode(self, ids: Sequence[int]) -> str:
        """The text of ids, those of special tokens written out."""

    def id_of(self, token: str) -> int | None:
        """The id of a token, if it is one."""

    def is_special(self, token_id: int) -> bool:
        """Whether no text has this token."""
