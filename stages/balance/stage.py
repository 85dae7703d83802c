"""Category balancing: how many copies of each document are written, by class and language."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal, Self

import pyarrow as pa
from annotated_types import Gt, Interval, Unit

from conf import locate
from models.taxonomy import Taxonomy, read_taxonomy
from schemas.verdict import Verdict, keep, quarantine, remove
from stages.balance.cells import NO_BAND, Cell, Content, Delivered, Order, QualityRule, Tokens
from stages.balance.mix import MixRules, Shortfall, solve
from stages.balance.rates import Rate, override_rates, read_rates
from stages.balance.targets import names_page_types, read_targets
from stages.base import CorpusStage, Count, Judge, KeyRow, Keys, Positive, Ratio, Row, one_by_one
from stages.lottery import draw, highest_of
from stages.recall import Bound, Recall, Threshold, as_number

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


class BalanceReason(StrEnum):
    """Why a document leaves, or could not be judged."""

    SAMPLED_OUT = "sampled_out"
    NO_QUALITY = "no_quality"


_ALONE = "the mix is that of this batch alone: what earlier ones delivered is not looked at here"


def copies(expected: float, doc_id: str, seed: int) -> int:
    """How often a document is written: the whole part of ``expected``, and one more by the draw."""
    whole = int(expected)
    return whole + (draw(seed, doc_id, "balance") <= highest_of(expected - whole))


def _digest(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=16).hexdigest()


@dataclass(frozen=True)
class Balance(CorpusStage):
    """Draw how often each document is written, so that the corpus has its mix.

    The corpus is what earlier batches have delivered, which stands, and this one. Its tokens are
    shared out among languages, targets and classes by ``stages.balance.mix``: a document's expected
    copies are the rate of its class (``rates``) times what the shares make of it, ``max_copies`` at
    most. A seeded hash of ``doc_id`` decides the fraction. A document without class, or with one
    below ``min_category_score``, counts as the taxonomy's fallback. It leaves when it gets no copy.

    Source: dots.llm1 report, section 4.1 and appendix C, category balancing, 1:1 of Chinese and
    English. The rates, caps and rules of sharing are this project's: the report gives none.
    """

    taxonomy: str = "taxonomy.toml"
    """The file of classes: the one of the category stage."""
    rates: str = "balance.toml"
    """The file of rates by class, each from 0 to ``max_copies``."""
    tokenizer: str = "embedded"
    """What counts the tokens: "embedded", or a tokenizer's path or name."""
    scope: Literal["corpus", "batch"] = "corpus"
    """What the mix is that of: "corpus", of this batch and what all before it delivered, or
    "batch", of each alone."""
    zh_per_en: Annotated[float, Interval(gt=0), Unit("Chinese tokens per English one")] = 1.0
    """The share of the languages (the paper's 1:1)."""
    max_raise: Annotated[float, Interval(ge=1), Unit("times")] = 2.0
    """How far repetition may help the scarcer language; 1 only ever thins the other."""
    max_copies: Annotated[Positive, Unit("copies")] = 4
    """Of one document, whatever a share asks for."""
    max_tokens: Annotated[Count, Unit("tokens")] = 0
    """Of the corpus as it is written, copies counted; 0: as many as the rates give."""
    targets: Mapping[str, Ratio] = field(default_factory=dict)
    """Shares of the tokens of every language, by class, group of classes, kind, "page_type:NAME",
    or a set of ``target_sets``; a document counts towards the first of these that has one."""
    target_sets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Classes, groups, kinds and page types that have one target together, by its name."""
    shortfall: Shortfall = "fill"
    """What becomes of a target that cannot have its share: the others "fill" its place, or the
    language is to "shrink" until all shares hold."""
    quality_weights: tuple[tuple[Ratio, Annotated[float, Gt(0)]], ...] = ()
    """Pairs of a quality and what documents from there on count within their class, beside others;
    what a class has in all stays."""
    order: Order = "lot"
    """Which documents of a class are written more often: by "lot", or "best_first", which drops
    the worst."""
    min_category_score: Annotated[float, Interval(ge=0, le=1)] = 0.4
    """Below it a document counts as the taxonomy's fallback: a guess should double nothing."""
    seed: Count = 1
    """Of the draw."""
    class_rates: Mapping[str, Rate] = field(default_factory=dict)
    """Rates of single classes in place of those of the file, each from 0 to ``max_copies``."""

    name: ClassVar[str] = "balance"
    version: ClassVar[int] = 4
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
        "page_type": pa.string(),
        "band": pa.int32(),
        "tokens": pa.int64(),
        "lot": pa.int64(),
    }
    flags: ClassVar[Mapping[str, pa.DataType]] = {
        "tokens": pa.int64(),
        "rate": pa.float64(),
        "expected": pa.float64(),
        "copies": pa.int32(),
    }
    state_columns: ClassVar[Mapping[str, pa.DataType] | None] = {
        "language": pa.string(),
        "category": pa.string(),
        "page_type": pa.string(),
        "copies": pa.int32(),
        "documents": pa.int64(),
        "tokens": pa.int64(),
    }
    state_settings: ClassVar[frozenset[str] | None] = frozenset({"taxonomy", "tokenizer"})

    def __post_init__(self) -> None:
        """Read what targets and quality go by; raise ValueError for what does not go together."""
        if self.quality_weights and self.order != "lot":
            raise ValueError(
                f"quality_weights and order = {self.order!r}: both say what quality does; "
                "leave one of them out"
            )
        for (one, _), (other, _) in pairwise(self.quality_weights):
            if one >= other:
                raise ValueError(f"quality_weights: {other:g} stands behind {one:g}: sort them")
        if self.scope == "batch":
            object.__setattr__(self, "state_columns", None)
        by_page_type = names_page_types(self.targets, self.target_sets)
        asked = {"quality": self.quality.is_asked, "page_type": by_page_type}
        more = tuple(name for name, is_read in asked.items() if is_read)
        object.__setattr__(self, "reads", (*type(self).reads, *more))

    @property
    def quality(self) -> QualityRule:
        """What the quality of a document does."""
        return QualityRule(self.quality_weights, self.order)

    def resources(self) -> Mapping[str, str]:
        """The taxonomy, the rates and the tokenizer."""
        from models import tokenizer

        self.rules()
        files = {f"taxonomy {self.taxonomy}": self.taxonomy, f"rates {self.rates}": self.rates}
        return {
            **{name: _digest(locate(file).read_bytes()) for name, file in files.items()},
            f"tokenizer {self.tokenizer}": tokenizer.load(self.tokenizer).digest,
        }

    def _classes(self) -> Taxonomy:
        return read_taxonomy(locate(self.taxonomy))

    def rules(self) -> MixRules:
        """What decides the mix. Raises ConfigError or ValueError for rates and targets of none."""
        classes = self._classes()
        rates = read_rates(locate(self.rates), classes, self.max_copies)
        return MixRules(
            override_rates(rates, self.class_rates, self.max_copies),
            read_targets(classes, self.targets, self.target_sets),
            self.quality,
            Fraction(str(self.zh_per_en)),
            Fraction(str(self.max_raise)),
            self.max_copies,
            self.max_tokens,
            self.shortfall,
        )

    def open_keys(self) -> Keys:
        """Count the tokens of each text, name what it is, and draw its lot."""
        from models import tokenizer

        counter = tokenizer.load(self.tokenizer)
        classes = self._classes()

        def keys(rows: Sequence[Row]) -> list[KeyRow]:
            counts = counter.count([row["text"] or "" for row in rows])
            return [
                {
                    **self._cell(row, classes).content._asdict(),
                    "band": self.quality.band(row.get("quality")),
                    "tokens": count,
                    "lot": draw(self.seed, row["doc_id"], "balance"),
                }
                for row, count in zip(rows, counts, strict=True)
            ]

        return keys

    def _cell(self, row: Row, classes: Taxonomy) -> Cell:
        content = Content(
            row["language"] or "", self._counted_as(row, classes), row.get("page_type") or ""
        )
        return Cell(content, self.quality.band(row.get("quality")))

    def _counted_as(self, row: Row, classes: Taxonomy) -> str:
        """The class whose rate a document gets."""
        score = row["category_score"]
        is_guess = score is not None and not score >= self.min_category_score
        known = row["category"] in classes.by_id and not is_guess
        return str(row["category"]) if known else classes.fallback

    def count(self, keys: DataFrame, earlier: DataFrame | None) -> tuple[Tokens, Delivered]:
        """The tokens of a batch, and of what was delivered before, where that is looked at."""
        from stages.balance import tables

        delivered = {} if earlier is None else tables.count_delivered(earlier)
        return tables.count_offered(keys), delivered

    def flag(self, keys: DataFrame, earlier: DataFrame | None) -> DataFrame:
        """The copies of every document, by exact sums of tokens."""
        from stages.balance import tables

        rules = self.rules()
        mix = solve(*self.count(keys, earlier), rules)
        return tables.draw_copies(keys, mix, rules.rates)

    def state(self, keys: DataFrame, flags: DataFrame, earlier: DataFrame | None) -> DataFrame:  # noqa: ARG002
        """What this batch delivers: documents and their tokens, by what they are and by copies."""
        from stages.balance import tables

        return tables.count_written(keys, flags)

    @classmethod
    def merge(cls, earlier: DataFrame) -> DataFrame:
        """All that is alike in one row, as of the latest batch that had some."""
        from stages.balance import tables

        return tables.merge_written(earlier)

    def open(self) -> Judge:
        """Nothing to load."""
        return one_by_one(self._judge)

    def _judge(self, row: Row) -> Verdict:
        flag = row["flag"]
        if flag is None:
            return quarantine(
                BalanceReason.NO_QUALITY,
                f"quality is {row['quality']}, no finite number: copies go by it",
            )
        return self._verdict(row, flag)

    def _verdict(self, row: Row, flag: Row) -> Verdict:
        columns = {
            "copies": flag["copies"],
            "tokens": flag["tokens"],
            "sampling_rate": flag["expected"],
        }
        if flag["copies"]:
            return keep(columns)
        rate, expected = flag["rate"], flag["expected"]
        detail = (
            f"rate {rate:g} of {row['category'] or 'no class'} x scale "
            f"{expected / rate if rate else 1:.4g} of {row['language'] or 'no language'} = "
            f"{expected:.4g} copies, drew none"
        )
        return remove(BalanceReason.SAMPLED_OUT, detail, columns)

    def recall(self, recorded: Self) -> Recall:  # noqa: ARG002 - what it counted stands by itself
        """By class, language and tokens of every document: sums first, then copies."""
        classes, solved = self._classes(), dict[Cell, Fraction]()
        rules = self.rules()

        def learn(rows: Iterable[Row]) -> None:
            totals = Counter[Cell]()
            for row in rows:
                cell = self._cell(row, classes)
                if row["tokens"] is not None and cell.band != NO_BAND:
                    totals[cell] += row["tokens"]
            solved.update(solve(totals, {}, rules).copies)

        def judge_again(row: Row) -> Verdict | None:
            cell = self._cell(row, classes)
            if row["tokens"] is None or cell.band == NO_BAND:
                return None
            expected = float(solved[cell])
            flag = {
                "rate": float(rules.rates[cell.content.category]),
                "expected": expected,
                "tokens": row["tokens"],
                "copies": copies(expected, row["doc_id"], self.seed),
            }
            return self._verdict(row, flag)

        fixed = {"taxonomy", "tokenizer", "scope"}
        settings = frozenset(one.name for one in fields(self) if one.name not in fixed)
        reads = (*(name for name in self.reads if name != "text"), "tokens")
        return Recall(settings, reads, judge_again, learn, caveat=_ALONE * (self.scope == "corpus"))

    def revise(self, key: str, value: object) -> Self:
        """The stage with another rate of a class, by rates.CLASS."""
        table, _, name = key.partition(".")
        if table != "rates" or not name:
            return super().revise(key, value)
        return replace(self, class_rates={**self.class_rates, name: as_number(value)})
