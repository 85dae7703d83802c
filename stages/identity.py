"""One of the documents that are the same but for case, punctuation and spacing stays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar

import pyarrow as pa

from schemas.verdict import Verdict, keep, remove
from stages.base import CorpusStage, Count, Judge, KeyRow, Keys, Reach, Row, one_by_one
from stages.copies import FLAGS, KEYS, STATE, TWIN, flag_copies, stayed
from stages.lottery import draw
from stages.reach import MAX_KEY_BYTES, reach_of_keys
from stages.standardise import digest

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


class IdentityReason(StrEnum):
    """Why a document was removed."""

    SAME_TEXT = "same_text"


def judge(row: Row) -> Verdict:
    """Remove a document for which another one stands."""
    flag = row.get("flag")
    if flag is None:
        return keep()
    twin = flag["survivor"]
    return remove(IdentityReason.SAME_TEXT, f"the same text as {twin}, which stays", {"twin": twin})


@dataclass(frozen=True)
class Identity(CorpusStage):
    """Documents of one standardised text keep one of them, chosen by lot.

    A document without words has the digest of "" and is judged like any other. Source: dots.llm1
    report, appendix C.1, identity removal ("removed randomly"). Deviations: the lot is a hash of
    ``seed`` and ``doc_id``, so that it falls the same way in every run; a document of an earlier
    batch wins over all of this one.
    """

    name: ClassVar[str] = "identity"
    version: ClassVar[int] = 3
    reads: ClassVar[tuple[str, ...]] = ("doc_id", "text")
    writes: ClassVar[Mapping[str, pa.DataType]] = TWIN
    keys: ClassVar[Mapping[str, pa.DataType]] = {**KEYS, "lot": pa.int64()}
    flags: ClassVar[Mapping[str, pa.DataType]] = FLAGS
    state_columns: ClassVar[Mapping[str, pa.DataType]] = STATE
    reach_bytes: ClassVar[int] = MAX_KEY_BYTES

    seed: Count = 1
    """Of the lot; another seed draws other survivors."""

    def open_keys(self) -> Keys:
        """The 16 bytes of each document's MD5, and its lot."""

        def compute(rows: Sequence[Row]) -> list[KeyRow]:
            return [
                {
                    "digest": digest(row["text"] or ""),
                    "lot": draw(self.seed, row["doc_id"], self.name),
                }
                for row in rows
            ]

        return compute

    def flag(self, keys: DataFrame, earlier: DataFrame | None) -> DataFrame:
        """Flag every document but its digest's survivor with that survivor's ``doc_id``."""
        from pyspark.sql import functions as sf

        return flag_copies(keys, earlier, sf.col("lot"))

    def reach(self, keys: DataFrame) -> Reach:
        """The survivors of texts that this batch has."""
        return reach_of_keys(keys, "digest", "digest")

    def state(
        self,
        keys: DataFrame,
        flags: DataFrame,
        earlier: DataFrame | None,  # noqa: ARG002 (what it had is flagged already)
    ) -> DataFrame:
        """The digests that this batch saw first, with the documents that stay for them."""
        return stayed(keys, flags)

    def open(self) -> Judge:
        """Nothing to load."""
        return one_by_one(judge)
