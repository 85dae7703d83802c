"""Tokenizers for counting and packing: the embedded one, or any of Hugging Face."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

EMBEDDED = "embedded"
WEIGHTS = Path(__file__).with_name("tokenizer.json.gz")
EMBEDDED_EOS = "<|endoftext|>"

_CONFIGS = ("tokenizer_config.json", "special_tokens_map.json")

Ids = npt.NDArray[np.int64]


class TokenizerError(ValueError):
    """A tokenizer is missing, cannot be read, or has no token that can end a document."""


@dataclass(frozen=True)
class Tokenizer:
    """A tokenizer that adds no token of its own and takes special tokens in a text as plain text.

    ``name`` is what it was loaded by; ``digest`` a hash of its definition and its end token;
    ``vocabulary_size`` is one more than the largest id.
    """

    name: str
    digest: str
    eos_token: str
    eos_id: int
    vocabulary_size: int
    _engine: Any = field(repr=False, compare=False)

    def encode(self, texts: Sequence[str]) -> list[Ids]:
        """The ids of each text, without an end token; "" gives an empty array."""
        encodings = self._engine.encode_batch_fast(list(texts), add_special_tokens=False)
        return [np.array(encoding.ids, dtype=np.int64) for encoding in encodings]

    def count(self, texts: Sequence[str]) -> list[int]:
        """How many tokens each text has."""
        encodings = self._engine.encode_batch_fast(list(texts), add_special_tokens=False)
        return [len(encoding) for encoding in encodings]

    def decode(self, ids: Sequence[int] | Ids) -> str:
        """The text of ids, end tokens written out.

        >>> embedded = load()
        >>> embedded.decode(embedded.encode(["从 web 到数据。"])[0])
        '从 web 到数据。'
        """
        return str(self._engine.decode([int(i) for i in ids], skip_special_tokens=False))


def load(name: str = EMBEDDED, *, eos_token: str = "") -> Tokenizer:
    """A tokenizer by name: "embedded", a folder, a tokenizer.json, or a name of the hub.

    ``eos_token`` overrides the end token that the tokenizer's configuration states; either must be
    one special token of its vocabulary. Hub names need the package transformers. Raises
    TokenizerError, which names the tokenizer and the rule.
    """
    # Spark runs one task a core; threads of each worker's tokenizer would only fight for them.
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    if name == EMBEDDED:
        return _checked(name, gzip.decompress(WEIGHTS.read_bytes()), eos_token or EMBEDDED_EOS)
    path = Path(name)
    if path.is_dir():
        definition = path / "tokenizer.json"
        if not definition.is_file():
            raise TokenizerError(f"tokenizer {name}: the folder has no tokenizer.json")
        return _checked(name, definition.read_bytes(), eos_token or _stated_eos(path))
    if path.is_file():
        return _checked(name, path.read_bytes(), eos_token or _stated_eos(path.parent))
    return _from_hub(name, eos_token)


def _from_hub(name: str, eos_token: str) -> Tokenizer:
    try:
        from transformers import AutoTokenizer
    except ImportError as error:
        raise TokenizerError(
            f"tokenizer {name}: no such file or folder, and a name of the Hugging Face hub needs "
            "the package transformers (pip install 'curation[models]')"
        ) from error
    try:
        found = AutoTokenizer.from_pretrained(name, use_fast=True, trust_remote_code=False)
        definition = found.backend_tokenizer.to_str().encode()
    except (OSError, ValueError, AttributeError) as error:
        raise TokenizerError(
            f"tokenizer {name}: no such file or folder, and the Hugging Face hub gave no fast "
            f"tokenizer of that name: {str(error).splitlines()[0]}"
        ) from error
    return _checked(name, definition, eos_token or str(found.eos_token or ""))


def _stated_eos(folder: Path) -> str:
    """The end token that a tokenizer's configuration files state, "" if none does."""
    for name in _CONFIGS:
        path = folder / name
        if path.is_file():
            stated = json.loads(path.read_text(encoding="utf-8")).get("eos_token")
            token = stated.get("content") if isinstance(stated, dict) else stated
            if token:
                return str(token)
    return ""


def _checked(name: str, definition: bytes, eos_token: str) -> Tokenizer:
    """The tokenizer with its end token checked."""
    import tokenizers

    try:
        engine = tokenizers.Tokenizer.from_str(definition.decode())
    # The package raises bare Exceptions from Rust: there is nothing narrower to catch.
    except Exception as error:
        raise TokenizerError(f"tokenizer {name}: not a tokenizer.json: {error}") from error
    if not eos_token:
        raise TokenizerError(
            f"tokenizer {name}: no eos_token in {' or '.join(_CONFIGS)} beside it: "
            "name the token that ends a document in the configuration (eos_token)"
        )
    eos_id = _special_id(name, engine, eos_token)
    engine.no_truncation()
    engine.no_padding()
    # "<|endoftext|>" written in a web page is text, not the end of the page.
    engine.encode_special_tokens = True
    size = max(engine.get_vocab(with_added_tokens=True).values()) + 1
    digest = hashlib.sha256(definition + b"\0" + eos_token.encode()).hexdigest()
    return Tokenizer(name, digest, eos_token, eos_id, size, engine)


def _special_id(name: str, engine: Any, eos_token: str) -> int:
    eos_id = engine.token_to_id(eos_token)
    if eos_id is None:
        raise TokenizerError(
            f"tokenizer {name}: eos_token {eos_token!r} is not in its vocabulary of "
            f"{engine.get_vocab_size()} tokens: name one that is"
        )
    added = engine.get_added_tokens_decoder().get(eos_id)
    if added is None or not added.special:
        raise TokenizerError(
            f"tokenizer {name}: eos_token {eos_token!r} is an ordinary token: it must be a special "
            "one, so that no text can hold it"
        )
    return int(eos_id)
