"""Keep the pages whose kind is a text-rich detail page; lists, forums, tools and players go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Self

import pyarrow as pa

from models.cascade import Rule
from models.page_type import PageTypeScore, digest, lacks, load
from models.page_type.features import PageContent
from schemas.verdict import Verdict, keep, remove
from stages.base import Judge, Ratio, Row
from stages.model_stage import EMBEDDED, TextModelStage, with_columns
from stages.recall import Bound, Recall, Threshold


class PageTypeReason(StrEnum):
    """What kind of page it was that has no place among articles."""

    LIST_PAGE = "list_page"
    FORUM_PAGE = "forum_page"
    TOOL_PAGE = "tool_page"
    AUDIO_PAGE = "audio_page"
    VIDEO_PAGE = "video_page"
    ADULT_PAGE = "adult_page"
    GAMBLING_PAGE = "gambling_page"
    UNWANTED_PAGE_TYPE = "unwanted_page_type"


REASONS: Mapping[str, PageTypeReason] = {
    "listing": PageTypeReason.LIST_PAGE,
    "forum": PageTypeReason.FORUM_PAGE,
    "tool": PageTypeReason.TOOL_PAGE,
    "audio": PageTypeReason.AUDIO_PAGE,
    "video": PageTypeReason.VIDEO_PAGE,
    "adult": PageTypeReason.ADULT_PAGE,
    "gambling": PageTypeReason.GAMBLING_PAGE,
}


def kept_chance(score: PageTypeScore, kept: Sequence[str]) -> float:
    """How probable the kept types are together."""
    return sum(score.probabilities.get(kind, 0.0) for kind in kept)


def judge(score: PageTypeScore, kept: Sequence[str], min_kept_probability: float) -> Verdict:
    """Keep a page whose kept types together are probable enough.

    Otherwise it goes for the likeliest of the types that are not kept.
    """
    chance = kept_chance(score, kept)
    columns = {
        "page_type": score.type,
        "page_type_score": score.probability,
        "kept_types_probability": chance,
    }
    if chance >= min_kept_probability:
        return keep(columns)
    others = [kind for kind in score.probabilities if kind not in kept]
    worst = min(others, key=lambda kind: (-score.probabilities[kind], kind))
    detail = (
        f"{worst} {score.probabilities[worst]:.3f}, kept types together {chance:.3f} "
        f"< min_kept_probability {min_kept_probability}"
    )
    return remove(REASONS.get(worst, PageTypeReason.UNWANTED_PAGE_TYPE), detail, columns)


@dataclass(frozen=True)
class PageType(TextModelStage):
    """Keeps detail pages by a classifier of web page types.

    Input: text, title, address and the counts of the markup; without markup (a text source) text
    and address alone are judged. A text that is empty is judged too (it is never an article).
    Source: dots.llm1 report, appendix C.3, "Web-Type Classification Model". Deviations: the
    embedded model is linear, not a 1.5B decoder (``model`` takes one); products and services are
    types of their own, kept by default because the report lowers product pages later, by balancing;
    a page goes only when its kept types together fall under ``min_kept_probability``. The default
    is the highest that spares, out of fold, 98.8% of the articles and 97.5% of all detail pages;
    65% of the others go (``models/cards/page_type.md``).
    """

    model: str = EMBEDDED
    """"embedded", or a sequence classifier by path or Hugging Face name whose labels are page
    types; ``FOLDER#TASK`` is one of several heads on one base."""
    kept: tuple[str, ...] = ("article", "documentation", "product", "service")
    """The types that stay."""
    min_kept_probability: Ratio = 0.5
    """A page goes when its kept types together are less probable."""

    name: ClassVar[str] = "page_type"
    version: ClassVar[int] = 3
    reads: ClassVar[tuple[str, ...]] = ("url", "title", "text", "markup")
    writes: ClassVar[Mapping[str, pa.DataType]] = {
        "page_type": pa.string(),
        "page_type_score": pa.float64(),
        "page_type_judged_by": pa.string(),
        "kept_types_probability": pa.float64(),
    }
    thresholds: ClassVar[Mapping[str, Threshold]] = {
        "min_kept_probability": Threshold("kept_types_probability", Bound.AT_LEAST)
    }

    def open(self) -> Judge:
        """Load the model and judge whole batches with it."""
        scored = self.scorer(
            lambda name: load(name, long_texts=self.long_texts, weights=self.weights),
            lambda score: kept_chance(score, self.kept),
            self._is_close,
        )

        def judge_batch(rows: Sequence[Row]) -> list[Verdict]:
            return [
                with_columns(judge(score, self.kept, self.min_kept_probability), columns)
                for score, columns in scored(list(map(_page, rows)))
            ]

        return judge_batch

    def recall(self, recorded: Self) -> Recall:  # noqa: ARG002 - the score stands by itself
        """By how probable the kept types are; of a page that would leave, not for which type."""

        def judge_again(row: Row) -> Verdict:
            chance = row["kept_types_probability"]
            if chance >= self.min_kept_probability:
                return keep()
            reason = REASONS.get(row["page_type"], PageTypeReason.UNWANTED_PAGE_TYPE)
            detail = (
                f"{row['page_type']}, kept types together {chance:.3f} "
                f"< min_kept_probability {self.min_kept_probability}"
            )
            return remove(reason, detail)

        reads = ("page_type", "kept_types_probability")
        return Recall(self.recalled, reads, judge_again)

    def _is_close(self, score: PageTypeScore, tolerance: float) -> bool:
        return abs(kept_chance(score, self.kept) - self.min_kept_probability) <= tolerance

    @property
    def rule(self) -> Rule:
        """The kept types together, against ``min_kept_probability``."""
        return Rule("min_kept_probability", self.min_kept_probability, self.kept)

    def lacks(self, language: str) -> str:
        """What its model lacks."""
        return lacks(language, self.first_model)

    def digest_of(self, name: str) -> str:
        """The digest of a model's weights."""
        return digest(name, self.kept, weights=self.weights)


def _page(row: Row) -> PageContent:
    text, url, title = (row[name] or "" for name in ("text", "url", "title"))
    return PageContent(text, url, title, row["markup"])
