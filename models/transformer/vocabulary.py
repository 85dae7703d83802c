"""Whether a tokenizer is the model's, as far as its files, or the tokenizer itself, tell.

Two tokenizers of one size with the same special tokens look alike: which of them a model has
learnt with only a digest tells, that was written down when it did.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from models.transformer.files import read_json

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

FILES = (
    "tokenizer*",
    "vocab*",
    "merges.txt",
    "special_tokens_map.json",
    "added_tokens.json",
    "*.model",
)
"""What a tokenizer is made of; equal files cut equally."""
VOCABULARIES = ("tokenizer.json", "vocab*", "*.model")
"""One of these has its tokens."""
NAMED = tuple(f"{name}_token_id" for name in ("bos", "eos", "pad", "cls", "sep"))
"""The settings of config.json that are numbers of special tokens."""
MAX_SPARE_RATIO = 0.1
"""Of the word embeddings, rows that no token has: sizes are rounded up, by some hundredths."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What a tokenizer has: how many tokens, the largest number, and those of special tokens."""

    tokens: int
    largest: int
    special: frozenset[int]


def read_vocabulary(folder: Path) -> Vocabulary | None:
    """What tokenizer.json says; None of a tokenizer that is made of other files.

    Raises ValueError where there is no tokenizer, of which transformers would make an empty one,
    and for a tokenizer.json that is none.
    """
    if not any(path for pattern in VOCABULARIES for path in folder.glob(pattern)):
        raise ValueError("it has no tokenizer: there must be tokenizer.json, vocab.* or *.model")
    path = folder / "tokenizer.json"
    if not path.is_file():
        return None
    content = read_json(path)
    try:
        vocabulary = content["model"]["vocab"]  # type: ignore[index]
        added: list[Mapping[str, int]] = content.get("added_tokens") or []  # type: ignore[assignment]
        by_name = isinstance(vocabulary, dict)
        numbers = set(vocabulary.values() if by_name else range(len(vocabulary)))
        numbers |= {token["id"] for token in added}
        special = {token["id"] for token in added if token.get("special")}
        return Vocabulary(len(numbers), max(numbers, default=-1), frozenset(special))
    except (TypeError, KeyError, AttributeError) as error:
        raise ValueError(f"tokenizer.json is no tokenizer: it has no {error}") from error


def vocabulary_of(tokenizer: PreTrainedTokenizerBase) -> Vocabulary:
    """What a tokenizer that is loaded has."""
    numbers = set(tokenizer.get_vocab().values())
    return Vocabulary(len(numbers), max(numbers, default=-1), frozenset(tokenizer.all_special_ids))


def special_tokens(config: Mapping[str, object], rows: int) -> set[int]:
    """The numbers of special tokens in a config.json, of those that have a row.

    >>> special_tokens({"eos_token_id": [5, 6], "pad_token_id": 0, "bos_token_id": 99}, 10)
    {0, 5, 6}
    """
    found: list[object] = []
    for value in map(config.get, NAMED):
        found += value if isinstance(value, list) else [value]
    return {one for one in found if isinstance(one, int) and 0 <= one < rows}


def why_foreign(found: Vocabulary, rows: int, special: Collection[int]) -> str:
    """Why a tokenizer is another model's; "" where nothing speaks against it.

    The model has ``rows`` word embeddings, and its configuration calls some numbers ``special``:
    one of them is so to its own tokenizer (not all: defaults of a class are written there too).

    >>> why_foreign(Vocabulary(100, 99, frozenset({0})), 128, [0])
    'it has 100 tokens for 128 word embeddings'
    >>> why_foreign(Vocabulary(100, 99, frozenset({0})), 104, [0, 7])
    ''
    """
    if found.tokens < rows * (1 - MAX_SPARE_RATIO):
        return f"it has {found.tokens:,} tokens for {rows:,} word embeddings"
    if special and found.special and not found.special.intersection(special):
        numbers = ", ".join(map(str, sorted(special)))
        return f"config.json has {numbers} as special tokens, and none of them is so to it"
    return ""


def tokenizer_digest(folder: Path) -> bytes:
    """A hash of the files that a tokenizer is made of."""
    found = hashlib.blake2b(digest_size=32)
    for path in sorted({path for pattern in FILES for path in folder.glob(pattern)}):
        found.update(path.name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return found.digest()
