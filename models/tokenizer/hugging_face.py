"""A ``tokenizer.json``, read by Hugging Face's tokenizers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from models.tokenizer.engine import Ids, TokenizerError


class HuggingFaceEngine:
    """A tokenizer.json that adds no token of its own and takes special tokens as plain text.

    Tokens that the file adds without calling them special are found in texts, as its models have
    always seen them.
    """

    def __init__(self, name: str, definition: bytes) -> None:
        """``name`` is for errors alone. Raises TokenizerError for what is no tokenizer.json."""
        import tokenizers

        try:
            self._tokenizer: Any = tokenizers.Tokenizer.from_str(definition.decode())
        # The package raises bare Exceptions from Rust: there is nothing narrower to catch.
        except Exception as error:
            raise TokenizerError(f"tokenizer {name}: not a tokenizer.json: {error}") from error
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        # "<|endoftext|>" written in a web page is text, not the end of the page.
        self._tokenizer.encode_special_tokens = True
        ids = self._tokenizer.get_vocab(with_added_tokens=True).values()
        self.size = max(ids, default=-1) + 1

    def encode(self, texts: Sequence[str]) -> list[Ids]:
        """The ids of each text."""
        encodings = self._tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
        return [np.array(encoding.ids, dtype=np.int64) for encoding in encodings]

    def count(self, texts: Sequence[str]) -> list[int]:
        """How many ids each text has."""
        encodings = self._tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
        return [len(encoding) for encoding in encodings]

    def decode(self, ids: Sequence[int]) -> str:
        """The text of ids, those of special tokens written out."""
        return str(self._tokenizer.decode(list(ids), skip_special_tokens=False))

    def id_of(self, token: str) -> int | None:
        """The id of a token, if it is one."""
        found: int | None = self._tokenizer.token_to_id(token)
        return found

    def is_special(self, token_id: int) -> bool:
        """Whether the file adds this token and calls it special."""
        added = self._tokenizer.get_added_tokens_decoder().get(token_id)
        return added is not None and bool(added.special)
