"""One of the pages whose bodies are equal byte for byte stays, before any of them is decoded."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar

import pyarrow as pa

from schemas.verdict import Verdict, keep, remove
from stages.base import CorpusStage, Judge, KeyRow, Keys, Reach, Row, one_by_one
from stages.copies import FLAGS, KEYS, STATE, TWIN, flag_copies, stayed
from stages.reach import MAX_KEY_BYTES, reach_of_keys

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


class PayloadReason(StrEnum):
    """Why a page was removed."""

    SAME_BODY = "same_body"


def digest(row: Row) -> bytes:
    """128 bits of BLAKE2b over what extraction is given: the body, its type and charset claimed.

    Of a page that has text instead of a body, over the text.
    """
    hashed = hashlib.blake2b(digest_size=16)
    hashed.update(f"{row['content_type']};{row['http_charset']};".encode("utf-8", "surrogatepass"))
    hashed.update(row["body"] or (row["text"] or "").encode("utf-8", "surrogatepass"))
    return hashed.digest()


def judge(row: Row) -> Verdict:
    """Remove a page for which another one stands."""
    flag = row.get("flag")
    if flag is None:
        return keep()
    twin = flag["survivor"]
    return remove(
        PayloadReason.SAME_BODY, f"the same body as {twin}, which goes on", {"twin": twin}
    )


@dataclass(frozen=True)
class PayloadDedup(CorpusStage):
    """Pages of one body keep the first of them in crawl order, or the one of an earlier batch.

    The digest is computed from the body with its codings undone. That of the header
    ``WARC-Payload-Digest`` is not used: crawlers disagree on whether it is of the body before or
    after its codings are undone, some write that of a body they then cut, and nothing says which;
    the record has to be unpacked to find where the next one starts anyway.

    The report has no such step: what goes here, identity removal would remove after extraction.
    """

    name: ClassVar[str] = "payload_dedup"
    version: ClassVar[int] = 2
    reads: ClassVar[tuple[str, ...]] = ("body", "text", "content_type", "http_charset")
    writes: ClassVar[Mapping[str, pa.DataType]] = TWIN
    keys: ClassVar[Mapping[str, pa.DataType]] = KEYS
    flags: ClassVar[Mapping[str, pa.DataType]] = FLAGS
    state_columns: ClassVar[Mapping[str, pa.DataType]] = STATE
    reach_bytes: ClassVar[int] = MAX_KEY_BYTES

    def open_keys(self) -> Keys:
        """The 16 bytes of each page's digest."""

        def compute(rows: Sequence[Row]) -> list[KeyRow]:
            return [{"digest": digest(row)} for row in rows]

        return compute

    def flag(self, keys: DataFrame, earlier: DataFrame | None) -> DataFrame:
        """Flag every page but its digest's first with that one's ``doc_id``."""
        from pyspark.sql import functions as sf

        return flag_copies(keys, earlier, lot=sf.lit(0).cast("long"))

    def reach(self, keys: DataFrame) -> Reach:
        """The survivors of bodies that this batch has."""
        return reach_of_keys(keys, "digest", "digest")

    def state(
        self,
        keys: DataFrame,
        flags: DataFrame,
        earlier: DataFrame | None,  # noqa: ARG002 (what it had is flagged already)
    ) -> DataFrame:
        """The digests that this batch saw first, with the pages that stay for them."""
        return stayed(keys, flags)

    def open(self) -> Judge:
        """Nothing to load."""
        return one_by_one(judge)
