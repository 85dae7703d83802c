"""What lies beside packed sequences for those who read them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from curation.outputs.knots import Knots
from curation.outputs.pack_shard import stored_type
from curation.outputs.packing import Method, PackingFigures
from curation.storage import StoredFile
from models.tokenizer import Tokenizer


@dataclass(frozen=True, slots=True)
class UsedTokenizer:
    """What a reader of token ids must know; ``dtype`` is that of the ``.bin``.

    ``pad_id`` is ``vocabulary_size`` where ``pad_token`` is "": then no token has it.
    """

    name: str
    digest: str
    eos_token: str
    eos_id: int
    pad_token: str
    pad_id: int
    vocabulary_size: int
    dtype: str


@dataclass(frozen=True, slots=True)
class UsedKnots:
    """How documents were knotted. ``token_ids``: two for each cut, the end and the beginning."""

    ratio: float
    chunks: int
    tokens: tuple[str, ...]
    token_ids: tuple[int, ...]
    seed: int


@dataclass(frozen=True, slots=True)
class PackManifest:
    """What lies beside the sequences for those who read them."""

    format_version: ClassVar[int] = 2
    remedy: ClassVar[str] = "`curate repair` makes it again"

    tokenizer: UsedTokenizer
    sequence_length: int
    method: Method
    pad: bool
    knots: UsedKnots | None
    figures: PackingFigures
    files: tuple[StoredFile, ...]


def used_tokenizer(tokenizer: Tokenizer) -> UsedTokenizer:
    """What is said of a tokenizer."""
    path = Path(tokenizer.name)
    return UsedTokenizer(
        # Where it lay on this machine is of no use elsewhere: its digest says which one it is.
        path.name if path.exists() else tokenizer.name,
        tokenizer.digest,
        tokenizer.eos_token,
        tokenizer.eos_id,
        tokenizer.pad_token,
        tokenizer.pad_id,
        tokenizer.vocabulary_size,
        stored_type(tokenizer).name,
    )


def used_knots(knots: Knots | None, tokens: Sequence[str]) -> UsedKnots | None:
    """What is said of knots, with what their tokens are called."""
    if knots is None:
        return None
    return UsedKnots(knots.ratio, knots.chunks, tuple(tokens), knots.token_ids, knots.seed)
