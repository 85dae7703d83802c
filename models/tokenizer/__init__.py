"""Tokenizers for counting and packing: the embedded one, or one of somebody's model."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass, field

from models.tokenizer.definition import EMBEDDED, EMBEDDED_EOS, WEIGHTS, find
from models.tokenizer.engine import Engine, Ids, TokenizerError

__all__ = ["EMBEDDED", "EMBEDDED_EOS", "WEIGHTS", "Ids", "Tokenizer", "TokenizerError", "load"]


@dataclass(frozen=True)
class Tokenizer:
    """A tokenizer that adds no token of its own and takes special tokens in a text as plain text.

    ``name`` is what it was loaded by; ``digest`` a hash of its definition and its end token;
    ``vocabulary_size`` is one more than the largest id. No text has the token ``pad_id``, and it is
    not the end token: where the vocabulary has no such token, ``pad_token`` is "", and the id the
    first that none of its tokens has.
    """

    name: str
    digest: str
    eos_token: str
    eos_id: int
    pad_token: str
    pad_id: int
    vocabulary_size: int
    _engine: Engine = field(repr=False, compare=False)

    def encode(self, texts: Sequence[str]) -> list[Ids]:
        """The ids of each text, without an end token; "" gives an empty array."""
        return self._engine.encode(texts)

    def count(self, texts: Sequence[str]) -> list[int]:
        """How many tokens each text has."""
        return self._engine.count(texts)

    def decode(self, ids: Sequence[int] | Ids) -> str:
        """The text of ids, special tokens written out.

        >>> embedded = load()
        >>> embedded.decode(embedded.encode(["从 web 到数据。"])[0])
        '从 web 到数据。'
        """
        return self._engine.decode([int(i) for i in ids])

    def special_id(self, setting: str, token: str) -> int:
        """The id of a token that no text has. Raises TokenizerError, which names the setting."""
        return _special_id(self.name, self._engine, setting, token)


def load(name: str = EMBEDDED, *, eos_token: str = "", pad_token: str = "") -> Tokenizer:
    """A tokenizer by name: "embedded", a folder, a file, or a name of the Hugging Face hub.

    A file is a tokenizer.json or a SentencePiece model. ``eos_token`` and ``pad_token`` override
    what the tokenizer states; each must be one special token of its vocabulary, and not the other.
    A stated padding token that could not be told from text or from the end of one is not used. Hub
    names need the package transformers. Raises TokenizerError, which names tokenizer and rule.
    """
    # Spark runs one task a core; threads of each worker's tokenizer would only fight for them.
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    found = find(name)
    eos_token = eos_token or found.eos_token
    if not eos_token:
        raise TokenizerError(
            f"tokenizer {name}: no eos_token in it or beside it: "
            "name the token that ends a document in the configuration (eos_token)"
        )
    eos_id = _special_id(name, found.engine, "eos_token", eos_token)
    if pad_token == eos_token:
        raise TokenizerError(
            f"tokenizer {name}: pad_token {pad_token!r} is the end token: a loader could not mask "
            "padding and learn where documents end: name another one, or none"
        )
    if pad_token:
        pad_id = _special_id(name, found.engine, "pad_token", pad_token)
    else:
        pad_token, pad_id = _stated_padding(found.engine, found.pad_token, eos_id)
    digest = hashlib.sha256(found.content + b"\0" + eos_token.encode()).hexdigest()
    size = found.engine.size
    return Tokenizer(name, digest, eos_token, eos_id, pad_token, pad_id, size, found.engine)


def _stated_padding(engine: Engine, token: str, eos_id: int) -> tuple[str, int]:
    stated = engine.id_of(token) if token else None
    if stated is None or stated == eos_id or not engine.is_special(stated):
        return "", engine.size
    return token, stated


def _special_id(name: str, engine: Engine, setting: str, token: str) -> int:
    found = engine.id_of(token)
    if found is None:
        raise TokenizerError(
            f"tokenizer {name}: {setting} {token!r} is not in its vocabulary of "
            f"{engine.size} tokens: name one that is"
        )
    if not engine.is_special(found):
        raise TokenizerError(
            f"tokenizer {name}: {setting} {token!r} is an ordinary token: it must be a special "
            "one, so that no text can hold it"
        )
    return found
