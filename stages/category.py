"""What each document is about, as one of the 200 classes of the taxonomy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

import pyarrow as pa

from models.cascade import Rule
from schemas.verdict import Verdict, keep
from stages.base import Judge, Row
from stages.model_stage import EMBEDDED, TextModelStage, with_columns


@dataclass(frozen=True)
class Category(TextModelStage):
    """Write ``category`` and ``category_score``; every document is kept.

    The title counts like a line of the text. Source: dots.llm1 report, appendix C, category
    balancing: a 200-class classifier; the classes are this project's own.
    """

    model: str = EMBEDDED
    """"embedded", "lexicon", or a checkpoint whose labels are the ids of the taxonomy;
    ``FOLDER#TASK`` is one of several heads on one base."""
    taxonomy: str = "taxonomy.toml"
    """The file of exactly 200 classes; a path of your own starts with / or a dot."""

    name: ClassVar[str] = "category"
    version: ClassVar[int] = 3
    reads: ClassVar[tuple[str, ...]] = ("title", "text")
    writes: ClassVar[Mapping[str, pa.DataType]] = {
        "category": pa.string(),
        "category_score": pa.float64(),
        "category_judged_by": pa.string(),
    }
    without_checkpoint: ClassVar[tuple[str, ...]] = (EMBEDDED, "lexicon")

    def lacks(self, language: str) -> str:
        """Lexicons in the taxonomy, for the embedded model."""
        from models import category

        return category.lacks(language, self.first_model, taxonomy=self.taxonomy)

    @property
    def rule(self) -> Rule:
        """No threshold: what is sent on is what the embedded model gives its class least."""
        return Rule("threshold", 0.0, ())

    def digest_of(self, name: str) -> str:
        """The digest of the taxonomy and a model."""
        from models import category

        return category.digest(name, taxonomy=self.taxonomy, weights=self.weights)

    def open(self) -> Judge:
        """Classify a batch at once."""
        from models import category

        scored = self.scorer(
            lambda name: category.load(
                name, taxonomy=self.taxonomy, long_texts=self.long_texts, weights=self.weights
            ),
            lambda score: score.score,
            lambda _score, _tolerance: False,  # the model itself scores alone what is close
        )

        def judge(rows: Sequence[Row]) -> list[Verdict]:
            texts = [f"{row['title'] or ''}\n{row['text'] or ''}" for row in rows]
            return [
                with_columns(keep({"category": one.category, "category_score": one.score}), columns)
                for one, columns in scored(texts)
            ]

        return judge
