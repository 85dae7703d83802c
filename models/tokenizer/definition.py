"""Where a tokenizer is found by its name, and what its files state of it."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from pathlib import Path

from models.tokenizer.engine import Engine, TokenizerError
from models.tokenizer.hugging_face import HuggingFaceEngine
from models.tokenizer.sentence_piece import SentencePieceEngine

EMBEDDED = "embedded"
EMBEDDED_EOS = "<|endoftext|>"
WEIGHTS = Path(__file__).with_name("tokenizer.json.gz")

_FILES = ("tokenizer.json", "tokenizer.model", "spiece.model", "sentencepiece.bpe.model")
"""What a folder's tokenizer is called; the first of those that are there is meant."""

_CONFIGS = ("tokenizer_config.json", "special_tokens_map.json")


@dataclass(frozen=True)
class Definition:
    """A tokenizer as it was found: its file, and the tokens that are stated, "" where none is."""

    content: bytes
    engine: Engine
    eos_token: str = ""
    pad_token: str = ""


def find(name: str) -> Definition:
    """A tokenizer by name: "embedded", a folder, a file, or a name of the Hugging Face hub.

    Raises TokenizerError where there is none, or where it cannot be read.
    """
    if name == EMBEDDED:
        content = gzip.decompress(WEIGHTS.read_bytes())
        return Definition(content, HuggingFaceEngine(name, content), EMBEDDED_EOS)
    path = Path(name)
    if path.is_dir():
        found = next((path / file for file in _FILES if (path / file).is_file()), None)
        if found is None:
            raise TokenizerError(f"tokenizer {name}: the folder has no {' or '.join(_FILES)}")
        return _read(name, found)
    return _read(name, path) if path.is_file() else _from_hub(name)


def _read(name: str, path: Path) -> Definition:
    content = path.read_bytes()
    eos_token, pad_token = (_stated(path.parent, kind) for kind in ("eos_token", "pad_token"))
    if path.suffix == ".json":
        return Definition(content, HuggingFaceEngine(name, content), eos_token, pad_token)
    engine = SentencePieceEngine(name, content)
    eos_token, pad_token = eos_token or engine.eos_token, pad_token or engine.pad_token
    return Definition(content, engine, eos_token, pad_token)


def _from_hub(name: str) -> Definition:
    try:
        from transformers import AutoTokenizer
    except ImportError as error:
        raise TokenizerError(
            f"tokenizer {name}: no such file or folder, and a name of the Hugging Face hub needs "
            "the package transformers (pip install 'curation[models]')"
        ) from error
    try:
        found = AutoTokenizer.from_pretrained(name, use_fast=True, trust_remote_code=False)
        content = found.backend_tokenizer.to_str().encode()
    except (OSError, ValueError, AttributeError) as error:
        raise TokenizerError(
            f"tokenizer {name}: no such file or folder, and the Hugging Face hub gave no fast "
            f"tokenizer of that name: {str(error).splitlines()[0]}"
        ) from error
    eos_token, pad_token = str(found.eos_token or ""), str(found.pad_token or "")
    return Definition(content, HuggingFaceEngine(name, content), eos_token, pad_token)


def _stated(folder: Path, kind: str) -> str:
    """The token of a kind that the configuration files beside a tokenizer state, or ""."""
    for path in (folder / name for name in _CONFIGS):
        stated = _object(path).get(kind) if path.is_file() else None
        token = stated.get("content") if isinstance(stated, dict) else stated
        if token:
            return str(token)
    return ""


def _object(path: Path) -> dict[str, object]:
    try:
        found = json.loads(path.read_bytes())
    except ValueError as error:
        raise TokenizerError(f"{path}: is no JSON: {error}") from error
    if not isinstance(found, dict):
        raise TokenizerError(f"{path}: must be a JSON object with the names of special tokens")
    return found
