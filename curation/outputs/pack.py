"""Exported shards to packed token sequences: one task a shard, Megatron-Core files and Parquet."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from curation import storage
from curation.outputs.megatron import token_type
from curation.outputs.pack_shard import SequenceLayout, pack, tokenise
from curation.outputs.packing import Method, PackingFigures, total
from curation.spark.tasks import run_tasks
from curation.storage import StoredFile
from curation.storage.parquet import open_parquet
from models import tokenizer as tokenizers
from models.tokenizer import EMBEDDED, Tokenizer
from stages.base import Positive

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

MANIFEST = "manifest.json"
KINDS = ("bin", "idx", "parquet")
READ_ROWS = 256


@dataclass(frozen=True)
class PackOptions:
    """How documents become sequences of ``sequence_length`` tokens.

    ``tokenizer`` is "embedded", a folder, a tokenizer.json or a name of the Hugging Face hub;
    ``eos_token`` overrides the end token that it states. With ``pad`` the rest of a sequence is
    filled with end tokens, so that a trainer that cuts the ``.bin`` every ``sequence_length``
    tokens cuts between sequences.
    """

    tokenizer: str = EMBEDDED
    eos_token: str = ""
    sequence_length: Positive = 8_192
    method: Method = Method.BEST_FIT
    pad: bool = True


@dataclass(frozen=True, slots=True)
class PackedShard:
    """What one shard was packed into; a shard without tokens has no files."""

    files: tuple[StoredFile, ...]
    figures: PackingFigures


@dataclass(frozen=True)
class PackResult:
    """What packing wrote, and its figures over all shards."""

    files: tuple[StoredFile, ...]
    figures: PackingFigures


def pack_shards(
    spark: SparkSession, shards: Sequence[str], directory: str, options: PackOptions
) -> PackResult:
    """Pack each shard (paths or URIs) into ``packed-NNNNN.bin``, ``.idx`` and ``.parquet``.

    The number is the shard's place in ``shards``; a shard without tokens gives no files. Raises
    TokenizerError before any task starts.
    """
    tokenizer = tokenizers.load(options.tokenizer, eos_token=options.eos_token)
    done = run_tasks(spark, list(enumerate(shards)), partial(_pack_shard, options, directory))
    files = tuple(file for packed in done for file in packed.files)
    figures = total(packed.figures for packed in done)
    described = _describe(directory, files, figures, options, tokenizer)
    return PackResult((*files, described), figures)


def pack_one(
    number: int, shard: str, directory: str, options: PackOptions, tokenizer: Tokenizer
) -> PackedShard:
    """Pack one shard and say what was written; needs no Spark."""
    layout = SequenceLayout(options.sequence_length, options.method, options.pad, tokenizer.eos_id)
    files: list[StoredFile] = []
    with tempfile.NamedTemporaryFile(prefix="tokens-") as scratch, ExitStack() as stack:
        documents = tokenise(_read(shard), tokenizer, Path(scratch.name))
        names = {kind: f"packed-{number:05d}.{kind}" for kind in KINDS if any(documents.lengths)}
        paths = {
            kind: stack.enter_context(storage.scratch(storage.join(directory, name)))
            for kind, name in names.items()
        }
        none = PackingFigures(documents=len(documents.lengths))
        figures = pack(documents, layout, paths) if paths else none
        for kind, path in paths.items():
            size, digest = path.stat().st_size, storage.sha256_of(path)
            files.append(StoredFile(names[kind], figures.sequences, size, digest))
    return PackedShard(tuple(files), figures)


def _pack_shard(options: PackOptions, directory: str, numbered: tuple[int, str]) -> PackedShard:
    tokenizer = tokenizers.load(options.tokenizer, eos_token=options.eos_token)
    return pack_one(*numbered, directory, options, tokenizer)


def _describe(
    directory: str,
    files: Sequence[StoredFile],
    figures: PackingFigures,
    options: PackOptions,
    tokenizer: Tokenizer,
) -> StoredFile:
    """Write the manifest."""
    content = {
        "tokenizer": {
            "name": tokenizer.name,
            "digest": tokenizer.digest,
            "eos_token": tokenizer.eos_token,
            "eos_id": tokenizer.eos_id,
            "vocabulary_size": tokenizer.vocabulary_size,
            "dtype": token_type(tokenizer.vocabulary_size).name,
        },
        "sequence_length": options.sequence_length,
        "method": options.method,
        "pad": options.pad,
        "figures": asdict(figures),
        "files": [asdict(file) for file in files],
    }
    text = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    return storage.write_text(directory, MANIFEST, text)


def _read(shard: str) -> Iterator[pa.RecordBatch]:
    with open_parquet(shard) as parquet:
        yield from parquet.iter_batches(READ_ROWS, columns=["doc_id", "copy", "text"])
