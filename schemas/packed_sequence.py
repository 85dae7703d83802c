"""A packed sequence of tokens, as its Parquet file holds it."""

from __future__ import annotations

import pyarrow as pa

from schemas.described import described

PACKED_SEQUENCE = pa.schema(
    [
        described(
            "input_ids", pa.list_(pa.int32()), "token ids of the sequence, padding behind them"
        ),
        described("length", pa.int32(), "how many of the ids are no padding", unit="tokens"),
        described(
            "cu_seqlens",
            pa.list_(pa.int32()),
            "where each stretch that attends to itself alone begins, and behind the last one the "
            "end of the sequence; padding is a stretch of its own",
            unit="tokens",
        ),
        described("doc_ids", pa.list_(pa.string()), "the document of each piece"),
        described("copies", pa.list_(pa.int32()), "which copy of the document each piece is of"),
        described("piece_starts", pa.list_(pa.int32()), "where each piece begins", unit="tokens"),
        described(
            "piece_lengths",
            pa.list_(pa.int32()),
            "how many tokens of its document each piece has",
            unit="tokens",
        ),
        described(
            "document_offsets",
            pa.list_(pa.int64()),
            "at which token of its document each piece begins",
            unit="tokens",
        ),
    ]
)
"""A packed sequence. A piece is a stretch of one document, its end token being its last."""
