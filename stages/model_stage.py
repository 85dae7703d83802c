"""Stages that judge by an embedded model, by a checkpoint, or by one in front of the other."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, TypeVar

import pyarrow as pa

from models.base import Model, clear_scores
from models.cascade import NO_CASCADE, Band, Cascade, Rule, cascade_scores
from models.embedded_weights import refuse_idle
from models.transformer import LongTexts
from models.transformer.checkpoint import find_checkpoint
from schemas.verdict import NOTHING, Verdict
from stages.base import DocumentStage

EMBEDDED = "embedded"

Item = TypeVar("Item")
Score = TypeVar("Score")

Columns = Mapping[str, str]
Scorer = Callable[[Sequence[Item]], list[tuple[Score, Columns]]]
"""Items in; of each its score, and the column that says which model gave it, in a cascade."""


@dataclass(frozen=True)
class ModelStage(DocumentStage):
    """Judges by the score of a model that ``model`` names."""

    model: str = EMBEDDED
    weights: str = ""
    """A folder of `curate distil` with weights for the embedded model; "" for those that ship."""
    cascade: Cascade = NO_CASCADE
    """Which documents the embedded model leaves to a checkpoint."""

    without_checkpoint: ClassVar[tuple[str, ...]] = (EMBEDDED,)
    """The names of ``model`` that are no checkpoint."""

    @property
    @abstractmethod
    def rule(self) -> Rule:
        """What it decides by: the band of a cascade lies about that threshold."""

    @abstractmethod
    def digest_of(self, name: str) -> str:
        """The digest of the model of that name, as this stage reads it."""

    @property
    def judged_by(self) -> str:
        """The column that says which model judged a document, where there is a cascade."""
        return f"{self.name}_judged_by"

    @property
    def written(self) -> Mapping[str, pa.DataType]:
        """All columns, without ``judged_by`` where one model judges all."""
        others = {name: kind for name, kind in self.writes.items() if name != self.judged_by}
        return self.writes if self.cascade.is_on else others

    @property
    def opens_before_fork(self) -> bool:
        """The embedded model; a checkpoint may hold a GPU."""
        return self._is_embedded

    @property
    def _is_embedded(self) -> bool:
        return self.model in self.without_checkpoint

    @property
    def first_model(self) -> str:
        """The name of the model that every document is scored by."""
        return EMBEDDED if self.cascade.is_on else self.model

    @property
    def recalled(self) -> frozenset[str]:
        """The settings that what was stored can be judged by again.

        None in a cascade: with another threshold other documents would have been sent on.
        """
        return frozenset() if self.cascade.is_on else frozenset(self.thresholds)

    def resources(self) -> Mapping[str, str]:
        """The digests of the models, and the scores that are sent on."""
        refuse_idle(self.weights, is_embedded=self._is_embedded, has_cascade=self.cascade.is_on)
        found = {f"model {self.model}": self.digest_of(self.model)}
        if self.cascade.is_on:
            band = self.band()
            found[f"model {EMBEDDED}"] = self.digest_of(EMBEDDED)
            found["scores sent on"] = f"{band.low:g} to {band.high:g}"
        return found

    def band(self) -> Band:
        """The scores of the embedded model that are sent on. Raises ValueError as it does."""
        checkpoint = find_checkpoint(self.model).digest
        return self.cascade.band(self.weights, self.name, checkpoint, self.rule)

    def scorer(
        self,
        load: Callable[[str], Model[Item, Score]],
        decisive: Callable[[Score], float],
        is_close: Callable[[Score, float], bool],
    ) -> Scorer[Item, Score]:
        """What scores batches: by one model, or by the embedded one and a checkpoint behind it.

        ``decisive`` is what of a score is held against the band, ``is_close`` whether it is so near
        to a threshold that it is to be made in a batch of its own.
        """
        last = load(self.model)
        if not self.cascade.is_on:
            return lambda items: [(one, NOTHING) for one in clear_scores(last, items, is_close)]
        first, band = load(EMBEDDED), self.band()

        def score(items: Sequence[Item]) -> list[tuple[Score, Columns]]:
            found = cascade_scores(
                first, last, items, lambda one: band.sends(decisive(one)), is_close
            )
            return [(one, {self.judged_by: str(by)}) for one, by in found]

        return score


@dataclass(frozen=True)
class TextModelStage(ModelStage):
    """Judges a text as a whole, of which a checkpoint may read a part."""

    long_texts: LongTexts = "as_trained"
    """What a checkpoint reads of a text that is longer than its rows: its ``head``, ``head_tail``,
    or the ``mean`` of windows; ``as_trained`` is what its curation.json says, else ``head``."""


def with_columns(verdict: Verdict, columns: Columns) -> Verdict:
    """A verdict with more columns."""
    return replace(verdict, columns={**verdict.columns, **columns}) if columns else verdict
