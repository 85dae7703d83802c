"""The stage ``privacy``: personal data is masked; documents and sites full of it leave."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, ClassVar, Self

import pyarrow as pa
from annotated_types import Ge, Unit

from schemas.verdict import Verdict, keep, remove
from stages.base import CorpusStage, Judge, Keys, Positive, Row, one_by_one
from stages.privacy.addresses import top_level_domains
from stages.privacy.finding import find
from stages.privacy.kinds import PersonalData, PersonalDataKind
from stages.privacy.masking import mask
from stages.privacy.sites import dense_sites, tally_sites
from stages.recall import Bound, Recall, Threshold
from stages.skew import join_by_hot_key

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

Density = Annotated[float, Ge(0), Unit("items per 1,000 characters")]


class PrivacyReason(StrEnum):
    """Why a document was removed."""

    DENSE_DOCUMENT = "dense_in_personal_data"
    DENSE_SITE = "site_dense_in_personal_data"


def density(items: int, characters: int) -> float:
    """Items per 1,000 characters; 0 for an empty text."""
    return 1000 * items / characters if characters else 0.0


def count_kinds(items: Sequence[PersonalData]) -> dict[str, int]:
    """How many items of each kind."""
    counts = Counter(item.kind for item in items)
    return {str(kind): counts[kind] for kind in PersonalDataKind}


@dataclass(frozen=True)
class Privacy(CorpusStage):
    """Mask e-mail addresses, phone, identity and card numbers and IP addresses; drop what is dense.

    All documents of a dense site leave. The text of what leaves
    is masked too. Source: dots.llm1 report, section 4.1, which removes "websites likely to contain
    [...] significant amounts of personally identifiable information". Deviations: it gives no
    measure of significant, ours are calibrated (docs/stages/privacy.md); masking is ours. A site is
    judged by what it had so far: documents that an earlier batch kept stay when their site turns
    out dense in a later one.
    """

    name: ClassVar[str] = "privacy"
    version: ClassVar[int] = 2
    reads: ClassVar[tuple[str, ...]] = ("text", "site")
    writes: ClassVar[Mapping[str, pa.DataType]] = {
        "text": pa.string(),
        "personal": pa.struct([pa.field(str(kind), pa.int32()) for kind in PersonalDataKind]),
        "personal_per_1000": pa.float64(),
    }
    thresholds: ClassVar[Mapping[str, Threshold]] = {
        "max_items_per_1000": Threshold("personal_per_1000", Bound.AT_MOST)
    }
    keys: ClassVar[Mapping[str, pa.DataType]] = {
        "site": pa.string(),
        "items": pa.int32(),
        "characters": pa.int32(),
    }
    flags: ClassVar[Mapping[str, pa.DataType]] = {
        "documents": pa.int64(),
        "density": pa.float64(),
    }
    state_columns: ClassVar[Mapping[str, pa.DataType]] = {
        "site": pa.string(),
        "documents": pa.int64(),
        "items": pa.int64(),
        "characters": pa.int64(),
    }

    min_items: Annotated[Positive, Unit("items")] = 5
    """Items of personal data from which on a document can be dense."""
    max_items_per_1000: Density = 10.0
    """What a document may have."""
    min_site_documents: Annotated[Positive, Unit("documents")] = 20
    """Documents from which on a site can be dense."""
    max_site_items_per_1000: Density = 3.0
    """What a site may have, over all its documents."""

    def open_keys(self) -> Keys:
        """Site, number of items and of characters of each document."""

        def compute(rows: Sequence[Row]) -> list[dict[str, object]]:
            texts = [row["text"] or "" for row in rows]
            return [
                {"site": row["site"] or None, "items": len(find(text)), "characters": len(text)}
                for row, text in zip(rows, texts, strict=True)
            ]

        return compute

    def flag(self, keys: DataFrame, earlier: DataFrame | None) -> DataFrame:
        """Flag every document of a dense site with the site's documents and density."""
        dense = dense_sites(
            tally_sites(keys), earlier, self.min_site_documents, self.max_site_items_per_1000
        )
        pages = keys.select("part", "position", "site")
        flagged = join_by_hot_key(pages, dense, on="site", rows="here")
        return flagged.select("part", "position", "documents", "density")

    def state(
        self,
        keys: DataFrame,
        flags: DataFrame,  # noqa: ARG002 (a page counts, removed or not)
        earlier: DataFrame | None,  # noqa: ARG002 (counts add up when they are read)
    ) -> DataFrame:
        """Documents, items and characters of each site in this batch."""
        return tally_sites(keys)

    def open(self) -> Judge:
        """Load the list of top-level domains."""
        top_level_domains()
        return one_by_one(self._judge)

    def _judge(self, row: Row) -> Verdict:
        text = row["text"] or ""
        items = find(text)
        masked, edits = mask(text, items)
        found = density(len(items), len(text))
        columns = {
            "text": masked,
            "personal": count_kinds(items),
            "personal_per_1000": found,
        }
        if fault := self._fault(row, found, len(items)):
            return remove(*fault, columns, edits)
        return keep(columns, edits)

    def recall(self, recorded: Self) -> Recall:  # noqa: ARG002 - the counts stand by themselves
        """By a document's own items; what leaves with its site leaves all the same."""

        def judge_again(row: Row) -> Verdict:
            if row["reason"] == PrivacyReason.DENSE_SITE:
                return remove(PrivacyReason.DENSE_SITE, "its site is dense")
            items = sum(row["personal"].values())
            fault = self._fault({}, row["personal_per_1000"], items)
            return remove(*fault) if fault else keep()

        settings = frozenset({*self.thresholds, "min_items"})
        return Recall(settings, ("personal", "personal_per_1000", "reason"), judge_again)

    def _fault(self, row: Row, found: float, items: int) -> tuple[PrivacyReason, str] | None:
        if flag := row.get("flag"):
            detail = (
                f"{flag['density']:.2f} items per 1,000 characters in the {flag['documents']} "
                f"documents of {row['site']} > max_site_items_per_1000 "
                f"{self.max_site_items_per_1000:g}"
            )
            return PrivacyReason.DENSE_SITE, detail
        if items >= self.min_items and found > self.max_items_per_1000:
            detail = (
                f"{found:.2f} items per 1,000 characters, {items} in all > max_items_per_1000 "
                f"{self.max_items_per_1000:g}"
            )
            return PrivacyReason.DENSE_DOCUMENT, detail
        return None
