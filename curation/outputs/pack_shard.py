"""One shard of documents to one file of packed sequences, in bounded memory.

Tokens go to a scratch file as they come; what is held of the shard is its lengths and ids.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, islice
from pathlib import Path
from typing import BinaryIO

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from curation.outputs.knots import Copy, Knots
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
    copies: list[Copy] = field(default_factory=list)

    def starts(self) -> npt.NDArray[np.int64]:
        """Where each document begins in ``tokens``."""
        return np.concatenate([[0], np.cumsum(self.lengths, dtype=np.int64)])


def tokenise(
    batches: Iterable[pa.RecordBatch], tokenizer: Tokenizer, scratch: BinaryIO
) -> TokenisedDocuments:
    """Tokenise documents (``doc_id``, ``copy``, ``text``) into an empty file, mapped, not held.

    A document without text has no tokens, not even its end.
    """
    kind = stored_type(tokenizer)
    made = TokenisedDocuments(np.zeros(0, kind))
    for batch in batches:
        rows = batch.to_pydict()
        _append(scratch, made, tokenizer.encode([text or "" for text in rows["text"]]), tokenizer)
        made.copies.extend(map(Copy, rows["doc_id"], rows["copy"]))
    scratch.flush()
    if sum(made.lengths):
        made.tokens = np.memmap(scratch, dtype=kind, mode="r")
    return made


def stored_type(tokenizer: Tokenizer) -> np.dtype[np.generic]:
    """The type of ids in a ``.bin``, in which padding has one too."""
    return token_type(max(tokenizer.vocabulary_size, tokenizer.pad_id + 1))


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
    """How sequences are filled. With ``pad``, each is made ``length`` long by ``pad_id``."""

    length: int
    method: Method
    pad: bool
    pad_id: int
    knots: Knots | None = None


def pack(
    documents: TokenisedDocuments,
    layout: SequenceLayout,
    paths: Mapping[str, Path],
    metadata: Mapping[str, str],
) -> PackingFigures:
    """Write the sequences of the documents to the "bin", "idx" and "parquet" of ``paths``.

    ``metadata`` stands in the Parquet file, for those who read it alone.
    """
    plain, knotted = plan(documents, layout)
    filled = _filled(documents, plain, layout, attends=False)
    filled_knots = _filled(documents, knotted, layout, attends=True)
    schema = PACKED_SEQUENCE.with_metadata(metadata)
    with (
        paths["bin"].open("wb") as stream,
        parquet_writer(paths["parquet"], schema) as parquet,
    ):
        writer = IndexedDatasetWriter(stream, documents.tokens.dtype)
        for sequences in (filled, filled_knots):
            while group := list(islice(sequences, ROW_GROUP_SEQUENCES)):
                for sequence in group:
                    writer.add(sequence.ids)
                parquet.write_table(_table(group, documents.copies).cast(schema))
    paths["idx"].write_bytes(writer.index())
    return measure([*plain, *knotted], documents.lengths, layout.length)


def plan(documents: TokenisedDocuments, layout: SequenceLayout) -> tuple[Packed, Packed]:
    """What each sequence holds: those of documents as they are, then those of knotted ones."""
    method, lengths, copies = METHODS[layout.method], documents.lengths, documents.copies
    if layout.knots is None:
        return method(lengths, layout.length), []
    chosen = layout.knots.chosen(copies, lengths, layout.length)
    knotted = layout.knots.pack(chosen, copies, lengths, layout.length)
    left = list(lengths)
    for number in chosen:
        left[number] = 0
    return method(left, layout.length), knotted


@dataclass(frozen=True, slots=True)
class _Sequence:
    """A sequence as it is written; ``length`` counts its ids without padding."""

    ids: Ids
    length: int
    pieces: Sequence[Piece]
    cu_seqlens: Sequence[int]


def _filled(
    documents: TokenisedDocuments, packed: Packed, layout: SequenceLayout, *, attends: bool
) -> Iterator[_Sequence]:
    """The sequences with their tokens. ``attends``: as one stretch, from piece to piece."""
    starts, kind = documents.starts(), documents.tokens.dtype
    for pieces in packed:
        parts: list[Ids] = []
        for piece in pieces:
            first = int(starts[piece.document]) + piece.start
            tokens = documents.tokens[first : first + piece.length]
            around = (np.array(piece.before, kind), tokens, np.array(piece.after, kind))
            parts += around if piece.size > piece.length else (tokens,)
        ends = list(accumulate(piece.size for piece in pieces))
        length = ends[-1]
        stretches = [0, length] if attends else [0, *ends]
        if layout.pad and length < layout.length:
            parts.append(np.full(layout.length - length, layout.pad_id, kind))
            stretches.append(layout.length)
        yield _Sequence(np.concatenate(parts), length, pieces, stretches)


def _table(sequences: Sequence[_Sequence], copies: Sequence[Copy]) -> pa.Table:
    pieces = [piece for sequence in sequences for piece in sequence.pieces]
    held = [copies[piece.document] for piece in pieces]
    counts = [len(sequence.pieces) for sequence in sequences]
    starts = [
        start + len(piece.before)
        for sequence in sequences
        for start, piece in zip(
            accumulate((piece.size for piece in sequence.pieces), initial=0),
            sequence.pieces,
            strict=False,  # the last sum is the end
        )
    ]
    ids = [sequence.ids for sequence in sequences]
    stretches = [sequence.cu_seqlens for sequence in sequences]
    columns = {
        "input_ids": _lists(map(len, ids), np.concatenate(ids).astype(np.int32), pa.int32()),
        "length": pa.array([sequence.length for sequence in sequences], pa.int32()),
        "cu_seqlens": _lists(
            map(len, stretches), [end for each in stretches for end in each], pa.int32()
        ),
        "doc_ids": _lists(counts, [one.doc_id for one in held], pa.string()),
        "copies": _lists(counts, [one.copy for one in held], pa.int32()),
        "piece_starts": _lists(counts, starts, pa.int32()),
        "piece_lengths": _lists(counts, [piece.length for piece in pieces], pa.int32()),
        "document_offsets": _lists(counts, [piece.start for piece in pieces], pa.int64()),
    }
    return pa.table(columns)


def _lists(counts: Iterable[int], values: object, kind: pa.DataType) -> pa.ListArray:
    """One list after the other, of so many of the values each."""
    offsets = pa.array([0, *accumulate(counts)], pa.int32())
    return pa.ListArray.from_arrays(offsets, pa.array(values, kind, safe=True))
