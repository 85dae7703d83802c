"""Keep the documents whose text a model finds fluent, coherent and free of repetition."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Self

import pyarrow as pa

from models.base import TitledText
from models.cascade import Rule
from models.quality import QualityScore, digest, lacks, load
from schemas.verdict import Verdict, keep, remove
from stages.base import Judge, Ratio, Row
from stages.model_stage import EMBEDDED, TextModelStage, with_columns
from stages.recall import Bound, Recall, Threshold


class QualityReason(StrEnum):
    """Why a document goes."""

    LOW_QUALITY = "low_quality"


def judge(score: QualityScore, min_quality: float) -> Verdict:
    """Keep a document that scores ``min_quality`` or more."""
    columns = {"quality": score.quality}
    if score.quality >= min_quality:
        return keep(columns)
    detail = f"quality {score.quality:.4f} < min_quality {min_quality}"
    return remove(QualityReason.LOW_QUALITY, detail, columns)


@dataclass(frozen=True)
class Quality(TextModelStage):
    """Scores a document from 0 to 1 and removes those under a threshold.

    A text without a letter or digit scores 0. Source: dots.llm1 report, appendix C.3, "Quality
    Model". Deviations: the embedded models are linear, one for each of some languages, not a
    1.5B decoder (``model`` takes one); the labels are human votes in English, corruptions of real
    text in Chinese, and in both pages that were judged by reading and texts that were written for
    it (``models/cards/quality.md``). The default of 0.2 removes 3% of the good texts and 52% of the
    bad (English, out of fold).
    """

    model: str = EMBEDDED
    """"embedded", or a sequence classifier by path or Hugging Face name, with a label ``good``,
    ``high``, ``high_quality`` or ``LABEL_1``; ``FOLDER#TASK`` is one of several heads on one base,
    which reads the title too."""
    min_quality: Ratio = 0.2
    """The lowest score that stays."""

    name: ClassVar[str] = "quality"
    version: ClassVar[int] = 3
    reads: ClassVar[tuple[str, ...]] = ("title", "text")
    writes: ClassVar[Mapping[str, pa.DataType]] = {
        "quality": pa.float64(),
        "quality_judged_by": pa.string(),
    }
    thresholds: ClassVar[Mapping[str, Threshold]] = {
        "min_quality": Threshold("quality", Bound.AT_LEAST)
    }

    def open(self) -> Judge:
        """Load the model and judge whole batches with it."""
        scored = self.scorer(
            lambda name: load(name, long_texts=self.long_texts, weights=self.weights),
            lambda score: score.quality,
            self._is_close,
        )

        def judge_batch(rows: Sequence[Row]) -> list[Verdict]:
            items = [TitledText(row.get("title") or "", row["text"] or "") for row in rows]
            return [
                with_columns(judge(score, self.min_quality), columns)
                for score, columns in scored(items)
            ]

        return judge_batch

    def recall(self, recorded: Self) -> Recall:  # noqa: ARG002 - the score stands by itself
        """By the score."""

        def judge_again(row: Row) -> Verdict:
            return judge(QualityScore(row["quality"], ""), self.min_quality)

        return Recall(self.recalled, ("quality",), judge_again)

    def _is_close(self, score: QualityScore, tolerance: float) -> bool:
        return abs(score.quality - self.min_quality) <= tolerance

    def lacks(self, language: str) -> str:
        """What its model lacks."""
        return lacks(language, self.first_model, weights=self.weights)

    @property
    def rule(self) -> Rule:
        """The quality, against ``min_quality``."""
        return Rule("min_quality", self.min_quality, ("good",))

    def digest_of(self, name: str) -> str:
        """The digest of a model's weights."""
        return digest(name, weights=self.weights)
