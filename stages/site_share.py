"""No site has more than its share of a language: what is beyond is thinned by lot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, ClassVar

import pyarrow as pa
from annotated_types import Interval, Unit

from schemas.verdict import Verdict, keep, remove
from stages.base import CorpusStage, Count, Judge, KeyRow, Keys, Row, one_by_one
from stages.lottery import draw, highest_of

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

_BOUNDS = "language string, site string, share double, stays double, highest long"


class SiteShareReason(StrEnum):
    """Why a document was removed."""

    OVER_SHARE = "over_share"


@dataclass(frozen=True)
class SiteShare(CorpusStage):
    """Bound the text that one site has of its language.

    A site with more than ``max_share`` of the characters that the stage is given of a language is
    thinned to that by lot: a document stays with the probability that brings the site there. Of
    what stays in all, the site then has a little more: the whole is smaller, too. Each batch is
    bounded alone, and so all of them together are. Documents without a site stay.

    The report has no such step.
    """

    max_share: Annotated[
        float, Interval(gt=0, le=1), Unit("share of a language's characters, as they come in")
    ] = 0.1
    """The most of one site."""
    seed: Count = 1
    """Of the lot."""

    name: ClassVar[str] = "site_share"
    version: ClassVar[int] = 1
    reads: ClassVar[tuple[str, ...]] = ("doc_id", "text", "language", "site")
    keys: ClassVar[Mapping[str, pa.DataType]] = {
        "language": pa.string(),
        "site": pa.string(),
        "chars": pa.int64(),
        "lot": pa.int64(),
    }
    flags: ClassVar[Mapping[str, pa.DataType]] = {"share": pa.float64(), "stays": pa.float64()}

    def open_keys(self) -> Keys:
        """Where each document is from, how long it is, and its lot."""

        def keys(rows: Sequence[Row]) -> list[KeyRow]:
            return [
                {
                    "language": row["language"] or "",
                    "site": row["site"] or "",
                    "chars": len(row["text"] or ""),
                    "lot": draw(self.seed, row["doc_id"], self.name),
                }
                for row in rows
            ]

        return keys

    def flag(self, keys: DataFrame, earlier: DataFrame | None) -> DataFrame:  # noqa: ARG002
        """Those documents of sites beyond the bound whose lot does not let them stay."""
        from pyspark.sql import functions as sf

        bounds = keys.sparkSession.createDataFrame(self._bounds(keys), _BOUNDS)
        drawn = keys.join(sf.broadcast(bounds), ["language", "site"])
        return drawn.where(sf.col("lot") > sf.col("highest")).select(
            "part", "position", "share", "stays"
        )

    def _bounds(self, keys: DataFrame) -> list[tuple[str, str, float, float, int]]:
        """Sites beyond the bound, 1 / ``max_share`` in a language at most, and what of them stays.

        Sums of whole numbers, and fractions of those: the same however the keys are cut.
        """
        from pyspark.sql import functions as sf

        sums = keys.groupBy("language", "site").agg(sf.sum("chars").alias("chars"))
        wholes = sums.groupBy("language").agg(sf.sum("chars").alias("whole"))
        beyond = sums.join(sf.broadcast(wholes), ["language"]).where(
            (sf.col("site") != "") & (sf.col("chars") > sf.col("whole") * self.max_share)
        )
        most = Fraction(str(self.max_share))
        bounds = []
        for language, site, chars, whole in sorted(beyond.collect()):
            stays = min(most * whole / chars, Fraction(1))
            bounds.append((language, site, chars / whole, float(stays), highest_of(stays)))
        return bounds

    def open(self) -> Judge:
        """Nothing to load."""
        return one_by_one(self._judge)

    def _judge(self, row: Row) -> Verdict:
        flag = row.get("flag")
        if flag is None:
            return keep()
        language = row["language"] or "no language"
        detail = (
            f"{row['site']} has {flag['share']:.2%} of the text in {language}, "
            f"more than {self.max_share:.2%}: {flag['stays']:.2%} of it stays, drawn by lot"
        )
        return remove(SiteShareReason.OVER_SHARE, detail)
