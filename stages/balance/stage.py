"""Category balancing: how many copies of each document are written, by class and language."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, ClassVar

import pyarrow as pa
from annotated_types import Interval, Unit

from conf import locate
from models.taxonomy import Taxonomy, read_taxonomy
from schemas.verdict import Verdict, keep, remove
from stages.balance.rates import Rates, language_scales, read_rates
from stages.base import CorpusStage, Count, Judge, KeyRow, Keys, Positive, Row, one_by_one
from stages.limits import Bound, Limit
from stages.lottery import draw, highest_of

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


class BalanceReason(StrEnum):
    """Why a document leaves."""

    SAMPLED_OUT = "sampled_out"


def copies(expected: float, doc_id: str, seed: int) -> int:
    """How often a document is written: the whole part of ``expected``, and one more by the draw."""
    whole = int(expected)
    return whole + (draw(seed, doc_id, "balance") <= highest_of(expected - whole))


@dataclass(frozen=True)
class Balance(CorpusStage):
    """Write knowledge more often and formulaic text less, then even Chinese and English out.

    A document's expected copies are the rate of its class (``rates``) times the scale of its
    language, ``max_copies`` at most. The scale makes ``zh_per_en`` Chinese tokens per English one:
    the scarcer language is raised, ``max_raise`` times at most, and the other lowered to it; alone
    in the corpus, a language is not scaled. A seeded hash of ``doc_id`` decides the fraction. A
    document without class, or with one below ``min_category_score``, counts as the taxonomy's
    fallback. It leaves when it gets no copy.

    Source: dots.llm1 report, section 4.1 and appendix C, category balancing, 1:1 of Chinese and
    English. The rates, the cap and the rule of the scale are this project's: the report gives none.
    """

    taxonomy: str = "taxonomy.toml"
    """The file of classes: the one of the category stage."""
    rates: str = "balance.toml"
    """The file of rates by class, each from 0 to ``max_copies``."""
    tokenizer: str = "embedded"
    """What counts the tokens: "embedded", or a tokenizer's path or name."""
    zh_per_en: Annotated[float, Interval(gt=0), Unit("Chinese tokens per English one")] = 1.0
    """The share of the languages (the paper's 1:1)."""
    max_raise: Annotated[float, Interval(ge=1), Unit("times")] = 2.0
    """How far repetition may help the scarcer language; 1 only ever thins the other."""
    max_copies: Annotated[Positive, Unit("copies")] = 4
    """Of one document."""
    min_category_score: Annotated[float, Interval(ge=0, le=1)] = 0.4
    """Below it a document counts as the taxonomy's fallback: a guess should double nothing."""
    seed: Count = 1
    """Of the draw."""

    name: ClassVar[str] = "balance"
    version: ClassVar[int] = 3
    reads: ClassVar[tuple[str, ...]] = (
        "doc_id",
        "text",
        "language",
        "category",
        "category_score",
    )
    writes: ClassVar[Mapping[str, pa.DataType]] = {
        "copies": pa.int32(),
        "tokens": pa.int64(),
        "sampling_rate": pa.float64(),
    }
    keys: ClassVar[Mapping[str, pa.DataType]] = {
        "language": pa.string(),
        "category": pa.string(),
        "tokens": pa.int64(),
    }
    flags: ClassVar[Mapping[str, pa.DataType]] = {
        "tokens": pa.int64(),
        "rate": pa.float64(),
        "scale": pa.float64(),
    }

    def resources(self) -> Mapping[str, str]:
        """The taxonomy, the rates and the tokenizer."""
        from models import tokenizer

        self._rates()
        files = {name: locate(name).read_bytes() for name in (self.taxonomy, self.rates)}
        return {
            **{n: hashlib.blake2b(c, digest_size=16).hexdigest() for n, c in files.items()},
            f"tokenizer {self.tokenizer}": tokenizer.load(self.tokenizer).digest,
        }

    def limits(self) -> Sequence[Limit]:
        """From which score on a class counts; a document below it counts as the fallback."""
        score, least = "category_score", self.min_category_score
        return [Limit(self.name, score, Bound.AT_LEAST, "min_category_score", least)]

    def open_keys(self) -> Keys:
        """Count the tokens of each text and name its class and language."""
        from models import tokenizer

        counter = tokenizer.load(self.tokenizer)
        classes, _ = self._rates()

        def keys(rows: Sequence[Row]) -> list[KeyRow]:
            counts = counter.count([row["text"] or "" for row in rows])
            return [
                {
                    "language": row["language"] or "",
                    "category": self._counted_as(row, classes),
                    "tokens": count,
                }
                for row, count in zip(rows, counts, strict=True)
            ]

        return keys

    def _counted_as(self, row: Row, classes: Taxonomy) -> str:
        """The class whose rate a document gets."""
        score = row["category_score"]
        is_guess = score is not None and score < self.min_category_score
        known = row["category"] in classes.by_id and not is_guess
        return str(row["category"]) if known else classes.fallback

    def _rates(self) -> tuple[Taxonomy, Rates]:
        classes = read_taxonomy(locate(self.taxonomy))
        return classes, read_rates(locate(self.rates), classes, self.max_copies)

    def flag(self, keys: DataFrame, earlier: DataFrame | None) -> DataFrame:  # noqa: ARG002
        """Rate and scale of every document, by exact sums of tokens per language and class."""
        from pyspark.sql import functions as sf

        _, rates = self._rates()
        sums = keys.groupBy("language", "category").agg(sf.sum("tokens").alias("tokens")).collect()
        totals = {(row["language"], row["category"]): row["tokens"] for row in sums}
        share, limit = Fraction(str(self.zh_per_en)), Fraction(str(self.max_raise))
        scales = language_scales(totals, rates, share, limit, self.max_copies)
        rows = [(n, c, float(rates[c]), float(scales.get(n, 1))) for n, c in sorted(totals)]
        schema = "language string, category string, rate double, scale double"
        table = sf.broadcast(keys.sparkSession.createDataFrame(rows, schema))
        return keys.join(table, ["language", "category"]).select(
            "part", "position", "tokens", "rate", "scale"
        )

    def open(self) -> Judge:
        """Turn rate and scale into copies."""
        return one_by_one(self._judge)

    def _judge(self, row: Row) -> Verdict:
        rate, scale = row["flag"]["rate"], row["flag"]["scale"]
        expected = min(rate * scale, float(self.max_copies))
        count = copies(expected, row["doc_id"], self.seed)
        columns = {
            "copies": count,
            "tokens": row["flag"]["tokens"],
            "sampling_rate": expected,
        }
        if count:
            return keep(columns)
        detail = (
            f"rate {rate:g} of {row['category'] or 'no class'} x scale {scale:.4g} of "
            f"{row['language'] or 'no language'} = {expected:.4g} copies, drew none"
        )
        return remove(BalanceReason.SAMPLED_OUT, detail, columns)
