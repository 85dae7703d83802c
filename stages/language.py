"""Documents in Chinese and English that are surely so stay."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Self

import pyarrow as pa

from models.language import LanguageScore, digest, load
from models.text.languages import CURATED
from schemas.verdict import Verdict, keep, remove
from stages.base import DocumentStage, Judge, Ratio, Row
from stages.recall import Bound, Recall, Threshold


class LanguageReason(StrEnum):
    """Why a document was removed."""

    NO_TEXT = "no_text"
    OTHER_LANGUAGE = "other_language"
    LOW_CONFIDENCE = "low_confidence"


def judge(found: LanguageScore, languages: Sequence[str], min_confidence: float) -> Verdict:
    """Keep one of ``languages`` at ``min_confidence`` or more."""
    columns = {"language": found.language, "language_score": found.confidence}
    if not found.language:
        return remove(LanguageReason.NO_TEXT, "there is nothing but white space", columns)
    says = f"{found.language} at {found.confidence:.4f}"
    if found.language not in languages:
        return remove(LanguageReason.OTHER_LANGUAGE, f"{says}, not {', '.join(languages)}", columns)
    if found.confidence < min_confidence:
        return remove(LanguageReason.LOW_CONFIDENCE, f"{says} < {min_confidence}", columns)
    return keep(columns)


@dataclass(frozen=True)
class Language(DocumentStage):
    """Keep the documents in ``languages`` of which ``model`` is confident enough.

    Simplified and traditional Chinese are both "zh". Cantonese ("yue") and Wu ("wuu"), which
    lid.176 tells apart, are languages of their own: they stay if ``languages`` names them.
    Source: dots.llm1 report, appendix C.1, language identification (0.65). Deviations: those of
    :mod:`models.language`; a document of white space is removed as such.
    """

    name: ClassVar[str] = "language"
    version: ClassVar[int] = 4
    reads: ClassVar[tuple[str, ...]] = ("text",)
    writes: ClassVar[Mapping[str, pa.DataType]] = {
        "language": pa.string(),
        "language_score": pa.float64(),
    }
    thresholds: ClassVar[Mapping[str, Threshold]] = {
        "min_confidence": Threshold("language_score", Bound.AT_LEAST)
    }

    model: str = "embedded"
    """"embedded" (lid.176.ftz), or the path of any fastText model: lid.176.bin, GlotLID, NLLB."""
    languages: tuple[str, ...] = CURATED
    """Those that stay."""
    min_confidence: Ratio = 0.65
    """Of the model, in the language that it names; compared without rounding."""

    def open(self) -> Judge:
        """Load the model."""
        identifier = load(self.model)

        def judge_batch(rows: Sequence[Row]) -> list[Verdict]:
            scores = identifier.score([row["text"] or "" for row in rows])
            return [judge(score, self.languages, self.min_confidence) for score in scores]

        return judge_batch

    def recall(self, recorded: Self) -> Recall:  # noqa: ARG002 - the score stands by itself
        """By the language that was found, and its score."""

        def judge_again(row: Row) -> Verdict:
            found = LanguageScore(row["language"], row["language_score"])
            return judge(found, self.languages, self.min_confidence)

        return Recall(
            frozenset({*self.thresholds, "languages"}), ("language", "language_score"), judge_again
        )

    def kept_languages(self) -> tuple[str, ...]:
        """Those that are named."""
        return self.languages

    def resources(self) -> Mapping[str, str]:
        """The model's digest."""
        return {f"model {self.model}": digest(self.model)}
