"""Exported shards to packed token sequences: one task a shard, Megatron-Core files and Parquet."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from itertools import repeat
from typing import TYPE_CHECKING, Annotated, ClassVar

import pyarrow as pa
import pyarrow.compute as pc
from annotated_types import Ge, Unit

from curation import storage
from curation.errors import UsageError
from curation.outputs.base import Made, Material, Output, OutputAccount
from curation.outputs.export import ParquetLayout
from curation.outputs.knots import Knots
from curation.outputs.pack_manifest import PackManifest, used_knots, used_tokenizer
from curation.outputs.pack_measures import lengths_of, measure_packed
from curation.outputs.pack_shard import SequenceLayout, pack, tokenise
from curation.outputs.packed_tokens import add_up, count_tokens
from curation.outputs.packing import Method, PackingFigures, total
from curation.spark.tasks import RunTasks, run_tasks
from curation.storage import StoredFile
from curation.storage.manifest import TokenCount
from curation.storage.parquet import open_parquet
from curation.storage.records import parse_record, to_text
from models import tokenizer as tokenizers
from models.tokenizer import EMBEDDED, Tokenizer
from stages.base import Count, Positive, Ratio

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

MANIFEST = "manifest.json"
KINDS = ("idx", "bin", "parquet")
"""The first appears last: an index never stands there without what it is the index of."""
READ_ROWS = 256


@dataclass(frozen=True, slots=True)
class Shard:
    """A shard to pack, with its place among them."""

    number: int
    uri: str


@dataclass(frozen=True, slots=True)
class PackedFiles:
    """A shard with its place among them, and the files that it was packed into."""

    number: int
    shard: StoredFile
    files: tuple[StoredFile, ...]


@dataclass(frozen=True, slots=True)
class PackedShard:
    """What one shard was packed into; a shard without tokens has no files."""

    files: tuple[StoredFile, ...]
    figures: PackingFigures
    tokens: tuple[TokenCount, ...] = ()


@dataclass(frozen=True)
class PackResult:
    """What packing wrote, and its figures over all shards."""

    files: tuple[StoredFile, ...]
    figures: PackingFigures
    tokens: tuple[TokenCount, ...] = ()


@dataclass(frozen=True)
class Pack(Output):
    """Turn each exported shard into sequences of one length: Megatron-Core's files, and Parquet."""

    name: ClassVar[str] = "pack"
    version: ClassVar[int] = 2
    made_of: ClassVar[str] = "export"

    tokenizer: str = EMBEDDED
    """What makes the tokens: "embedded", a folder, a tokenizer.json, a SentencePiece model (which
    needs `sentencepiece`), or a name of the Hugging Face hub (which needs `transformers`)."""
    eos_token: str = ""
    """Overrides the end token that the tokenizer states."""
    pad_token: str = ""
    """Overrides the padding token that the tokenizer states. It may not be the end token; where the
    tokenizer has no other one, padding is the first id that no token has."""
    sequence_length: Annotated[Positive, Unit("tokens")] = 8_192
    """Of every sequence."""
    method: Method = Method.BEST_FIT
    """How documents share sequences: "best_fit" cuts none that fits one, "concatenate" cuts
    wherever a sequence is full."""
    pad: bool = True
    """Fill the rest of a sequence with padding, so that a trainer that cuts the `.bin` every
    `sequence_length` tokens cuts between sequences."""
    knotted_ratio: Ratio = 0.0
    """Share of the documents of which chunks are interleaved with those of others, in sequences of
    their own (Untie the Knots)."""
    knot_chunks: Annotated[int, Ge(2), Unit("chunks")] = 3
    """Of each knotted document."""
    knot_tokens: tuple[str, ...] = ()
    """Special tokens that mark its cuts, two for each: one ends the chunk before it, one begins the
    chunk behind it. Without any, cuts are not marked."""
    seed: Count = 0
    """Of which documents are knotted, where they are cut, and where their chunks stand."""

    def write(self, spark: SparkSession, material: Material, folder: str) -> OutputAccount:
        """Write the sequences of every shard, and their manifest."""
        shards = [file for file in material.files if file.name.endswith(ParquetLayout.suffix)]
        made = pack_shards(spark, [material.uri(shard) for shard in shards], folder, self)
        rows_in = sum(shard.rows for shard in shards)
        figures = made.figures
        return OutputAccount(made.files, rows_in, figures.documents, figures.figures(), made.tokens)

    def without(
        self, run: RunTasks, material: Material, made: Made, into: str
    ) -> OutputAccount | None:
        """Pack the shards again of which sequences hold one of the documents."""
        shards = [file for file in material.files if file.name.endswith(ParquetLayout.suffix)]
        rows_in = sum(shard.rows for shard in shards)
        packed = [PackedFiles(n, s, _files_of(n, made)) for n, s in enumerate(shards)]
        results = run(packed, partial(_pack_without, self, material, made, into))
        figures = total(result.figures for result in results)
        files = [file for result in results for file in result.files]
        uri = storage.join(made.folder, MANIFEST)
        former = parse_record(uri, storage.read_bytes(uri), PackManifest)
        beside = [file for file in made.files if file.name == MANIFEST]
        if (former.figures, former.files) != (figures, tuple(files)):
            beside = [_write_manifest(into, self, self.load_tokenizer(), figures, tuple(files))]
        tokens = add_up(count for result in results for count in result.tokens)
        return OutputAccount(
            (*files, *beside), rows_in, figures.documents, figures.figures(), tokens
        )

    @classmethod
    def find(cls, uri: str, doc_id: str) -> Iterator[int]:
        """The sequences that have pieces of a document."""
        if uri.endswith(".parquet"):
            with open_parquet(uri) as parquet:
                ids = parquet.read(columns=["doc_ids"])["doc_ids"]
            yield from (row for row, found in enumerate(ids.to_pylist()) if doc_id in found)

    def resources(self) -> Mapping[str, str]:
        """The tokenizer, and the padding that it states."""
        found = self.load_tokenizer()
        self.knots(found)
        return {"tokenizer": found.digest, "padding": str(found.pad_id)}

    def load_tokenizer(self) -> Tokenizer:
        """The tokenizer. Raises TokenizerError for one without end token, and the like."""
        return tokenizers.load(self.tokenizer, eos_token=self.eos_token, pad_token=self.pad_token)

    def knots(self, tokenizer: Tokenizer) -> Knots | None:
        """How documents are knotted, where any are.

        Raises ValueError for marks that are not two for each cut, TokenizerError for one that a
        text could hold.
        """
        if not self.knotted_ratio:
            return None
        expected = 2 * (self.knot_chunks - 1)
        if self.knot_tokens and len(self.knot_tokens) != expected:
            raise ValueError(
                f"knot_tokens names {len(self.knot_tokens)} tokens: {self.knot_chunks} knot_chunks "
                f"have {self.knot_chunks - 1} cuts, and each needs two: name {expected}, or none"
            )
        ids = tuple(tokenizer.special_id("knot_tokens", token) for token in self.knot_tokens)
        return Knots(self.knotted_ratio, self.knot_chunks, ids, self.seed)

    def layout(self, tokenizer: Tokenizer) -> SequenceLayout:
        """How its sequences are filled."""
        return SequenceLayout(
            self.sequence_length, self.method, self.pad, tokenizer.pad_id, self.knots(tokenizer)
        )


def pack_shards(
    spark: SparkSession, shards: Sequence[str], directory: str, options: Pack
) -> PackResult:
    """Pack each shard (paths or URIs) into ``packed-NNNNN.bin``, ``.idx`` and ``.parquet``.

    The number is the shard's place in ``shards``; a shard without tokens gives no files. Raises
    TokenizerError before any task starts.
    """
    tokenizer = options.load_tokenizer()
    options.knots(tokenizer)
    _refuse_textless(shards)
    numbered = [Shard(number, uri) for number, uri in enumerate(shards)]
    done = run_tasks(spark, numbered, partial(_pack_shard, options, directory))
    files = tuple(file for packed in done for file in packed.files)
    figures = total(packed.figures for packed in done)
    described = _write_manifest(directory, options, tokenizer, figures, files)
    tokens = add_up(count for packed in done for count in packed.tokens)
    return PackResult((*files, described), figures, tokens)


def _write_manifest(
    directory: str,
    options: Pack,
    tokenizer: Tokenizer,
    figures: PackingFigures,
    files: tuple[StoredFile, ...],
) -> StoredFile:
    length, method, pad = options.sequence_length, options.method, options.pad
    knots = used_knots(options.knots(tokenizer), options.knot_tokens)
    used = used_tokenizer(tokenizer)
    manifest = PackManifest(used, length, method, pad, knots, figures, files)
    return storage.write_text(directory, MANIFEST, to_text(manifest))


def _files_of(number: int, made: Made) -> tuple[StoredFile, ...]:
    return tuple(file for file in made.files if file.name.startswith(f"packed-{number:05d}."))


def _pack_without(
    options: Pack, material: Material, made: Made, into: str, packed: PackedFiles
) -> PackedShard:
    """A shard packed again, if its sequences hold one of the documents, or else as it was."""
    shard = material.uri(packed.shard)
    [*sequences] = [file for file in packed.files if file.name.endswith(".parquet")]
    for file in sequences:
        uri = storage.join(made.folder, file.name)
        if not _holds(uri, made.leaving):
            lengths = lengths_of(uri, shard)
            figures = measure_packed(uri, packed.shard.rows, options.sequence_length)
            return PackedShard(packed.files, figures, count_tokens(shard, lengths))
        return pack_one(packed.number, shard, into, options, options.load_tokenizer())
    figures = PackingFigures(documents=packed.shard.rows)
    return PackedShard((), figures, count_tokens(shard, repeat(0, packed.shard.rows)))


def _holds(uri: str, doc_ids: frozenset[str]) -> bool:
    wanted = pa.array(sorted(doc_ids), pa.string())
    with open_parquet(uri) as parquet:
        batches = parquet.iter_batches(READ_ROWS, columns=["doc_ids"])
        return any(pc.any(pc.is_in(b["doc_ids"].flatten(), wanted)).as_py() for b in batches)


def pack_one(
    number: int, shard: str, directory: str, options: Pack, tokenizer: Tokenizer
) -> PackedShard:
    """Pack one shard and say what was written; needs no Spark."""
    layout = options.layout(tokenizer)
    files: list[StoredFile] = []
    # A file without a name: a worker that is killed leaves none behind.
    with tempfile.TemporaryFile() as scratch, ExitStack() as stack:
        documents = tokenise(_read(shard), tokenizer, scratch)
        names = {kind: f"packed-{number:05d}.{kind}" for kind in KINDS if any(documents.lengths)}
        paths = {
            kind: stack.enter_context(storage.scratch(storage.join(directory, name)))
            for kind, name in names.items()
        }
        none = PackingFigures(documents=len(documents.lengths))
        figures = pack(documents, layout, paths, _metadata(options, tokenizer)) if paths else none
        for kind, path in paths.items():
            size, digest = path.stat().st_size, storage.sha256_of(path)
            files.append(StoredFile(names[kind], figures.sequences, size, digest))
    return PackedShard(tuple(files), figures, count_tokens(shard, documents.lengths))


def _metadata(options: Pack, tokenizer: Tokenizer) -> dict[str, str]:
    """What a reader of one Parquet file alone must know."""
    return {
        "eos_id": str(tokenizer.eos_id),
        "pad_id": str(tokenizer.pad_id),
        "sequence_length": str(options.sequence_length),
        "tokenizer_digest": tokenizer.digest,
    }


def _pack_shard(options: Pack, directory: str, shard: Shard) -> PackedShard:
    return pack_one(shard.number, shard.uri, directory, options, options.load_tokenizer())


def _refuse_textless(shards: Sequence[str]) -> None:
    for shard in shards[:1]:
        with open_parquet(shard) as parquet:
            if "text" not in parquet.schema_arrow.names:
                raise UsageError(
                    f"{shard}: has no column text, of which sequences are made: "
                    "name it in export.columns"
                )


def _read(shard: str) -> Iterator[pa.RecordBatch]:
    with open_parquet(shard) as parquet:
        yield from parquet.iter_batches(READ_ROWS, columns=["doc_id", "copy", "text"])
