"""Exported shards to packed token sequences: one task a shard, Megatron-Core files and Parquet."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from curation import storage
from curation.outputs.megatron import token_type
from curation.outputs.pack_shard import SequenceLayout, pack, tokenise
from curation.outputs.packing import Method, PackingFigures, total
from curation.parts.tasks import file_tasks
from curation.storage import StoredFile, stores
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
    done = _run(spark, shards, partial(_pack_files, options, directory)) if shards else []
    files = tuple(StoredFile(**file) for result in done for file in result["files"])
    figures = total(PackingFigures(**result["figures"]) for result in done)
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
    described = storage.write_text(directory, MANIFEST, text)
    return PackResult((*files, described), figures)


def pack_one(
    number: int, shard: str, directory: str, options: PackOptions, tokenizer: Tokenizer
) -> dict[str, Any]:
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
    return {
        "shard": number,
        "files": [asdict(file) for file in files],
        "figures": asdict(figures),
    }


def _run(spark: SparkSession, shards: Sequence[str], work: Any) -> list[dict[str, Any]]:
    done = [
        json.loads(row[0])
        for row in file_tasks(spark, shards).mapInArrow(work, "result string").collect()
    ]
    return sorted(done, key=lambda result: result["shard"])


def _pack_files(
    options: PackOptions, directory: str, batches: Iterator[pa.RecordBatch]
) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        for row in batch.to_pylist():
            tokenizer = tokenizers.load(options.tokenizer, eos_token=options.eos_token)
            result = pack_one(row["number"], row["file"], directory, options, tokenizer)
            yield pa.RecordBatch.from_pydict({"result": [json.dumps(result)]})


def _read(shard: str) -> Iterator[pa.RecordBatch]:
    store, path = stores.resolve(shard)
    with store.open_input_file(path) as stream:
        columns = ["doc_id", "copy", "text"]
        yield from pq.ParquetFile(stream).iter_batches(READ_ROWS, columns=columns)
