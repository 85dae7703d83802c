"""Score how unsafe a document is: adult content that is sold, gambling that is sold, abuse."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import ClassVar, Self

import pyarrow as pa

from models.safety import SUBJECTS, SafetyScore, digest, lacks, load
from schemas.verdict import Verdict, keep, remove
from stages.base import DocumentStage, Judge, Ratio, Row
from stages.recall import Bound, Recall, Threshold


class SafetyReason(StrEnum):
    """Why a document goes."""

    ADULT_TEXT = "adult_text"
    GAMBLING_TEXT = "gambling_text"
    OFFENSIVE_TEXT = "offensive_text"


REASONS: Mapping[str, SafetyReason] = {
    "adult": SafetyReason.ADULT_TEXT,
    "gambling": SafetyReason.GAMBLING_TEXT,
    "offence": SafetyReason.OFFENSIVE_TEXT,
}


def judge(score: SafetyScore, limits: Mapping[str, float]) -> Verdict:
    """Keep a document none of whose scores is above the limit of its subject."""
    columns = asdict(score)
    for subject, limit in limits.items():
        if columns[subject] > limit:
            detail = f"{subject} {columns[subject]:.4f} > max_{subject} {limit}"
            return remove(REASONS[subject], detail, columns)
    return keep(columns)


@dataclass(frozen=True)
class Safety(DocumentStage):
    """Scores title and text from 0 to 1, and removes a document that scores above a limit.

    The limits are 1, which removes nothing: the scores are there to rank sites by (`curate sites
    --safety`), whose worst are removed by ``url_filter``. Source: dots.llm1 report, which drops
    domains that a safety classifier flags. Deviations: the report's classifier and its
    thresholds are not public; this one tells who sells or abuses from who writes of it.
    """

    max_adult: Ratio = 1.0
    """The highest score of adult content that stays."""
    max_gambling: Ratio = 1.0
    """The highest score of gambling that stays."""
    max_offence: Ratio = 1.0
    """The highest score of offence that stays."""

    name: ClassVar[str] = "safety"
    version: ClassVar[int] = 1
    reads: ClassVar[tuple[str, ...]] = ("title", "text")
    writes: ClassVar[Mapping[str, pa.DataType]] = dict.fromkeys(SUBJECTS, pa.float64())
    thresholds: ClassVar[Mapping[str, Threshold]] = {
        "max_adult": Threshold("adult", Bound.AT_MOST),
        "max_gambling": Threshold("gambling", Bound.AT_MOST),
        "max_offence": Threshold("offence", Bound.AT_MOST),
    }

    def open(self) -> Judge:
        """Load the model and judge whole batches with it."""
        model = load()

        def judge_batch(rows: Sequence[Row]) -> list[Verdict]:
            texts = [f"{row['title'] or ''}\n{row['text'] or ''}" for row in rows]
            return [judge(score, self._limits) for score in model.score(texts)]

        return judge_batch

    @property
    def _limits(self) -> Mapping[str, float]:
        return {one.measure: getattr(self, name) for name, one in self.thresholds.items()}

    def recall(self, recorded: Self) -> Recall:  # noqa: ARG002 - the scores stand by themselves
        """By the scores."""

        def judge_again(row: Row) -> Verdict:
            return judge(SafetyScore(**{name: row[name] for name in SUBJECTS}), self._limits)

        return Recall(frozenset(self.thresholds), SUBJECTS, judge_again)

    def lacks(self, language: str) -> str:
        """What its model lacks."""
        return lacks(language)

    def resources(self) -> Mapping[str, str]:
        """The digest of the model's weights and words."""
        return {"model embedded": digest()}
