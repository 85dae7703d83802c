"""The rows of an exported shard."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

from schemas.described import described

CUTS = pa.list_(
    pa.field(
        "element",
        pa.struct(
            [
                described("stage", pa.string(), "which stage cut"),
                described("reason", pa.string(), "why"),
                described("lines", pa.int32(), "how many", unit="lines"),
            ]
        ),
        nullable=False,
    )
)

_FIELDS = (
    described("doc_id", pa.string(), "128 bits in hex, drawn from what names the capture"),
    described("copy", pa.int32(), "which of the copies this row is, from 0"),
    described("copies", pa.int32(), "how many rows the document has", unit="rows"),
    described("url", pa.string(), "the address that was captured", nullable=True),
    described("date", pa.timestamp("us", tz="UTC"), "when it was captured", nullable=True),
    described("title", pa.string(), "the page's title", nullable=True),
    described("text", pa.string(), "the main text, as stages left it"),
    described("language", pa.string(), "ISO 639-1", nullable=True),
    described("language_score", pa.float64(), "of that language, 0 to 1", nullable=True),
    described("site", pa.string(), "registered domain of the address", nullable=True),
    described("published", pa.string(), "the date that the page states, as it does", nullable=True),
    described("page_type", pa.string(), "what kind of page it is", nullable=True),
    described("quality", pa.float64(), "how well it is written, 0 to 1", nullable=True),
    described("category", pa.string(), "class of the taxonomy", nullable=True),
    described("category_score", pa.float64(), "of that class, 0 to 1", nullable=True),
    described(
        "tokens",
        pa.int64(),
        "under the tokenizer that balance counts by",
        unit="tokens",
        nullable=True,
    ),
    described("cuts", CUTS, "lines that stages cut out of the text"),
    described("batch", pa.string(), "the delivery that it came with", nullable=True),
    described("warc_filename", pa.string(), "the file that holds it, below the crawl's folder"),
    described(
        "warc_record_offset", pa.int64(), "where its record starts", unit="bytes", nullable=True
    ),
    described(
        "warc_record_length",
        pa.int64(),
        "how long the record is in the file; null where it cannot be read alone",
        unit="bytes",
        nullable=True,
    ),
    described("warc_record_id", pa.string(), "the archive's name of the record", nullable=True),
)

SHARD_COLUMNS: Mapping[str, pa.Field] = {field.name: field for field in _FIELDS}
"""What a shard holds of a document, where the pipeline has it.

From file, offset and length, named as in Common Crawl's index, anybody who has the crawl finds the
record again.
"""

ALWAYS = ("doc_id", "copy")
"""The columns by which a row is told from every other one."""

MADE_OF: Mapping[str, str] = {
    "copy": "",
    "copies": "",
    "cuts": "edits",
    "warc_filename": "source",
    "warc_record_offset": "offset",
    "warc_record_length": "record_length",
    "warc_record_id": "record_id",
}
"""The columns of documents that columns of other names are made of; "" for none."""
