"""A SentencePiece model, read by Google's sentencepiece."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from models.tokenizer.engine import Ids, TokenizerError


class SentencePieceEngine:
    """A ``.model`` file. Its control tokens have no text, so no text has them.

    It knows its own end and padding tokens; "" where the model was trained without one.
    """

    def __init__(self, name: str, definition: bytes) -> None:
        """``name`` is for errors alone.

        Raises TokenizerError for what is no model, or where sentencepiece is not installed.
        """
        try:
            import sentencepiece
        except ImportError as error:
            raise TokenizerError(
                f"tokenizer {name}: a SentencePiece model needs the package sentencepiece "
                "(pip install 'curation[sentencepiece]')"
            ) from error
        try:
            self._model: Any = sentencepiece.SentencePieceProcessor(model_proto=definition)
        # An unreadable model is a RuntimeError of its C++, and no more is promised.
        except Exception as error:
            raise TokenizerError(f"tokenizer {name}: not a SentencePiece model: {error}") from error
        self.size = int(self._model.get_piece_size())
        self.eos_token = self._piece(self._model.eos_id())
        self.pad_token = self._piece(self._model.pad_id())

    def encode(self, texts: Sequence[str]) -> list[Ids]:
        """The ids of each text."""
        # One thread: Spark runs a task on every core.
        encoded = self._model.encode(list(texts), num_threads=1)
        return [np.array(ids, dtype=np.int64) for ids in encoded]

    def count(self, texts: Sequence[str]) -> list[int]:
        """How many ids each text has."""
        return [len(ids) for ids in self.encode(texts)]

    def decode(self, ids: Sequence[int]) -> str:
        """The text of ids, those of control tokens written out."""
        words: list[str] = []
        waiting: list[int] = []
        for token_id in ids:
            if self.is_special(token_id):
                words += [self._model.decode(waiting), self._piece(token_id)]
                waiting = []
            else:
                waiting.append(token_id)
        return "".join([*words, self._model.decode(waiting)])

    def id_of(self, token: str) -> int | None:
        """The id of a token, if it is one."""
        found = int(self._model.piece_to_id(token))
        return found if self._piece(found) == token else None

    def is_special(self, token_id: int) -> bool:
        """Whether the model calls it a control token."""
        return bool(self._model.is_control(token_id))

    def _piece(self, token_id: int) -> str:
        return str(self._model.id_to_piece(token_id)) if token_id >= 0 else ""
