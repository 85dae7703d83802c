"""Exported shards to packed token sequences: one task a shard, Megatron-Core files and Parquet."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ClassVar

import pyarrow as pa
import pyarrow.compute as pc
from annotated_types import Unit

from curation import storage
from curation.outputs.base import Material, Output, OutputAccount
from curation.outputs.export import ParquetLayout
from curation.outputs.megatron import token_type
from curation.outputs.pack_shard import SequenceLayout, pack, tokenise
from curation.outputs.packing import Method, PackingFigures, total
from curation.spark.tasks import run_tasks
from curation.storage import StoredFile
from curation.storage.parquet import open_parquet
from curation.storage.records import to_text
from models import tokenizer as tokenizers
from models.tokenizer import EMBEDDED, Tokenizer
from stages.base import Positive

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

MANIFEST = "manifest.json"
KINDS = ("bin", "idx", "parquet")
READ_ROWS = 256


@dataclass(frozen=True, slots=True)
class Shard:
    """A shard to pack, with its place among them."""

    number: int
    uri: str


@dataclass(frozen=True, slots=True)
class PackedShard:
    """What one shard was packed into; a shard without tokens has no files."""

    files: tuple[StoredFile, ...]
    figures: PackingFigures


@dataclass(frozen=True, slots=True)
class UsedTokenizer:
    """What a reader of token ids must know; ``dtype`` is that of the ``.bin``."""

    name: str
    digest: str
    eos_token: str
    eos_id: int
    vocabulary_size: int
    dtype: str


@dataclass(frozen=True, slots=True)
class PackManifest:
    """What lies beside the sequences for those who read them."""

    format_version: ClassVar[int] = 1

    tokenizer: UsedTokenizer
    sequence_length: int
    method: Method
    pad: bool
    figures: PackingFigures
    files: tuple[StoredFile, ...]


@dataclass(frozen=True)
class PackResult:
    """What packing wrote, and its figures over all shards."""

    files: tuple[StoredFile, ...]
    figures: PackingFigures


@dataclass(frozen=True)
class Pack(Output):
    """Turn each exported shard into sequences of one length: Megatron-Core's files, and Parquet."""

    name: ClassVar[str] = "pack"
    made_of: ClassVar[str] = "export"

    tokenizer: str = EMBEDDED
    """What makes the tokens: "embedded", a folder, a tokenizer.json, or a name of the Hugging Face
    hub (which needs ``transformers``)."""
    eos_token: str = ""
    """Overrides the end token that the tokenizer states."""
    sequence_length: Annotated[Positive, Unit("tokens")] = 8_192
    """Of every sequence."""
    method: Method = Method.BEST_FIT
    """How documents share sequences: "best_fit" cuts none that fits one, "concatenate" cuts
    wherever a sequence is full."""
    pad: bool = True
    """Fill the rest of a sequence with end tokens, so that a trainer that cuts the ``.bin`` every
    ``sequence_length`` tokens cuts between sequences."""

    def write(self, spark: SparkSession, material: Material, folder: str) -> OutputAccount:
        """Write the sequences of every shard, and their manifest."""
        shards = [file for file in material.files if file.name.endswith(ParquetLayout.suffix)]
        made = pack_shards(spark, [material.uri(shard) for shard in shards], folder, self)
        rows_in = sum(shard.rows for shard in shards)
        return OutputAccount(made.files, rows_in, made.figures.documents, made.figures.figures())

    @classmethod
    def find(cls, uri: str, doc_id: str) -> Iterator[int]:
        """The sequences that have pieces of a document."""
        if uri.endswith(".parquet"):
            with open_parquet(uri) as parquet:
                ids = parquet.read(columns=["doc_ids"])["doc_ids"].combine_chunks()
            hits = pc.filter(pc.list_parent_indices(ids), pc.equal(pc.list_flatten(ids), doc_id))
            yield from pc.unique(hits).to_pylist()

    def resources(self) -> Mapping[str, str]:
        """The tokenizer."""
        found = tokenizers.load(self.tokenizer, eos_token=self.eos_token)
        return {"tokenizer": found.digest}


def pack_shards(
    spark: SparkSession, shards: Sequence[str], directory: str, options: Pack
) -> PackResult:
    """Pack each shard (paths or URIs) into ``packed-NNNNN.bin``, ``.idx`` and ``.parquet``.

    The number is the shard's place in ``shards``; a shard without tokens gives no files. Raises
    TokenizerError before any task starts.
    """
    tokenizer = tokenizers.load(options.tokenizer, eos_token=options.eos_token)
    numbered = [Shard(number, uri) for number, uri in enumerate(shards)]
    done = run_tasks(spark, numbered, partial(_pack_shard, options, directory))
    files = tuple(file for packed in done for file in packed.files)
    figures = total(packed.figures for packed in done)
    described = _describe(directory, files, figures, options, tokenizer)
    return PackResult((*files, described), figures)


def pack_one(
    number: int, shard: str, directory: str, options: Pack, tokenizer: Tokenizer
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


def _pack_shard(options: Pack, directory: str, shard: Shard) -> PackedShard:
    tokenizer = tokenizers.load(options.tokenizer, eos_token=options.eos_token)
    return pack_one(shard.number, shard.uri, directory, options, tokenizer)


def _describe(
    directory: str,
    files: Sequence[StoredFile],
    figures: PackingFigures,
    options: Pack,
    tokenizer: Tokenizer,
) -> StoredFile:
    """Write the manifest."""
    used = UsedTokenizer(
        tokenizer.name,
        tokenizer.digest,
        tokenizer.eos_token,
        tokenizer.eos_id,
        tokenizer.vocabulary_size,
        token_type(tokenizer.vocabulary_size).name,
    )
    length, method, pad = options.sequence_length, options.method, options.pad
    manifest = PackManifest(used, length, method, pad, figures, tuple(files))
    return storage.write_text(directory, MANIFEST, to_text(manifest))


def _read(shard: str) -> Iterator[pa.RecordBatch]:
    with open_parquet(shard) as parquet:
        yield from parquet.iter_batches(READ_ROWS, columns=["doc_id", "copy", "text"])
