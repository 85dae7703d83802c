"""Category balancing: how many copies of each document are written, by class and language."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, ClassVar, Self

import pyarrow as pa
from annotated_types import Interval, Unit

from conf import locate
from models.taxonomy import Taxonomy, read_taxonomy
from schemas.verdict import Verdict, keep, remove
from stages.balance.rates import Rate, Rates, Totals, language_scales, override_rates, read_rates
from stages.base import CorpusStage, Count, Judge, KeyRow, Keys, Positive, Row, one_by_one
from stages.lottery import draw, highest_of
from stages.recall import Bound, Recall, Threshold, as_number

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
    class_rates: Mapping[str, Rate] = field(default_factory=dict)
    """Rates of single classes in place of those of the file, each from 0 to ``max_copies``."""

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
    thresholds: ClassVar[Mapping[str, Threshold]] = {
        "min_category_score": Threshold("category_score", Bound.AT_LEAST)
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
        rates = read_rates(locate(self.rates), classes, self.max_copies)
        return classes, override_rates(rates, self.class_rates, self.max_copies)

    def _scales(self, totals: Totals, rates: Rates) -> Mapping[str, Fraction]:
        share, limit = Fraction(str(self.zh_per_en)), Fraction(str(self.max_raise))
        return language_scales(totals, rates, share, limit, self.max_copies)

    def flag(self, keys: DataFrame, earlier: DataFrame | None) -> DataFrame:  # noqa: ARG002
        """Rate and scale of every document, by exact sums of tokens per language and class."""
        from pyspark.sql import functions as sf

        _, rates = self._rates()
        sums = keys.groupBy("language", "category").agg(sf.sum("tokens").alias("tokens")).collect()
        totals = {(row["language"], row["category"]): row["tokens"] for row in sums}
        scales = self._scales(totals, rates)
        rows = [(n, c, float(rates[c]), float(scales.get(n, 1))) for n, c in sorted(totals)]
        schema = "language string, category string, rate double, scale double"
        table = sf.broadcast(keys.sparkSession.createDataFrame(rows, schema))
        return keys.join(table, ["language", "category"]).select(
            "part", "position", "tokens", "rate", "scale"
        )

    def open(self) -> Judge:
        """Turn rate and scale into copies."""
        return one_by_one(self._judge)

    def recall(self, recorded: Self) -> Recall:  # noqa: ARG002 - what it counted stands by itself
        """By class, language and tokens of every document: sums first, then copies."""
        classes, rates = self._rates()
        totals, scales = Counter[tuple[str, str]](), dict[str, Fraction]()

        def learn(rows: Iterable[Row]) -> None:
            for row in rows:
                totals[row["language"] or "", self._counted_as(row, classes)] += row["tokens"]
            scales.update(self._scales(totals, rates))

        def judge_again(row: Row) -> Verdict:
            flag = {
                "rate": float(rates[self._counted_as(row, classes)]),
                "scale": float(scales.get(row["language"] or "", 1)),
                "tokens": row["tokens"],
            }
            return self._judge({**row, "flag": flag})

        settings = {"rates", "class_rates", "zh_per_en", "max_raise", "max_copies", "seed"}
        reads = ("doc_id", "language", "category", "category_score", "tokens")
        return Recall(frozenset({*settings, "min_category_score"}), reads, judge_again, learn)

    def revise(self, key: str, value: object) -> Self:
        """The stage with another rate of a class, by rates.CLASS."""
        table, _, name = key.partition(".")
        if table != "rates" or not name:
            return super().revise(key, value)
        return replace(self, class_rates={**self.class_rates, name: as_number(value)})

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
