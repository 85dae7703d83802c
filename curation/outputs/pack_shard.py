"""One shard of documents to one file of packed sequences, in bounded memory.

Tokens go to a scratch file as they come; what is held of the shard is its lengths and ids.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from curation.outputs.megatron import Ids, IndexedDatasetWriter, token_type
from curation.outputs.packing import METHODS, Method, Packed, PackingFigures, Piece, measure
from curation.storage.parquet import parquet_writer
from models.tokenizer import Tokenizer
from schemas.packed_sequence import PACKED_SEQUENCE

ROW_GROUP_SEQUENCES = 256  # at 8,192 tokens of 4 bytes, 8 MiB


@dataclass
class TokenisedDocuments:
    """The tokens of documents one after the other in a file, each ended by the end token."""

    tokens: Ids
    lengths: list[int] = field(default_factory=list)
    doc_ids: list[str] = field(default_factory=list)
    copies: list[int] = field(default_factory=list)

    def starts(self) -> npt.NDArray[np.int64]:
        """Where each document begins in ``tokens``."""
        return np.concatenate([[0], np.cumsum(self.lengths, dtype=np.int64)])


def tokenise(
    batches: Iterable[pa.RecordBatch], tokenizer: Tokenizer, scratch: Path
) -> TokenisedDocuments:
    """Tokenise documents (``doc_id``, ``copy``, ``text``) into ``scratch``, mapped, not held.

    A document without text has no tokens, not even its end.
    """
    kind = token_type(tokenizer.vocabulary_size)
    made = TokenisedDocuments(np.zeros(0, kind))
    with scratch.open("wb") as stream:
        for batch in batches:
            rows = batch.to_pydict()
            _append(
                stream, made, tokenizer.encode([text or "" for text in rows["text"]]), tokenizer
            )
            made.doc_ids.extend(rows["doc_id"])
            made.copies.extend(rows["copy"])
    if sum(made.lengths):
        made.tokens = np.memmap(scratch, dtype=kind, mode="r")
    return made


def _append(
    stream: BinaryIO, made: TokenisedDocuments, encoded: Sequence[Ids], tokenizer: Tokenizer
) -> None:
    kind = made.tokens.dtype
    end = np.array([tokenizer.eos_id], kind).tobytes()
    for ids in encoded:
        stream.write(ids.astype(kind).tobytes() + end if len(ids) else b"")
        made.lengths.append(len(ids) + 1 if len(ids) else 0)


@dataclass(frozen=True)
class SequenceLayout:
    """How sequences are filled. With ``pad``, each is made ``length`` long by end tokens."""

    length: int
    method: Method
    pad: bool
    eos_id: int


def pack(
    documents: TokenisedDocuments, layout: SequenceLayout, paths: Mapping[str, Path]
) -> PackingFigures:
    """Write the sequences of the documents to the "bin", "idx" and "parquet" of ``paths``."""
    packed = METHODS[layout.method](documents.lengths, layout.length)
    rows: list[dict[str, object]] = []
    with (
        paths["bin"].open("wb") as stream,
        parquet_writer(paths["parquet"], PACKED_SEQUENCE) as parquet,
    ):
        writer = IndexedDatasetWriter(stream, documents.tokens.dtype)
        for ids, pieces in _sequences(documents, packed, layout):
            writer.add(ids)
            rows.append(_row(ids, pieces, documents))
            if len(rows) == ROW_GROUP_SEQUENCES:
                parquet.write_table(pa.Table.from_pylist(rows, PACKED_SEQUENCE))
                rows.clear()
        if rows:
            parquet.write_table(pa.Table.from_pylist(rows, PACKED_SEQUENCE))
    paths["idx"].write_bytes(writer.index())
    return measure(packed, documents.lengths, layout.length)


def _sequences(
    documents: TokenisedDocuments, packed: Packed, layout: SequenceLayout
) -> Iterator[tuple[Ids, list[Piece]]]:
    starts = documents.starts()
    for pieces in packed:
        parts = []
        for piece in pieces:
            first = int(starts[piece.document]) + piece.start
            parts.append(documents.tokens[first : first + piece.length])
        room = layout.length - sum(piece.length for piece in pieces)
        if layout.pad and room:
            parts.append(np.full(room, layout.eos_id, documents.tokens.dtype))
        yield np.concatenate(parts), pieces


def _row(ids: Ids, pieces: Sequence[Piece], documents: TokenisedDocuments) -> dict[str, object]:
    lengths = [piece.length for piece in pieces]
    return {
        "input_ids": ids.astype(np.int32),
        "length": sum(lengths),
        "doc_ids": [documents.doc_ids[piece.document] for piece in pieces],
        "copies": [documents.copies[piece.document] for piece in pieces],
        "piece_starts": [sum(lengths[:number]) for number in range(len(lengths))],
        "document_offsets": [piece.start for piece in pieces],
    }
